//! Links of shared objects: the import library goes in, everything but the entry points is hidden, and the result is
//! looked at.

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::ExitCode;

use cardan_import_library::{SharedObject, entry};

use super::arguments::{self, Argument};
use super::compile::{self, NOT_IN_THE_API, is_api_name};
use super::inputs::Inputs;
use super::toolchain::Failure;
use super::{Compiler, Outcome, Place};
use crate::error::{Context, Error, Result};
use crate::output;
use crate::text::{decode, encode};

/// Links a shared object.
pub fn run(compiler: &Compiler, arguments: Vec<Argument>) -> Result<ExitCode> {
    let toolchain = compiler.toolchain;
    let folder = tempfile::tempdir_in(&toolchain.scratch).context(|| "cannot write beside the build".into())?;
    let place = Place::of(&arguments);
    place.forget(&toolchain.failures);
    let (arguments, failed) = compile_sources(compiler, arguments, folder.path(), &place)?;
    if let Some(outcome) = failed {
        return Ok(outcome.code);
    }
    let (arguments, inputs) = Inputs::read(arguments, folder.path())?;
    let mut words = arguments::join(&filtered(compiler, arguments.clone()));
    if inputs.entries.is_empty() && inputs.users.is_empty() {
        // A shared library that has nothing to do with Python.
        return compiler.call(&words).map(|outcome| outcome.code);
    }
    let is_module = !inputs.entries.is_empty();
    words.extend(universal(compiler, &arguments, &inputs, folder.path())?);
    let outcome = compiler.call(&words)?;
    let output = arguments.iter().find_map(|argument| match argument {
        Argument::Output(path) => Some(path.clone()),
        _ => None,
    });
    let output = output.unwrap_or_else(|| "a.out".into());
    let missing = if outcome.success {
        let data = std::fs::read(&output).context(|| format!("cannot read {}", output.display()))?;
        let undefined = SharedObject::read(&output.display().to_string(), &data)?.undefined;
        undefined.into_iter().map(|symbol| symbol.name).filter(|name| is_api_name(name)).collect()
    } else {
        undefined_in(&outcome.errors)
    };
    if missing.is_empty() {
        if !outcome.success {
            let (subject, help) = (output.display().to_string(), outcome.end.help().map(str::to_owned));
            let failure = Failure { subject, output: outcome.errors, help, is_module, ..Failure::default() };
            place.record(&failure, &toolchain.failures)?;
        }
        return Ok(outcome.code);
    }
    if outcome.success {
        std::fs::remove_file(&output).context(|| format!("cannot remove {}", output.display()))?;
    }
    let error = refusal(&output, &missing, &inputs);
    output::tell(Error::new(error.clone()).help(NOT_IN_THE_API));
    let help = Some(format!("{}: {NOT_IN_THE_API}", missing.join(", ")));
    let subject = output.display().to_string();
    let failure = Failure { subject, output: error, refused: true, help, is_module, ..Failure::default() };
    place.record(&failure, &toolchain.failures)?;
    Ok(ExitCode::FAILURE)
}

/// Which names are missing from a module, and which object wants each.
fn refusal(output: &Path, missing: &[String], inputs: &Inputs) -> String {
    let wanted = missing.iter().map(|name| {
        let objects: Vec<&str> =
            inputs.users.iter().filter(|(_, names)| names.contains(name)).map(|(object, _)| object.as_str()).collect();
        if objects.is_empty() { name.clone() } else { format!("{name} (in {})", objects.join(", ")) }
    });
    let name = output.file_name().unwrap_or(output.as_os_str()).display();
    let count = match missing.len() {
        1 => "a name".to_string(),
        count => format!("{count} names"),
    };
    format!("{name} needs {count} of the C API that Cardan does not have: {}", wanted.collect::<Vec<_>>().join(", "))
}

