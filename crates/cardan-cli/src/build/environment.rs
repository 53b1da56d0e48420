//! The isolated environment of a build: a virtual environment whose Python answers as the one that is called cardan.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};

use crate::compiler::toolchain::{self, Toolchain};
use crate::error::{Context, Error, Result};
use crate::kit::Kit;
use crate::platform;
use crate::process::{self, End};
use crate::pythons::python::Python;

const HOOK: &str = include_str!("python/cardan_build.py");
const BACKEND: &str = include_str!("python/backend.py");

/// A build may take as long as it takes: the limit only ends one that hangs.
pub const LIMIT: Duration = Duration::from_secs(24 * 3600);

/// Variables that would lead the build back to another Python or another tool chain.
const REMOVED: [&str; 8] = [
    "PYTHONHOME",
    "PYTHONPATH",
    "_PYTHON_SYSCONFIGDATA_NAME",
    "LDSHARED",
    "LDCXXSHARED",
    "CPP",
    "PYTHONSTARTUP",
    "VIRTUAL_ENV",
];

/// The isolated environment of one build.
pub struct Environment {
    folder: PathBuf,
    base_python: PathBuf,
    python: PathBuf,
    path: OsString,
}

/// What a program of the build wrote, and how it ended.
pub struct Output {
    /// How it ended.
    pub end: End,
    /// Both its streams, in order.
    pub text: String,
}

impl Environment {
    /// Makes the environment in `folder` (an empty folder of the build).
    ///
    /// # Errors
    /// `venv` fails, or there is no compiler.
    pub fn create(folder: &Path, python: &Python, kit: &Kit, keep_symbols: bool) -> Result<Self> {
        let folder = folder.canonicalize().context(|| format!("cannot use {}", folder.display()))?;
        let venv = folder.join("environment");
        let mut command = Command::new(&python.executable);
        command.args(["-I", "-m", "venv", "--without-pip"]).arg(&venv);
        let output = run(command)?;
        if !output.end.is_success() {
            return Err(Error::new(format!(
                "{} cannot make a virtual environment{}",
                python.name,
                output.unusual_end()
            ))
            .details(output.text)
            .help("install its venv module, or choose another Python with --python"));
        }
        let executables = venv.join(platform::COMMANDS);
        let links = folder.join("compilers");
        let path = std::env::var_os("PATH").unwrap_or_default();
        let environment = Self {
            python: executables.join(platform::PYTHON),
            base_python: python.executable.clone(),
            path: joined(&[&links, &executables], &path)?,
            folder,
        };
        environment.write_toolchain(python, kit, keep_symbols, &links, &path)?;
        environment.write_hook()?;
        Ok(environment)
    }

    /// The folder of the build; `failures` below it has what the compiler wrapper recorded.
    pub fn failures(&self) -> PathBuf {
        self.folder.join("failures")
    }

    fn write_toolchain(
        &self,
        python: &Python,
        kit: &Kit,
        keep_symbols: bool,
        links: &Path,
        path: &OsStr,
    ) -> Result<()> {
        make(&self.temporary())?;
        let toolchain = Toolchain::install(&self.folder, links, kit, path, keep_symbols)?;
        let announced = self.write_announced_headers(python, kit)?;
        // What is below the system's own prefixes is the system's, not that Python's.
        let prefixes = [&python.facts.prefix, &python.facts.base_prefix].into_iter().cloned();
        let toolchain = Toolchain {
            sysconfig: sysconfig(&announced, links, toolchain.compilers.contains_key("c++")),
            announced_include: announced,
            python_prefixes: prefixes.filter(|prefix| !prefix.starts_with("/usr")).collect(),
            ..toolchain
        };
        toolchain.write(&self.toolchain_file())
    }

    /// The folder for the back end's temporary files: what it leaves goes with the build's own folder.
    fn temporary(&self) -> PathBuf {
        self.folder.join("temporary")
    }

