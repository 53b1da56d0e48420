//! The facts that a check finds, and what of them keeps a file from being universal.

use std::path::Path;

use cardan_import_library::{ALWAYS, Handles, Import, SharedObject, handles, imports, is_entry_point};
use serde::Serialize;

use super::hosts::{self, HostNeeds};
use crate::compiler::is_api_name;
use crate::error::{Context, Error, Result};
use crate::limits;
use crate::policies::manylinux;
use crate::policies::musl;
use crate::wheel::elf_files::{Binary, binaries};
use crate::wheel::{File, PlatformTags, Wheel, loader, platform_tags, record};

/// Everything that a check finds.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The file's name.
    pub file: String,
    /// Whether the file runs on every supported Python.
    pub universal: bool,
    /// What keeps it from that, one sentence each.
    pub problems: Vec<String>,
    /// The tags of the wheel's name, `PYTHON-ABI-PLATFORM`; empty for a module.
    pub tags: Vec<String>,
    /// The platform tags that are true for its files.
    pub true_platforms: Vec<String>,
    /// The extension modules.
    pub modules: Vec<Module>,
    /// The other binary files of the wheel.
    pub libraries: Vec<String>,
}

/// What is known of an extension module.
#[derive(Debug, Serialize)]
pub struct Module {
    /// Its path in the wheel, or its file name.
    pub path: String,
    /// The processor that it is for.
    pub processor: String,
    /// The functions that an interpreter or a loader may call to import it. Those of the handle API have companions, which
    /// are not among them.
    pub entry_points: Vec<String>,
    /// What it needs of the runtime of the handle API; none for a module that does not use that API.
    pub handle_api: Option<HandleApi>,
    /// What else it shows to other libraries.
    pub other_exports: Vec<String>,
    /// Names of the C API that the dynamic linker would have to find.
    pub undefined: Vec<String>,
    /// The libraries that are loaded with it.
    pub libraries: Vec<String>,
    /// The newest glibc version that it asks for.
    pub glibc: Option<String>,
    /// What keeps it from loading on musl; empty if it loads.
    pub musl_obstacles: Vec<String>,
    /// Ways in which it reaches past the API into a host's own structs.
    pub escape_hatches: Vec<String>,
    /// The Python file beside it for hosts that do not find the bare suffix.
    pub loader: Loader,
    /// The names that it needs from a host, with whether it brings a stand-in; none where it is not bound by name.
    pub needs: Option<Vec<Need>>,
    /// What each host has of that.
    pub hosts: Vec<HostNeeds>,
}

/// What a module needs of the runtime of the handle API, which it brings itself.
#[derive(Debug, Serialize)]
pub struct HandleApi {
    /// The version of the ABI, `MAJOR.MINOR`; none where only the module's code could tell.
    pub abi: Option<String>,
    /// The size in bytes of the context that it was compiled for; none likewise.
    pub context_size: Option<u64>,
}

/// One name that a module needs.
#[derive(Debug, Serialize)]
pub struct Need {
    /// The name, as the C API's reference spells it.
    pub name: String,
    /// Whether the module brings a stand-in for hosts that lack it.
    pub stand_in: bool,
}

/// The Python file beside a module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Loader {
    /// The one that a build adds.
    Generated,
    /// The package's own file, which may be a substitute in Python.
    Own,
    /// There is none.
    Missing,
    /// The file was looked at alone.
    Unknown,
}

impl Report {
    /// Checks the wheel or module at `path`.
    ///
    /// # Errors
    /// The file is missing, damaged, or neither a wheel nor an extension module.
    pub fn of(path: &Path) -> Result<Self> {
        if !path.exists() {
            return Err(Error::new(format!(
                "{} does not exist: expected a wheel or an extension module",
                path.display()
            )));
        }
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        if name.ends_with(".so") || name.contains(".so.") {
            return Self::of_module(name, limits::read_file(path)?);
        }
        if !name.ends_with(".whl") {
            return Err(Error::new(format!(
                "{name} is not a wheel: expected a file with the ending .whl, or .so for an extension module"
            )));
        }
        Self::of_wheel(name, &Wheel::read(path)?)
    }

    /// Checks a module with this file name.
    ///
    /// # Errors
    /// As for [`Report::of`].
    pub fn of_module(name: String, data: Vec<u8>) -> Result<Self> {
        let file = File::new(name.clone(), data);
        let binary = Binary { object: SharedObject::read(&name, &file.data)?, file: &file };
        let mut problems = Vec::new();
        let module = Module::of(&binary, Loader::Unknown, &mut problems)?;
        if module.entry_points.is_empty() {
            problems.push(format!("{name} has no entry point: expected a function PyInit_NAME"));
        }
        let PlatformTags { tags, warnings } = platform_tags(&[binary]);
        problems.extend(warnings);
        Ok(Self {
            file: name,
            universal: problems.is_empty(),
            problems,
            tags: Vec::new(),
            true_platforms: tags,
            modules: vec![module],
            libraries: Vec::new(),
        })
    }