/// The C-API names in a linker's complaints about undefined symbols.
fn undefined_in(errors: &str) -> Vec<String> {
    let after = |line: &str| {
        let (_, rest) = line.split_once("undefined reference to ").or_else(|| line.split_once("undefined symbol: "))?;
        let name = rest.trim_matches(['`', '\'', '\u{2018}', '\u{2019}', ' ']);
        is_api_name(name).then(|| name.to_string())
    };
    let mut names: Vec<String> = errors.lines().filter_map(after).collect();
    names.sort();
    names.dedup();
    names
}

/// Compiles the sources that a link names, so that only objects are left. Returns the failed call if one fails.
fn compile_sources(
    compiler: &Compiler,
    arguments: Vec<Argument>,
    folder: &Path,
    place: &Place,
) -> Result<(Vec<Argument>, Option<Outcome>)> {
    let flags: Vec<Argument> = arguments
        .iter()
        .filter(|argument| match argument {
            Argument::Include { .. } => true,
            Argument::Other(words) => words[0] != "-shared" && words[0] != "-L",
            _ => false,
        })
        .cloned()
        .collect();
    let mut linked = Vec::with_capacity(arguments.len());
    for (index, argument) in arguments.into_iter().enumerate() {
        let Argument::Input(source) = &argument else {
            linked.push(argument);
            continue;
        };
        let Some(cxx) = arguments::source_is_cxx(source) else {
            linked.push(argument);
            continue;
        };
        let object = folder.join(format!("source-{index}.o"));
        let one = Compiler { cxx: cxx || compiler.cxx, ..*compiler };
        let mut call = flags.clone();
        call.extend([Argument::Other(vec!["-c".into()]), argument.clone(), Argument::Output(object.clone())]);
        let outcome = one.call(&arguments::join(&compile::arguments(&one, call)))?;
        if !outcome.success {
            let (subject, help) = (source.display().to_string(), outcome.help());
            let sources = vec![std::path::absolute(source).unwrap_or_else(|_| source.clone())];
            let failure = Failure { subject, output: outcome.errors.clone(), help, sources, ..Failure::default() };
            place.record(&failure, &compiler.toolchain.failures)?;
            return Ok((linked, Some(outcome)));
        }
        linked.push(Argument::Input(object));
    }
    Ok((linked, None))
}

/// What a universal module is linked with, beyond what the package asks for.
fn universal(compiler: &Compiler, arguments: &[Argument], inputs: &Inputs, folder: &Path) -> Result<Vec<OsString>> {
    let mut words: Vec<OsString> = Vec::new();
    for name in &inputs.entries {
        let target = inputs.target.as_ref().ok_or_else(|| Error::new("an entry point without an object"))?;
        let path = folder.join(format!("{name}.o"));
        let object = entry(*target, name).context(|| format!("cannot write the entry point {name}"))?;
        std::fs::write(&path, object).context(|| format!("cannot write {}", path.display()))?;
        words.push(path.into());
    }
    words.push(compiler.toolchain.library.clone().into());
    let linker = Linker::of(compiler, arguments)?;
    // zig cc knows no option to keep sections that are reached by the names of their ends only.
    let unused = if linker == Linker::Zig { "--no-gc-sections" } else { "--gc-sections" };
    let mut flags = vec![unused.to_string(), "--as-needed".into()];
    if !inputs.entries.is_empty() {
        let script = folder.join("exports.map");
        let exports: String = inputs.entries.iter().flat_map(|entry| exports_of(entry)).collect();
        std::fs::write(&script, format!("{{ global: {exports}local: *; }};\n"))
            .context(|| format!("cannot write {}", script.display()))?;
        flags.push(format!("--version-script={}", encode(script.as_os_str())));
    }
    if linker != Linker::Zig {
        flags.push("--exclude-libs=ALL".into());
    }
    if linker == Linker::Lld {
        // The records are reached by the names of their section's ends only, which lld does not count as a use.
        flags.extend(["-z".into(), "nostart-stop-gc".into()]);
    }
    // What the host holds of a module, functions and definitions, may be used until the process ends.
    flags.extend(["-z".into(), "nodelete".into()]);
    if linker != Linker::Zig {
        // Modules are small, and each segment of its own costs up to a page of the file.
        flags.extend(["-z".into(), "noseparate-code".into()]);
    }
    if !compiler.toolchain.keep_symbols {
        flags.push("--strip-all".into());
    }
    // The script's path may hold a comma.
    words.extend(flags.iter().flat_map(|flag| ["-Xlinker".into(), decode(flag)]));
    Ok(words)
}