    /// Writes the header folder that sysconfig names. CMake refuses one whose version is not the interpreter's, so it
    /// says that version and leads to our headers; the compiler wrapper goes to those directly.
    fn write_announced_headers(&self, python: &Python, kit: &Kit) -> Result<PathBuf> {
        let folder = self.folder.join("include");
        make(&folder)?;
        for name in ["Python.h", "pyconfig.h"] {
            write(&folder.join(name), &format!("#include \"{}\"\n", kit.include.join(name).display()))?;
        }
        let version = format!("#define PY_VERSION \"{}\"\n", python.facts.version.release());
        write(&folder.join("patchlevel.h"), &version)?;
        Ok(folder)
    }

    fn toolchain_file(&self) -> PathBuf {
        self.folder.join("toolchain.json")
    }

    fn write_hook(&self) -> Result<()> {
        let script = "import sysconfig; print(sysconfig.get_path('purelib'))";
        let mut command = Command::new(&self.python);
        command.args(["-I", "-c", script]);
        let output = run(command)?;
        let packages = Path::new(output.text.trim());
        if !output.end.is_success() || !packages.is_dir() {
            return Err(Error::new("the build's Python does not say where packages go").details(output.text));
        }
        write(&packages.join("cardan_build.py"), HOOK)?;
        write(&packages.join("cardan_build.pth"), "import cardan_build\n")?;
        write(&self.folder.join("backend.py"), BACKEND)
    }

    /// Installs requirements with the user's pip and its configuration.
    ///
    /// # Errors
    /// pip fails: its own words are in the error.
    pub fn install(&self, project: &str, requirements: &[String]) -> Result<()> {
        if requirements.is_empty() {
            return Ok(());
        }
        // Without the tool chain: a requirement that has to be built is for this machine's Python.
        let mut command = Command::new(&self.base_python);
        command.args(["-I", "-m", "pip", "--python"]).arg(&self.python);
        command.args([
            "install",
            "--no-input",
            "--disable-pip-version-check",
            "--no-warn-script-location",
            "--progress-bar=off",
        ]);
        command.arg("--").args(requirements).env("PIP_REQUIRE_VIRTUALENV", "0");
        let output = run(command)?;
        if output.end.is_success() {
            return Ok(());
        }
        let said: Vec<&str> = output.text.lines().filter(|line| is_of_interest(line)).collect();
        let words = if said.is_empty() { tail(&output.text, 20) } else { said.join("\n") };
        let help = "the build needs its requirements from a package index: check the network and pip's configuration";
        Err(Error::new(format!(
            "cannot install what the build of {project} requires: {}{}",
            requirements.join(", "),
            output.unusual_end()
        ))
        .details(words)
        .help(output.end.help().unwrap_or(help)))
    }

    /// Calls a hook of the build back end in the folder `root`. `default` is the result where there is no such hook.
    pub fn call(&self, root: &Path, call: &Call) -> Result<(Output, Option<Value>)> {
        let (call_file, result_file) = (self.folder.join("call.json"), self.folder.join("result.json"));
        write(&call_file, &call.json().to_string())?;
        // A result of an earlier call must not be taken for this one's.
        drop(std::fs::remove_file(&result_file));
        let mut command = Command::new(&self.python);
        command.arg(self.folder.join("backend.py")).args([&call_file, &result_file]).current_dir(root);
        for variable in REMOVED {
            command.env_remove(variable);
        }
        command.env("PATH", &self.path).env(toolchain::VARIABLE, self.toolchain_file());
        command.env("PYTHONNOUSERSITE", "1").env("PYTHONDONTWRITEBYTECODE", "1");
        command.env("TMPDIR", self.temporary());
        command.env("VIRTUAL_ENV", self.folder.join("environment"));
        command.env("CC", self.folder.join("compilers").join("cc"));
        if self.folder.join("compilers").join("c++").exists() {
            command.env("CXX", self.folder.join("compilers").join("c++"));
        }
        // The compiler's words are read, and shown, in one language.
        command.env("LC_ALL", "C.UTF-8").env_remove("LANGUAGE");
        let output = run(command)?;
        let result = std::fs::read(&result_file).ok().and_then(|text| serde_json::from_slice(&text).ok());
        Ok((output, result))
    }
}

