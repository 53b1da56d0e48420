//! Compile steps: our headers instead of the build Python's, and objects that fit a universal module.

use std::collections::BTreeSet;
use std::path::Path;

use super::Compiler;
use super::arguments::Argument;
use crate::text::encode;

/// The limited API's level that our headers speak. Cython asks for it before it includes `Python.h`.
const LIMITED_API: &str = "-DPy_LIMITED_API=0x030C0000";

/// The arguments for the real compiler.
pub fn arguments(compiler: &Compiler, arguments: Vec<Argument>) -> Vec<Argument> {
    let toolchain = compiler.toolchain;
    let mut all = vec![Argument::Include { flag: "-I".into(), folder: toolchain.include.clone() }];
    if !arguments.iter().any(chooses_limited_api) {
        all.push(Argument::Other(vec![LIMITED_API.into()]));
    }
    let has_pic = arguments.iter().any(|argument| is_flag(argument, &["-fPIC", "-fpic"]));
    for argument in arguments {
        match &argument {
            // Another Python's headers hold its struct layouts.
            Argument::Include { folder, .. } if folder.join("Python.h").exists() => {}
            Argument::Input(source) if is_runtime_of_hpy(source) => {
                // Every module has a runtime: an object with nothing in it takes the place of HPy's.
                let language = |name: &str| Argument::Other(vec!["-x".into(), name.into()]);
                all.extend([language("c"), Argument::Input("/dev/null".into()), language("none")]);
            }
            other if is_link_time_optimisation(other) || is_limited_api(other) || is_abi_of_one_python(other) => {}
            _ => all.push(argument),
        }
    }
    if !has_pic {
        all.push(Argument::Other(vec!["-fPIC".into()]));
    }
    // The same source gives the same bytes, wherever the build's temporary folder is.
    all.push(Argument::Other(vec![format!("-ffile-prefix-map={}=.", encode(toolchain.build.as_os_str()))]));
    if !compiler.cxx {
        // A function that no header declares would be called with its result cut to an int.
        all.push(Argument::Other(vec!["-Werror=implicit-function-declaration".into()]));
    }
    all
}

/// A package's own choice of a level, which would be for another Python's headers.
fn is_limited_api(argument: &Argument) -> bool {
    defined_name(argument) == Some("Py_LIMITED_API")
}

/// What HPy's support for setuptools defines on CPython, whatever the package says: a module for that Python alone.
fn is_abi_of_one_python(argument: &Argument) -> bool {
    defined_name(argument) == Some("HPY_ABI_CPYTHON")
}

/// Whether a source is of the runtime that HPy's support for setuptools adds to those of a package.
fn is_runtime_of_hpy(source: &Path) -> bool {
    source.parent().is_some_and(|folder| folder.ends_with("hpy/devel/src/runtime"))
}

/// The name that `-D` defines or `-U` undefines.
fn defined_name(argument: &Argument) -> Option<&str> {
    let Argument::Other(words) = argument else { return None };
    let joined = words[0].strip_prefix("-D").or(words[0].strip_prefix("-U"))?;
    let definition = if joined.is_empty() { words.get(1)?.as_str() } else { joined };
    definition.split('=').next()
}

/// Whether an argument is a source that defines the level itself: to define it twice is a warning.
fn chooses_limited_api(argument: &Argument) -> bool {
    let Argument::Input(source) = argument else { return false };
    // What cannot be read is the compiler's to report.
    std::fs::read(source).is_ok_and(|text| defines_limited_api(&String::from_utf8_lossy(&text)))
}

/// Whether C code defines the level, whatever else is defined: Cython's does so where nobody did before.
fn defines_limited_api(code: &str) -> bool {
    let mut conditions = 0_usize;
    for directive in code.lines().filter_map(|line| line.trim_start().strip_prefix('#')) {
        let mut words = directive.split_whitespace();
        match words.next() {
            Some(word) if word.starts_with("if") => conditions += 1,
            Some("endif") => conditions = conditions.saturating_sub(1),
            Some("define") if conditions == 0 && words.next() == Some("Py_LIMITED_API") => return true,
            _ => {}
        }
    }
    false
}