/// What a module exports for an entry point, as a version script has it. One for handles has companions, by which what
/// loads the module sees what it needs.
fn exports_of(entry: &str) -> Vec<String> {
    let mut names = vec![format!("{entry}; ")];
    if let Some(module) = entry.strip_prefix("HPyInit_") {
        names.push(format!("HPyInitGlobalContext_{module}; "));
        names.push(format!("get_required_hpy_*_{module}; "));
    }
    names
}

/// The linkers that differ in what they accept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Linker {
    Gnu,
    Lld,
    Zig,
}

impl Linker {
    /// The linker that a compiler calls.
    fn of(compiler: &Compiler, arguments: &[Argument]) -> Result<Self> {
        if compiler
            .command
            .iter()
            .any(|word| Path::new(word).file_stem() == Some(OsStr::new("zig")) || word == "ziglang")
        {
            return Ok(Self::Zig);
        }
        // The package or the user may have chosen another linker than the compiler's own.
        let chosen = arguments.iter().filter_map(|argument| match argument {
            Argument::Other(words) if chooses_linker(&words[0]) => Some(words),
            _ => None,
        });
        let query: Vec<OsString> = chosen.flatten().map(|word| decode(word)).chain(["-Wl,--version".into()]).collect();
        let output = compiler.command(&query).output();
        let output = output.context(|| format!("cannot run `{}`", compiler.command.join(" ")))?;
        let text = String::from_utf8_lossy(&output.stdout);
        Ok(if text.contains("LLD") { Self::Lld } else { Self::Gnu })
    }
}

/// Whether an option has a say in which linker a compiler calls: it names one, a folder to look in, or what to link for.
fn chooses_linker(option: &str) -> bool {
    ["-fuse-ld", "--ld-path", "-B", "-target", "--target", "--gcc-toolchain", "--sysroot", "-m"]
        .iter()
        .any(|beginning| option.starts_with(beginning))
}

/// The package's own arguments without what belongs to the build's Python or contradicts a universal module.
fn filtered(compiler: &Compiler, arguments: Vec<Argument>) -> Vec<Argument> {
    let below_python = |folder: &str| {
        compiler.toolchain.python_prefixes.iter().any(|prefix| Path::new(&decode(folder)).starts_with(prefix))
    };
    let mut kept = Vec::with_capacity(arguments.len());
    let mut linker = Vec::new();
    for argument in arguments {
        if let Argument::Linker(flags) = argument {
            linker.extend(flags);
            continue;
        }
        flush(&mut linker, &mut kept, &below_python);
        match &argument {
            Argument::Library(name) if is_python_library(name) => {}
            Argument::Other(words) if words[0] == "-L" && below_python(&words[1]) => {}
            Argument::Other(words) if words[0].strip_prefix("-L").is_some_and(below_python) => {}
            other if compile::is_link_time_optimisation(other) => {}
            _ => kept.push(argument),
        }
    }
    flush(&mut linker, &mut kept, &below_python);
    kept
}