/// A call of a hook.
pub struct Call<'a> {
    /// The back end, `module` or `module:object`.
    pub backend: &'a str,
    /// Folders of the source tree that come first on its path.
    pub backend_path: &'a [String],
    /// The hook's name.
    pub hook: &'a str,
    /// Its arguments.
    pub arguments: Value,
    /// The result where the back end has no such hook; none makes that an error.
    pub default: Option<Value>,
}

impl Call<'_> {
    fn json(&self) -> Value {
        let mut call = json!({
            "backend": self.backend,
            "backend_path": self.backend_path,
            "hook": self.hook,
            "arguments": self.arguments,
        });
        if let Some(default) = &self.default {
            call["default"] = default.clone();
        }
        call
    }
}

/// What `sysconfig` answers: an interpreter without a library, whose extension modules have the bare suffix.
fn sysconfig(include: &Path, links: &Path, has_cxx: bool) -> BTreeMap<String, Value> {
    let compiler = |name: &str| links.join(name).display().to_string();
    let (cc, cxx) = (compiler("cc"), compiler(if has_cxx { "c++" } else { "cc" }));
    let optimisation = "-DNDEBUG -O3 -Wall";
    let cflags = format!("{optimisation} -fwrapv -fno-strict-overflow");
    let include = include.display().to_string();
    [
        ("EXT_SUFFIX", json!(".so")),
        ("SO", json!(".so")),
        ("SHLIB_SUFFIX", json!(".so")),
        ("SOABI", json!("")),
        ("CC", json!(cc)),
        ("CXX", json!(cxx)),
        ("CPP", json!(format!("{cc} -E"))),
        ("LDSHARED", json!(format!("{cc} -shared"))),
        ("BLDSHARED", json!(format!("{cc} -shared"))),
        ("LDCXXSHARED", json!(format!("{cxx} -shared"))),
        ("LINKCC", json!(cc)),
        ("AR", json!("ar")),
        ("ARFLAGS", json!("rcs")),
        ("CFLAGS", json!(cflags)),
        ("PY_CFLAGS", json!(cflags)),
        ("OPT", json!(optimisation)),
        ("BASECFLAGS", json!("")),
        ("CCSHARED", json!("-fPIC")),
        ("LDFLAGS", json!("")),
        ("PY_LDFLAGS", json!("")),
        ("CPPFLAGS", json!("")),
        ("INCLUDEPY", json!(include)),
        ("CONFINCLUDEPY", json!(include)),
        ("INCLUDEDIR", json!(include)),
        ("LIBPYTHON", json!("")),
        ("LIBRARY", json!("")),
        ("LDLIBRARY", json!("")),
        ("INSTSONAME", json!("")),
        ("LIBPC", json!("")),
        ("BLDLIBRARY", json!("")),
        ("LIBS", json!("")),
        ("SYSLIBS", json!("")),
        ("Py_ENABLE_SHARED", json!(0)),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_string(), value))
    .collect()
}

/// Runs a program of the build to its end.
fn run(command: Command) -> Result<Output> {
    let program = command.get_program().to_owned();
    let output = process::capture_merged(command, LIMIT).context(|| format!("cannot run {}", program.display()))?;
    if output.end == End::Interrupted {
        return Err(Error::new("interrupted"));
    }
    Ok(Output { end: output.end, text: output.stdout })
}

impl Output {
    /// How the program ended, for the end of an error; empty where it said itself that something is wrong.
    fn unusual_end(&self) -> String {
        match self.end {
            End::Exited(_) => String::new(),
            end => format!(": the program {}", end.in_words(LIMIT)),
        }
    }
}

/// The last lines of a text.
pub fn tail(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.trim_end().lines().collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

/// Whether pip says here what went wrong.
fn is_of_interest(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("ERROR") || line.starts_with("WARNING: Retrying") || line.starts_with("error:")
}

fn joined(first: &[&Path], rest: &OsStr) -> Result<OsString> {
    let all = first.iter().map(|folder| folder.to_path_buf()).chain(std::env::split_paths(rest));
    std::env::join_paths(all).context(|| "cannot put the build's folders on PATH".into())
}

fn make(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).context(|| format!("cannot make {}", folder.display()))
}

fn write(path: &Path, text: &str) -> Result<()> {
    std::fs::write(path, text).context(|| format!("cannot write {}", path.display()))
}
