use std::io::Write as _;
use std::process::{Command, Stdio};

use super::*;

/// The header for a chapter with these entries.
fn header(entries: &str, by_hand: &HandWritten) -> String {
    let folder = tempfile::tempdir().unwrap();
    let object = "[struct.PyObject]\nadded = \"3.2\"\nkind = \"members\"\ntag = \"_object\"\ndoc = \"\"\n";
    fs::write(folder.path().join("object.toml"), format!("title = \"Objects\"\n{object}{entries}")).unwrap();
    text(&Spec::load(folder.path()).unwrap(), by_hand)
}

/// What the header has between the line of a section and its end.
fn section<'a>(header: &'a str, title: &str) -> &'a str {
    let (_, rest) = header.split_once(&format!("/* ---- {title} ---- */\n")).expect("the header has the section");
    rest.split("\n\n").next().unwrap()
}

#[test]
fn a_function_is_declared_with_the_type_that_it_returns() {
    let entry = "[function.PyList_New]\nadded = \"3.2\"\nsignature = \"PyObject *PyList_New(size_t len)\"\n\
                 result = \"new\"\nerror = \"NULL\"\ndoc = \"A list.\"\n";
    assert_eq!(
        section(&header(entry, &HandWritten::default()), "Objects"),
        "/* A list. */\nCARDAN_FUNCTION(PyObject *) PyList_New(size_t len);"
    );
}

#[test]
fn a_macro_that_casts_calls_the_function_of_its_name() {
    let entry = "[function.F]\nadded = \"3.2\"\nprovided = true\ncast = true\n\
                 signature = \"int F(PyObject *p, int i)\"\nerror = \"never\"\ndoc = \"\"\n";
    let expected = "CARDAN_FUNCTION(int) F(PyObject *p, int i);\n#define F(p, i) F((PyObject *)(p), (i))";
    assert_eq!(section(&header(entry, &HandWritten::default()), "Objects"), expected);
}

#[test]
fn data_are_reached_through_their_slots() {
    let entry = |ctype: &str| {
        let entry = format!("[data.X]\nadded = \"3.2\"\ntype = \"{ctype}\"\ndoc = \"\"\n");
        section(&header(&entry, &HandWritten::default()), "Objects").to_owned()
    };
    assert_eq!(entry("PyObject *"), "extern CARDAN_DATA PyObject *X;");
    assert_eq!(entry("PyObject"), "extern CARDAN_DATA PyObject *cardan_data_X;\n#define X (*cardan_data_X)");
    assert_eq!(entry("int"), "extern CARDAN_DATA int *cardan_data_X;\n#define X (*cardan_data_X)");
    assert_eq!(entry("const int[256]"), "extern CARDAN_DATA const int *cardan_data_X;\n#define X cardan_data_X");
    assert_eq!(entry("int (*)(void)"), "extern CARDAN_DATA int (**cardan_data_X)(void);\n#define X (*cardan_data_X)");
}

#[test]
fn a_type_stands_after_what_it_needs() {
    let entries = "[typedef.a]\nadded = \"3.2\"\ndefinition = \"b (*a)(z *)\"\ndoc = \"\"\n\
                   [typedef.b]\nadded = \"3.2\"\ndefinition = \"int b\"\ndoc = \"\"\n\
                   [struct.z]\nadded = \"3.2\"\nkind = \"full\"\nfields = [\"a call\"]\ndoc = \"\"\n";
    let header = header(entries, &HandWritten::default());
    let place = |text: &str| header.find(text).expect(text);
    assert!(place("typedef struct z z;") < place("typedef b (*a)(z *);"));
    assert!(place("typedef int b;") < place("typedef b (*a)(z *);"));
    assert!(place("typedef b (*a)(z *);") < place("struct z {\n    a call;\n};"));
    assert!(!header.contains("struct _object"), "Python.h writes PyObject by hand");
}

#[test]
fn what_is_written_by_hand_is_left_out() {
    let mut by_hand = HandWritten::default();
    for line in ["#define M 2", "    K = 1,", "f(int i)", "    g(int i)", "x = 1;", "typedef int t;"] {
        by_hand.read_line(line);
    }
    assert_eq!(by_hand.names, BTreeSet::from(["M", "K", "x"].map(str::to_owned)));
    assert_eq!(by_hand.functions, BTreeSet::from(["f".to_owned()]));
    let entries = "[const.M]\nadded = \"3.2\"\nvalue = \"1\"\ndoc = \"\"\n\
                   [const.N]\nadded = \"3.2\"\nvalue = \"1 << 3\"\ndoc = \"\"\n\
                   [function.f]\nadded = \"3.2\"\nsignature = \"int f(int i)\"\nerror = \"-1\"\ndoc = \"\"\n";
    assert_eq!(section(&header(entries, &by_hand), "Objects"), "#define N (1 << 3)");
}

#[test]
fn the_headers_compile_without_a_warning_in_each_standard() {
    let source = "#include <Python.h>\n#include <structmember.h>\n#include <frameobject.h>\n\
                  #include <pythread.h>\n#include <datetime.h>\n\
                  PyObject *none(void) { return Py_NewRef(Py_None); }\n\
                  int check(PyTypeObject *type) { return PyObject_TypeCheck(type, &PyList_Type) && Py_UTF8Mode; }\n";
    let standards =
        [("cc", "c", ["c99", "c11", "c17"].as_slice()), ("c++", "c++", ["c++11", "c++17", "c++20"].as_slice())];
    for (compiler, language, standards) in standards {
        for standard in standards {
            let mut child = Command::new(compiler)
                .args(["-x", language, &format!("-std={standard}"), "-Wall", "-Wextra", "-Werror", "-fsyntax-only"])
                .arg("-I")
                .arg(repository::path("crates/cardan-capi/include"))
                .arg("-")
                .stdin(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap_or_else(|error| panic!("{compiler} cannot be started: {error}"));
            child.stdin.take().unwrap().write_all(source.as_bytes()).unwrap();
            let output = child.wait_with_output().unwrap();
            assert!(output.status.success(), "{standard}: {}", String::from_utf8_lossy(&output.stderr));
        }
    }
}