/// Passes on the linker flags that were collected, less the ones that are ours to set.
fn flush(flags: &mut Vec<String>, kept: &mut Vec<Argument>, below_python: &impl Fn(&str) -> bool) {
    let mut own = Vec::new();
    let mut words = flags.drain(..);
    while let Some(word) = words.next() {
        let (name, joined) = match word.split_once('=') {
            Some((name, value)) => (name.trim_start_matches('-'), Some(value.to_string())),
            None => (word.trim_start_matches('-'), None),
        };
        match name {
            // Which symbols a module shows is ours to say.
            "version-script" | "dynamic-list" | "retain-symbols-file" => drop(joined.or_else(|| words.next())),
            "rpath" | "rpath-link" | "R" => {
                let separate = joined.is_none();
                let value = joined.or_else(|| words.next()).unwrap_or_default();
                if !below_python(&value) {
                    own.extend(if separate { vec![word, value] } else { vec![word] });
                }
            }
            _ => own.push(word),
        }
    }
    if !own.is_empty() {
        kept.push(Argument::Linker(own));
    }
}

/// Whether `-l NAME` is an interpreter's library: `python3.13`, `python3`, `pypy3.11-c`.
fn is_python_library(name: &str) -> bool {
    let rest = name.strip_prefix("python").or_else(|| name.strip_prefix("pypy"));
    rest.is_some_and(|rest| rest.chars().all(|letter| letter.is_ascii_digit() || ".-mdtc".contains(letter)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn interpreters_libraries_are_known() {
        for name in ["python3.13", "python3", "python3.13t", "pypy3.11-c", "python3.9d"] {
            assert!(is_python_library(name), "{name}");
        }
        for name in ["m", "pythonize", "python_helpers", "boost_python311"] {
            assert!(!is_python_library(name), "{name}");
        }
    }

    #[test]
    fn the_pythons_own_run_path_and_the_packages_version_script_are_dropped() {
        let mut flags: Vec<String> = "-rpath,/py/lib,--version-script=a.map,-rpath=/own,--version-script,b.map,-z,now"
            .split(',')
            .map(Into::into)
            .collect();
        let mut kept = Vec::new();
        flush(&mut flags, &mut kept, &|folder: &str| folder.starts_with("/py"));
        assert_eq!(arguments::join(&kept), ["-Wl,-rpath=/own,-z,now"]);
    }

    #[test]
    fn the_folder_of_the_linker_is_asked_for_too() {
        for option in ["-fuse-ld=lld", "-B", "-B/gcc-ld", "--ld-path=/ld", "--target=x", "-target"] {
            assert!(chooses_linker(option), "{option}");
        }
        assert!(!chooses_linker("-shared") && !chooses_linker("-L"));
    }

    #[test]
    fn an_entry_for_handles_has_companions() {
        assert_eq!(exports_of("PyInit_x"), ["PyInit_x; "]);
        assert_eq!(exports_of("HPyInit_x").concat(), "HPyInit_x; HPyInitGlobalContext_x; get_required_hpy_*_x; ");
    }

    #[test]
    fn undefined_names_are_read_from_each_linkers_words() {
        let gnu = "ld: a.o: in function `f':\na.c:(.text+0x1): undefined reference to `PyFoo_Bar'\n";
        let lld = "ld.lld: error: undefined symbol: PyFoo_Bar\n>>> referenced by a.c\n";
        for errors in [gnu, lld] {
            assert_eq!(undefined_in(errors), ["PyFoo_Bar"]);
        }
        assert!(undefined_in("a.c: undefined reference to `foo'").is_empty());
    }

    #[test]
    fn a_refusal_names_each_symbol_and_its_object() {
        let users = BTreeMap::from([("a.o".to_string(), vec!["PyFoo_Bar".to_string()])]);
        let inputs = Inputs { users, ..Inputs::default() };
        let text = refusal(Path::new("build/x.so"), &["PyFoo_Bar".into(), "_PyX_Y".into()], &inputs);
        assert_eq!(text, "x.so needs 2 names of the C API that Cardan does not have: PyFoo_Bar (in a.o), _PyX_Y");
    }
}