fn is_flag(argument: &Argument, flags: &[&str]) -> bool {
    matches!(argument, Argument::Other(words) if flags.contains(&words[0].as_str()))
}

/// Link-time optimisation leaves no machine code in the objects, which the entry point has to be renamed in.
pub fn is_link_time_optimisation(argument: &Argument) -> bool {
    let Argument::Other(words) = argument else { return false };
    let word = words[0].as_str();
    word.starts_with("-flto") || matches!(word, "-ffat-lto-objects" | "-fuse-linker-plugin")
}

/// Whether a symbol or function name belongs to the C API: `PyList_New`, `_PyLong_Sign`, `Py_BuildValue`.
pub fn is_api_name(name: &str) -> bool {
    let name = name.strip_prefix('_').unwrap_or(name);
    name.strip_prefix("Py")
        .is_some_and(|rest| rest.starts_with(|first: char| first == '_' || first.is_ascii_uppercase()))
}

/// What to do about a failure whose cause is known: names of the C API that our headers do not have, and structs whose
/// fields they do not show.
pub fn help(errors: &str) -> Option<String> {
    let errors: Vec<&str> = errors.lines().filter(|line| line.contains("error:")).collect();
    if errors.iter().any(|line| line.contains(STATIC_TYPE)) {
        return Some(NO_STATIC_TYPES.to_owned());
    }
    let undeclared = names_in(&errors, &UNDECLARED);
    if !undeclared.is_empty() {
        return Some(format!("{}: {NOT_IN_THE_API}", undeclared.join(", ")));
    }
    let opaque = names_in(&errors, &OPAQUE);
    (!opaque.is_empty()).then(|| format!("{}: {NO_FIELDS}", opaque.join(", ")))
}

/// How compilers begin to say that a name is not declared.
const UNDECLARED: [&str; 7] = [
    "implicit declaration of function ",
    "undeclared function ",
    "undeclared identifier ",
    "unknown type name ",
    "undeclared (",
    "was not declared",
    "does not name a type",
];

/// How compilers say that a struct's fields are not known.
const OPAQUE: [&str; 4] = ["incomplete type", "incomplete definition", "has no member named", "no member named"];

/// The C-API names that are quoted in the lines with one of these phrases, each once, sorted.
fn names_in<'a>(lines: &[&'a str], phrases: &[&str]) -> Vec<&'a str> {
    let lines = lines.iter().filter(|line| phrases.iter().any(|phrase| line.contains(phrase)));
    let quoted = lines.flat_map(|line| line.split(['\'', '\u{2018}', '\u{2019}', '`']));
    quoted.filter(|word| is_api_name(word) && !word.contains(' ')).collect::<BTreeSet<_>>().into_iter().collect()
}

/// What `object.h` turns the start of a static type object into.
const STATIC_TYPE: &str = "static_types_are_not_portable_use_PyType_FromSpec";

/// What to do about a static type.
const NO_STATIC_TYPES: &str = "a static PyTypeObject has the layout of one Python; make the type when the module is \
                               initialised, with PyType_FromModuleAndSpec or PyType_FromSpec";

/// What is true of the structs of the C API.
const NO_FIELDS: &str = "the fields of this struct stand in another place on each Python, so the headers do not show them; \
                         call functions instead, such as PyType_GetSlot, PyType_GetName and PyObject_GC_New";

