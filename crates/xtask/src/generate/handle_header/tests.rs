use std::io::Write as _;
use std::process::{Command, Stdio};

use super::*;
use crate::repository;

const STANDARDS: &[(&str, &str, &[&str])] =
    &[("cc", "c", &["c99", "c11", "c17"]), ("c++", "c++", &["c++11", "c++17", "c++20"])];

/// Compiles a source and returns what the compiler says, or nothing if it accepts it.
fn compile(compiler: &str, arguments: &[&str], source: &str) -> Option<String> {
    let mut child = Command::new(compiler)
        .args(arguments)
        .args(["-Wall", "-Wextra", "-Werror", "-O1", "-c", "-o"])
        .arg(if cfg!(windows) { "NUL" } else { "/dev/null" })
        .arg("-I")
        .arg(repository::path("crates/cardan-runtime/include"))
        .arg("-I")
        .arg(repository::path("crates/cardan-capi/include"))
        .arg("-")
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{compiler} cannot be started: {error}"));
    child.stdin.take().unwrap().write_all(source.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    (!output.status.success()).then(|| String::from_utf8_lossy(&output.stderr).into_owned())
}

fn source(name: &str) -> String {
    let path = repository::path("crates/cardan-runtime/tests/header").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn definitions_compile_without_a_warning_in_each_standard() {
    let definitions = source("definitions.c");
    for (compiler, language, standards) in STANDARDS {
        for standard in *standards {
            let arguments = |mode| ["-x", language, &format!("-std={standard}"), mode].map(str::to_owned);
            // Python.h itself is not pedantic.
            for mode in ["-pedantic", "-DHPY_EMBEDDED_MODULES", "-DHPY_ABI_HYBRID"] {
                let arguments = arguments(mode);
                let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
                if let Some(problem) = compile(compiler, &arguments, &definitions) {
                    panic!("{standard} {mode}: {problem}");
                }
            }
        }
    }
}

#[test]
fn the_reference_pages_example_compiles() {
    let page = std::fs::read_to_string(repository::path("docs/reference/hpy-h.md")).unwrap();
    let (_, rest) = page.split_once("```c\n").expect("the page has an example");
    let example = rest.split("```").next().unwrap();
    assert_eq!(compile("cc", &["-x", "c", "-std=c99", "-Wno-unused-parameter"], example), None);
}

#[test]
fn the_headers_layout_is_the_golden_one() {
    let layout = source("layout.c");
    for (compiler, arguments) in [("cc", ["-x", "c", "-std=c11"]), ("c++", ["-x", "c++", "-std=c++11"])] {
        assert_eq!(compile(compiler, &arguments, &layout), None);
    }
    // The assertions are checked at all.
    let wrong = layout.replacen("== 24)", "== 25)", 1);
    assert_ne!(wrong, layout);
    assert!(compile("cc", &["-x", "c", "-std=c11"], &wrong).unwrap().contains("h_None) == 25"));
}

#[test]
fn a_file_is_hybrid_if_python_h_comes_first_or_the_build_says_so() {
    let hybrid = "PyObject *f(HPyContext *ctx, HPy h);\n\
                  PyObject *f(HPyContext *ctx, HPy h) { return HPy_AsPyObject(ctx, HPy_FromPyObject(ctx, (PyObject *)h._i)); }\n";
    let c = ["-x", "c"];
    assert_eq!(compile("cc", &c, &format!("#include <Python.h>\n#include <hpy.h>\n{hybrid}")), None);
    assert_eq!(compile("cc", &["-x", "c", "-DHPY_ABI_HYBRID"], &format!("#include <hpy.h>\n{hybrid}")), None);
    let universal = "cpy_PyObject *f(HPyContext *ctx, HPy h);\n\
                     cpy_PyObject *f(HPyContext *ctx, HPy h) { return HPy_AsPyObject(ctx, h); }\n";
    for mode in ["-DHPY_ABI_UNIVERSAL", "-DX"] {
        let problem = compile("cc", &["-x", "c", mode], &format!("#include <hpy.h>\n{universal}")).unwrap();
        let message = "Cannot use legacy functions when targeting the HPy Universal ABI: include Python.h before hpy.h, or define \
                       HPY_ABI_HYBRID; the module stays universal";
        assert!(problem.contains("HPy_AsPyObject") && problem.contains(message), "{problem}");
    }
}

#[test]
fn builds_that_cannot_be_are_refused_with_a_reason() {
    let problem = |arguments: &[&str], code: &str| {
        let arguments: Vec<&str> = ["-x", "c"].iter().chain(arguments).copied().collect();
        compile("cc", &arguments, &format!("#include <hpy.h>\n{code}\n")).unwrap()
    };
    let cpython = problem(&["-DHPY_ABI_CPYTHON"], "");
    assert!(
        cpython.contains(
            "HPY_ABI_CPYTHON asks for a module for one CPython; Cardan's hpy.h builds universal modules: define \
             HPY_ABI_UNIVERSAL, or HPY_ABI_HYBRID to use Python.h too"
        ),
        "{cpython}"
    );
    let both = problem(&["-DHPY_ABI_UNIVERSAL", "-DHPY_ABI_HYBRID"], "");
    assert!(
        both.contains("Both HPY_ABI_UNIVERSAL and HPY_ABI_HYBRID are defined: a module is one or the other"),
        "{both}"
    );
    assert!(problem(&[], "HPyDef_METH(f, \"f\", HPyFunc_NOTHING)").contains("HPyFunc_NOTHING"));
    assert!(problem(&[], "HPyDef_SLOT(f, HPy_tp_nothing)").contains("HPy_tp_nothing"));
    // The author's function has to have the signature.
    let wrong =
        problem(&[], "HPyDef_METH(f, \"f\", HPyFunc_O)\nstatic HPy f_impl(HPyContext *ctx, HPy self) { return self; }");
    assert!(wrong.contains("conflicting types for"), "{wrong}");
}

#[test]
fn a_trampoline_follows_from_its_signature() {
    let signature = |text: &str, trampoline| FunctionSignature {
        name: "HPyFunc_X".to_owned(),
        number: 1,
        declaration: Declaration::parse(text).unwrap(),
        trampoline,
        doc: "Does.".to_owned(),
    };
    let direct = signature("HPy HPyFunc_x(HPyContext *ctx, HPy self, int i)", Trampoline::Direct);
    let mut body = String::new();
    trampoline(&mut body, &direct);
    assert_eq!(
        body,
        "typedef struct {\n    cpy_PyObject *self;\n    int i;\n    cpy_PyObject *result;\n} _HPyFunc_args_X;\n\
         #define _HPyFunc_TRAMPOLINE_HPyFunc_X(SYM, IMPL) \\\n\
         \x20   _HPy_RARE static cpy_PyObject *SYM##_by_context(cpy_PyObject *self, int i) \\\n\
         \x20   { \\\n\
         \x20       _HPyFunc_args_X a = {self, i, NULL}; \\\n\
         \x20       _HPy_CALL_THROUGH_CONTEXT(HPyFunc_X, IMPL, &a); \\\n\
         \x20       return a.result; \\\n\
         \x20   } \\\n\
         \x20   static cpy_PyObject *SYM(cpy_PyObject *self, int i) \\\n\
         \x20   { \\\n\
         \x20       if (_HPy_IS_DIRECT(_ctx_for_trampolines)) { \\\n\
         \x20           return _HPy_TO_HOST(IMPL(_ctx_for_trampolines, _HPy_FROM_HOST(self), i)); \\\n\
         \x20       } \\\n\
         \x20       return SYM##_by_context(self, i); \\\n\
         \x20   }\n"
    );
    let text = signatures(&[signature("void HPyFunc_x(HPyContext *ctx, HPy self)", Trampoline::None)]);
    assert!(text.contains("/* Does. */\ntypedef void (*HPyFunc_x)(HPyContext *ctx, HPy self);"), "{text}");
    assert!(
        !text.contains("_HPyFunc_DECLARE_HPyFunc_X"),
        "a signature without a trampoline cannot be declared:\n{text}"
    );
}