    /// Checks a wheel with this file name.
    ///
    /// # Errors
    /// As for [`Report::of`].
    pub fn of_wheel(file: String, wheel: &Wheel) -> Result<Self> {
        let binaries = binaries(wheel)?;
        let mut problems = wheel.obstacles();
        if (wheel.name.python.as_str(), wheel.name.abi.as_str()) != ("py3", "none") {
            problems.push(format!(
                "the wheel is tagged {}-{}: expected py3-none, which every Python accepts",
                wheel.name.python, wheel.name.abi
            ));
        }
        let true_platforms = if binaries.is_empty() { vec!["any".to_string()] } else { platform_tags(&binaries).tags };
        problems.extend(untrue_platforms(&wheel.name.platform, &true_platforms, &binaries));
        let (mut modules, mut libraries) = (Vec::new(), Vec::new());
        for binary in &binaries {
            if binary.module().is_some() || binary.object.exports.iter().any(|name| name.starts_with(HANDLE_ENTRY)) {
                modules.push(Module::of(binary, Loader::beside(binary.file, wheel), &mut problems)?);
            } else {
                refuse_undefined(&binary.file.path, &undefined(&binary.object), &mut problems);
                libraries.push(binary.file.path.clone());
            }
        }
        problems.extend(record::problems(wheel));
        let universal = problems.is_empty();
        Ok(Self { file, universal, problems, tags: wheel.name.tags(), true_platforms, modules, libraries })
    }
}

impl Loader {
    fn beside(file: &File, wheel: &Wheel) -> Self {
        let stem = file.file_name().split('.').next().unwrap_or_default();
        match wheel.file(&format!("{}{stem}.py", file.folder())) {
            Some(found) if loader::is_ours(&found.data, file.file_name()) => Self::Generated,
            Some(_) => Self::Own,
            None => Self::Missing,
        }
    }
}

impl Module {
    fn of(binary: &Binary, loader: Loader, problems: &mut Vec<String>) -> Result<Self> {
        let (path, object) = (binary.file.path.clone(), &binary.object);
        let (entry_points, other_exports) = exports(object);
        let undefined = undefined(object);
        refuse_undefined(&path, &undefined, problems);
        if !other_exports.is_empty() {
            problems.push(format!(
                "{path} exports {} beside its entry points: other libraries of the process may take {} for their own",
                some(&other_exports),
                if other_exports.len() == 1 { "it" } else { "them" }
            ));
        }
        for name in entry_points.iter().filter_map(|entry| entry.strip_prefix(HANDLE_ENTRY)) {
            if !entry_points.iter().any(|entry| entry.strip_prefix("PyInit_") == Some(name)) {
                problems.push(format!(
                    "{path} has HPyInit_{name} and no PyInit_{name}: it was compiled with HPy's own headers, which leave the \
                     runtime to the interpreter; compile it with Cardan's, or load it with cardan.load"
                ));
            }
        }
        if loader == Loader::Missing {
            problems
                .push(format!("{path} has no loader: hosts that do not find the suffix .so need a .py file beside it"));
        }
        if !entry_points.is_empty() && !object.has_sections {
            problems.push(format!(
                "{path} has no section headers: what it needs from a host cannot be read; leave them in, `strip` does"
            ));
        }
        let unreadable = || format!("cannot read what {path} needs from a host");
        let mut needed = imports(&binary.file.data).context(unreadable)?;
        let handles = handles(&binary.file.data).context(unreadable)?;
        if handles.is_some() {
            // A module for handles only binds no name of the C API; its runtime looks for what it calls.
            let all = needed.get_or_insert_default();
            if all.iter().all(|import| import.name == ALWAYS) {
                all.clear();
            }
        }
        let hosts = needed.as_deref().filter(|all| !all.is_empty()).map(hosts::needs).unwrap_or_default();
        for host in hosts.iter().filter(|host| host.supported && !host.missing.is_empty()) {
            problems.push(format!("{path} cannot be imported on {}: it lacks {}", host.host, some(&host.missing)));
        }
        let escape_hatches = handles.as_ref().map(|handles| escape_hatches(handles, &needed)).unwrap_or_default();
        let needs = needed.map(|all| {
            all.into_iter().map(|import| Need { name: import.name, stand_in: import.has_polyfill }).collect()
        });
        Ok(Self {
            path,
            processor: object.processor.clone(),
            handle_api: HandleApi::of(&entry_points, handles),
            entry_points,
            other_exports,
            undefined,
            libraries: object.needed.clone(),
            glibc: manylinux::glibc_floor(&[object]),
            musl_obstacles: musl::obstacles(object),
            escape_hatches,
            loader,
            needs,
            hosts,
        })
    }
}