/// What is true of every C-API name that we do not have.
pub const NOT_IN_THE_API: &str = "not in the C API that every Python has or Cardan makes up for; call a documented function of the limited API instead";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_that_a_source_defines_is_seen() {
        assert!(defines_limited_api("/* a */\n#define Py_LIMITED_API 0x03080000\n#include <Python.h>\n"));
        assert!(defines_limited_api("#if X\n#endif\n  # define Py_LIMITED_API\n"));
        let cython = "#if defined(A)\n#ifndef Py_LIMITED_API\n#define Py_LIMITED_API A\n#endif\n#endif\n";
        assert!(!defines_limited_api(cython));
        assert!(!defines_limited_api("#ifdef Py_LIMITED_API\n#endif\n#define Py_LIMITED_API_X 1\n"));
    }

    #[test]
    fn the_level_is_that_of_the_headers() {
        let header = include_str!("../../../cardan-capi/include/Python.h");
        let (name, level) = LIMITED_API.strip_prefix("-D").unwrap().split_once('=').unwrap();
        assert!(header.contains(&format!("#define {name} {level}\n")));
    }

    #[test]
    fn a_packages_own_level_is_known() {
        let of = |words: &[&str]| is_limited_api(&Argument::Other(words.iter().map(ToString::to_string).collect()));
        assert!(of(&["-DPy_LIMITED_API=0x03070000"]) && of(&["-D", "Py_LIMITED_API"]) && of(&["-UPy_LIMITED_API"]));
        assert!(!of(&["-DPy_LIMITED_API_X"]) && !of(&["-D", "X"]) && !of(&["-O2"]));
    }

    #[test]
    fn static_types_and_struct_fields_have_a_help_of_their_own() {
        let static_type = "x.c:2:27: error: 'static_types_are_not_portable_use_PyType_FromSpec' undeclared here";
        assert_eq!(
            help(static_type).unwrap(),
            "a static PyTypeObject has the layout of one Python; make the type when the module is initialised, with \
             PyType_FromModuleAndSpec or PyType_FromSpec"
        );
        let field = "x.c:3:5: error: 'PyObject' has no member named 'ob_refcnt'";
        assert!(help(field).unwrap().starts_with("PyObject: the fields of this struct"));
    }

    #[test]
    fn names_of_the_c_api_are_told_from_others() {
        for name in ["PyList_New", "_PyLong_Sign", "Py_BuildValue", "PyInit_x", "_Py_NoneStruct"] {
            assert!(is_api_name(name), "{name}");
        }
        for name in ["memcpy", "Pyramid", "_Z5Py_Foov", "__pyx_f", "pyx", "Py"] {
            assert!(!is_api_name(name), "{name}");
        }
    }

    #[test]
    fn undeclared_names_are_collected_from_each_compilers_words() {
        let gcc =
            "a.c:3:5: error: implicit declaration of function 'PyFoo_Bar' [-Werror=implicit-function-declaration]";
        let clang =
            "a.c:3:5: error: call to undeclared function 'PyFoo_Bar'; ISO C99 and later do not support implicit";
        let gxx = "a.cc:3:5: error: 'PyFoo_Bar' was not declared in this scope";
        for errors in [gcc, clang, gxx] {
            assert_eq!(
                help(errors).as_deref(),
                Some(
                    "PyFoo_Bar: not in the C API that every Python has or Cardan makes up for; call a documented function \
                     of the limited API instead"
                ),
                "{errors}"
            );
        }
        for errors in [
            "a.c:3:9: error: invalid use of incomplete typedef 'PyTypeObject' {aka 'struct _typeobject'}",
            "a.c:3:9: error: incomplete definition of type 'PyTypeObject' (aka 'struct _typeobject')",
        ] {
            assert_eq!(
                help(errors).as_deref(),
                Some(
                    "PyTypeObject: the fields of this struct stand in another place on each Python, so the headers do not \
                     show them; call functions instead, such as PyType_GetSlot, PyType_GetName and PyObject_GC_New"
                )
            );
        }
        assert_eq!(help("a.c:3:5: error: expected ';' before '}' token"), None);
        assert_eq!(help("a.c:3:5: warning: implicit declaration of function 'PyFoo_Bar'"), None);
    }
}
