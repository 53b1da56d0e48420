use std::fs;
use std::path::Path;

use super::*;

/// Loads a folder with these files and gives its error, with the folder's name removed.
fn problem(files: &[(&str, &str)]) -> String {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let error = Spec::load(folder.path()).expect_err("the specification is bad").to_string();
    error.replace(&format!("{}{}", folder.path().display(), std::path::MAIN_SEPARATOR), "")
}

/// The error of one chapter whose only entry is this one.
fn problem_of(entry: &str) -> String {
    problem(&[("list.toml", &format!("title = \"Lists\"\n{entry}"))])
}

#[test]
fn the_repository_s_own_specification_is_good() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spec/capi");
    let spec = Spec::load(&folder).unwrap();
    let functions = spec.functions();
    let list_new = functions["PyList_New"];
    assert_eq!(list_new.added, Version { major: 3, minor: 2 });
    assert_eq!(list_new.error, ErrorReturn::Null);
    assert_eq!(list_new.result, Some(Ownership::New));
    assert!(list_new.limited && !list_new.provided);
    assert_eq!(functions["PyDict_GetItem"].result, Some(Ownership::Borrowed));
    assert!(functions["PyTuple_GET_ITEM"].provided);
    assert_eq!(spec.data()["PyList_Type"].kind, DataKind::Address);
    assert_eq!(spec.data()["PyExc_TypeError"].kind, DataKind::ObjectVariable);
    assert_eq!(spec.data()["Py_UTF8Mode"].kind, DataKind::Variable);
    // The stable ABI of 3.13 alone has 763 functions and 143 data symbols.
    assert!(functions.values().filter(|function| function.limited).count() >= 763);
    assert!(spec.data().values().filter(|data| data.limited).count() >= 143);
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let error = Spec::load(Path::new("no-such-folder")).unwrap_err().to_string();
    assert_eq!(error, "no-such-folder: cannot be read: No such file or directory (os error 2)");
}

#[test]
fn a_name_is_taken_once() {
    let entry = "[const.X]\nadded = \"3.2\"\nvalue = \"1\"\ndoc = \"\"\n";
    let files = [("a.toml", format!("title = \"A\"\n{entry}")), ("b.toml", format!("title = \"B\"\n{entry}"))];
    let found = problem(&[(files[0].0, &files[0].1), (files[1].0, &files[1].1)]);
    assert_eq!(found, "b.toml: const.X: the name is already taken in a.toml");
}

#[test]
fn an_unknown_error_word_lists_the_vocabulary() {
    let found = problem_of("[function.F]\nadded = \"3.2\"\nsignature = \"int F(void)\"\nerror = \"nil\"\ndoc = \"\"\n");
    assert_eq!(
        found,
        "list.toml: function.F: error: expected one of \"NULL\", \"NULL or absent\", \"NULL, no exception\", \
         \"NULL, always\", \"NULL or value\", \"-1\", \"-1 or value\", \"-1, no exception\", \"-2\", \"0\", \"never\", \"fatal\", \
         found \"nil\""
    );
}

#[test]
fn a_signature_has_the_name_of_its_entry() {
    let found = problem_of("[function.F]\nadded = \"3.2\"\nsignature = \"int G(void)\"\nerror = \"-1\"\ndoc = \"\"\n");
    assert_eq!(found, "list.toml: function.F: signature: expected the name `F`, found `G`");
}

#[test]
fn a_signature_is_a_function() {
    let found = problem_of("[function.F]\nadded = \"3.2\"\nsignature = \"int F\"\nerror = \"-1\"\ndoc = \"\"\n");
    assert_eq!(found, "list.toml: function.F: signature: expected a function, found `int F`");
}

#[test]
fn an_unknown_type_is_named() {
    let found =
        problem_of("[function.F]\nadded = \"3.2\"\nsignature = \"int F(PyList *list)\"\nerror = \"-1\"\ndoc = \"\"\n");
    assert_eq!(found, "list.toml: function.F: the type `PyList` is neither C's own nor an entry of the specification");
}