impl HandleApi {
    fn of(entry_points: &[String], handles: Option<Handles>) -> Option<Self> {
        if let Some(module) = handles.and_then(|handles| handles.modules.into_iter().next()) {
            let (major, minor) = module.abi;
            return Some(Self { abi: Some(format!("{major}.{minor}")), context_size: Some(module.context_size) });
        }
        let has_entry = entry_points.iter().any(|name| name.starts_with(HANDLE_ENTRY));
        has_entry.then_some(Self { abi: None, context_size: None })
    }
}

/// The entry point of a module of the handle API, before the module's name.
const HANDLE_ENTRY: &str = "HPyInit_";

/// What a module of the handle API exports beside its entry point, before the module's name.
const COMPANIONS: [&str; 4] = [
    "HPyInitGlobalContext_",
    "get_required_hpy_major_version_",
    "get_required_hpy_minor_version_",
    "get_required_hpy_context_size_",
];

/// The entry points that a file exports, and what else it does.
fn exports(object: &SharedObject) -> (Vec<String>, Vec<String>) {
    let is_module = |name: &str| object.exports.iter().any(|export| export.strip_prefix(HANDLE_ENTRY) == Some(name));
    let is_companion = |export: &str| COMPANIONS.iter().any(|start| export.strip_prefix(start).is_some_and(is_module));
    object.exports.iter().filter(|export| !is_companion(export)).cloned().partition(|export| is_entry_point(export))
}

/// How a module of the handle API reaches the host's objects.
fn escape_hatches(handles: &Handles, needed: &Option<Vec<Import>>) -> Vec<String> {
    let mut hatches = handles.escapes.clone();
    if handles.modules.iter().any(|module| module.has_legacy_methods) {
        hatches.push("legacy_methods".into());
    }
    // A module that uses any name has one more at least: ALWAYS.
    let count = needed.as_ref().map_or(0, Vec::len);
    if count > 0 {
        hatches.push(format!("Python.h ({count} names)"));
    }
    hatches
}

fn undefined(object: &SharedObject) -> Vec<String> {
    object.undefined.iter().map(|symbol| symbol.name.clone()).filter(|name| is_api_name(name)).collect()
}

fn refuse_undefined(path: &str, names: &[String], problems: &mut Vec<String>) {
    if !names.is_empty() {
        problems.push(format!(
            "{path} leaves {} of the C API undefined: it loads only into a process that exports {}",
            some(names),
            if names.len() == 1 { "it" } else { "them" }
        ));
    }
}

/// A few of many names.
pub fn some(names: &[String]) -> String {
    const SHOWN: usize = 5;
    if names.len() <= SHOWN {
        return names.join(", ");
    }
    format!("{} and {} more", names[..SHOWN].join(", "), names.len() - SHOWN)
}

/// Platform tags of a wheel's name that its files do not keep.
fn untrue_platforms(claimed: &str, true_tags: &[String], binaries: &[Binary]) -> Vec<String> {
    let mut problems = Vec::new();
    let Some(first) = binaries.first() else { return problems };
    let processor = first.object.processor.as_str();
    let policy = true_tags.iter().find_map(|tag| manylinux::glibc_of_tag(tag, processor));
    for tag in claimed.split('.') {
        if let Some(other) = binaries.iter().find(|binary| !tag.ends_with(&format!("_{}", binary.object.processor))) {
            problems.push(format!(
                "{} is for the processor {}, the wheel's tag says {tag}",
                other.file.path, other.object.processor
            ));
            continue;
        }
        let keeps = if tag.starts_with("manylinux") {
            let promised = manylinux::glibc_of_tag(tag, processor);
            promised.zip(policy.as_ref()).is_some_and(|(promised, needed)| promised >= *needed)
        } else if tag.starts_with("musllinux") {
            true_tags.iter().any(|own| own.starts_with("musllinux"))
        } else {
            // The plain tag of a system promises nothing.
            tag.starts_with("linux_")
        };
        if !keeps {
            problems.push(format!("the platform tag {tag} is not true: the files keep {}", true_tags.join(", ")));
        }
    }
    problems
}