#[test]
fn an_object_result_says_whose_it_is() {
    let object = "[struct.PyObject]\nadded = \"3.2\"\nkind = \"opaque\"\ndoc = \"\"\n";
    let entry = |rest: &str| problem_of(&format!("{object}[function.F]\nadded = \"3.2\"\n{rest}doc = \"\"\n"));
    assert_eq!(
        entry("signature = \"PyObject *F(void)\"\nerror = \"NULL\"\n"),
        "list.toml: function.F: result: expected \"new\" or \"borrowed\" for a `PyObject *`, found none"
    );
    assert_eq!(
        entry("signature = \"int F(void)\"\nresult = \"new\"\nerror = \"-1\"\n"),
        "list.toml: function.F: result: expected none, since `int` is not `PyObject *`"
    );
    assert_eq!(
        entry("signature = \"int F(PyObject *item)\"\nerror = \"-1\"\nsteals = [\"value\"]\n"),
        "list.toml: function.F: steals: expected the name of a parameter, found \"value\""
    );
}

#[test]
fn other_mistakes_in_an_entry_are_named() {
    assert_eq!(
        problem_of("[const.X]\nadded = \"three\"\nvalue = \"1\"\ndoc = \"\"\n"),
        "list.toml: const.X: expected a version such as \"3.12\", found \"three\""
    );
    assert_eq!(problem_of("[const.X]\nadded = \"3.2\"\ndoc = \"\"\n"), "list.toml: const.X: missing field `value`");
    assert_eq!(
        problem_of("[const.X]\nadded = \"3.2\"\nvalue = \"1\"\ndoc = \"\"\nsince = \"3.2\"\n"),
        "list.toml: const.X: unknown field `since`, expected one of `added`, `limited`, `value`, `doc`"
    );
    assert_eq!(
        problem_of("[typedef.f]\nadded = \"3.2\"\ndefinition = \"int (*g)(void)\"\ndoc = \"\"\n"),
        "list.toml: typedef.f: definition: expected the name `f`, found `g`"
    );
    assert_eq!(
        problem_of("[thing.X]\nadded = \"3.2\"\n"),
        "list.toml: thing.X: expected function, data, slot, const, struct, enum, typedef or macro as the kind"
    );
}

#[test]
fn a_file_that_is_no_chapter_is_refused() {
    assert_eq!(problem(&[("x.toml", "[const.X]\n")]), "x.toml: expected `title = \"…\"` at the top, found none");
    assert_eq!(
        problem(&[("x.toml", "title = \"X\"\nnumber = 1\n")]),
        "x.toml: expected only tables such as `[function.NAME]` after the title, found `number`"
    );
    assert!(problem(&[("x.toml", "title = ")]).starts_with("x.toml: not TOML: "));
}

#[test]
fn every_cpython_since_an_entry_was_added_exports_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spec");
    let spec = Spec::load(&folder.join("capi")).unwrap();
    let table = crate::Availability::load(&folder.join("hosts/available.tsv")).unwrap();
    // CPython 3.9 has this one as a macro only.
    let excepted = [("PyCFunction_New", "cpython-3.9")];
    let functions = spec.functions().into_iter().filter(|(_, entry)| entry.limited && !entry.provided);
    let functions = functions.map(|(name, entry)| (name, entry.added));
    let data = spec.data().into_iter().filter(|(_, entry)| entry.limited).map(|(name, entry)| (name, entry.added));
    for (symbol, added) in functions.chain(data).filter(|(symbol, _)| table.symbols.contains_key(*symbol)) {
        for host in table.hosts.iter().filter(|host| host.starts_with("cpython-")) {
            let version: Version = host["cpython-".len()..].trim_end_matches('t').parse().unwrap();
            if version < added || excepted.contains(&(symbol, host.as_str())) {
                continue;
            }
            assert_eq!(table.presence(symbol, host), Some(crate::Presence::Present), "{symbol} on {host}");
        }
    }
}

#[test]
fn every_entry_is_documented_in_one_paragraph() {
    let spec = Spec::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spec/capi")).unwrap();
    let check = |name: &str, doc: &str| assert!(doc.ends_with('.') && !doc.contains('\n'), "{name}: {doc:?}");
    for chapter in &spec.chapters {
        chapter.functions.iter().for_each(|(name, entry)| check(name, &entry.doc));
        chapter.data.iter().for_each(|(name, entry)| check(name, &entry.doc));
        chapter.slots.iter().for_each(|(name, entry)| check(name, &entry.doc));
        chapter.constants.iter().for_each(|(name, entry)| check(name, &entry.doc));
        chapter.structs.iter().for_each(|(name, entry)| check(name, &entry.doc));
        chapter.enums.iter().for_each(|(name, entry)| check(name, &entry.doc));
        chapter.typedefs.iter().for_each(|(name, entry)| check(name, &entry.doc));
        chapter.macros.iter().for_each(|(name, entry)| check(name, &entry.doc));
    }
}
