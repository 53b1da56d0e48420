//! `spec/handles/layout.golden`: the binary border of the handle door, one fact a line, and the tests that compare Rust's and
//! C's layouts with it.

use std::fmt::Write;
use std::fs;

use anyhow::{Context, Result, bail};
use cardan_spec::{CType, Declaration, Entry, EntryKind, FunctionSignature, HandleSlot, Handles, Parameter};

use super::NOTICE;
use crate::repository;

/// The file's place in the repository.
pub(super) const GOLDEN: &str = "spec/handles/layout.golden";

const INTRODUCTION: &str = "\
# What modules and runtimes agree on, on hosts with pointers of 64 bits. Compiled modules rely on each line:
# lines are added, none is changed or removed. `cargo xtask generate` adds them and refuses the rest.
#
# entry NUMBER OFFSET DECLARATION    a field of HPyContext, OFFSET in bytes; the fields of one entry share a line
# size STRUCT BYTES                  the size of what a module hands over
# signature NUMBER NAME TYPE         a value of HPyFunc_Signature and the author's function
# slot NUMBER NAME SIGNATURE         a value of HPySlot_Slot
";

/// The context's fields before the entries: `name`, `_private`, `abi_version`.
const FIRST_ENTRY: usize = 24;

/// C structs with their names in Rust and their sizes in bytes.
const SIZES: &[(&str, &str, usize)] = &[
    ("HPyDef", "Definition", 64),
    ("HPySlot", "SlotDefinition", 24),
    ("HPyMeth", "MethodDefinition", 40),
    ("HPyMember", "MemberDefinition", 40),
    ("HPyGetSet", "GetSetDefinition", 56),
    ("HPyType_Spec", "TypeSpec", 56),
    ("HPyType_SpecParam", "TypeSpecParameter", 16),
    ("HPyModuleDef", "ModuleDefinition", 40),
    ("HPyModuleEntry", "ModuleEntry", 40),
    ("HPyCapsule_Destructor", "CapsuleDestructor", 16),
    ("HPyCallFunction", "CallFunction", 16),
    ("HPy_buffer", "Buffer", 80),
    ("HPyDateTime_Fields", "DateTimeFields", 32),
    ("HPyCriticalSection", "CriticalSection", 32),
    ("HPyCriticalSection2", "CriticalSection2", 48),
    ("HPy", "Handle", 8),
    ("HPyField", "Field", 8),
    ("HPyGlobal", "Global", 8),
    ("HPyTracker", "Tracker", 8),
    ("HPyListBuilder", "ListBuilder", 8),
    ("HPyTupleBuilder", "TupleBuilder", 8),
    ("HPyUnicodeWriter", "UnicodeWriter", 8),
    ("HPyBytesWriter", "BytesWriter", 8),
    ("HPyThreadState", "ThreadState", 8),
    ("HPyThreadAttachment", "ThreadAttachment", 8),
];

/// The text of [`GOLDEN`].
///
/// # Errors
/// When a line of the committed file would be changed or removed.
pub(super) fn golden(handles: &Handles, signatures: &[FunctionSignature], slots: &[HandleSlot]) -> Result<String> {
    let mut text = INTRODUCTION.to_owned();
    for (number, entry) in handles.entries.iter().enumerate() {
        writeln!(text, "entry {number} {} {}", FIRST_ENTRY + 8 * number, declaration(entry)).unwrap();
    }
    for (name, _, size) in SIZES {
        writeln!(text, "size {name} {size}").unwrap();
    }
    for signature in signatures {
        let (result, parameters) = signature.function();
        writeln!(text, "signature {} {} {}", signature.number, signature.name, unnamed(result, parameters)).unwrap();
    }
    for slot in slots {
        let signature = slot.signature.as_deref().unwrap_or("value");
        writeln!(text, "slot {} {} {signature}", slot.number, slot.name).unwrap();
    }
    let path = repository::path(GOLDEN);
    if path.exists() {
        let committed = fs::read_to_string(&path).with_context(|| format!("{GOLDEN}: cannot be read"))?;
        check(&committed, &text)?;
    }
    Ok(text)
}

/// Refuses a text in which a line of the committed one is missing.
fn check(committed: &str, text: &str) -> Result<()> {
    let facts = |text: &'_ str| -> Vec<String> {
        text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
    };
    let new = facts(text);
    if let Some(lost) = facts(committed).into_iter().find(|line| !new.contains(line)) {
        bail!(
            "{GOLDEN} has the line\n    {lost}\nwhich spec/handles no longer says; modules that are compiled already rely on it: \
             give what is new a number of its own"
        );
    }
    Ok(())
}

/// The fields of an entry as C declarations.
fn declaration(entry: &Entry) -> String {
    match &entry.kind {
        EntryKind::Handle => format!("HPy {}", entry.name),
        EntryKind::Field { members } => members.join("; "),
        EntryKind::Function { .. } => {
            let (result, parameters) = entry.function().expect("a function");
            let pointer =
                CType::Pointer { to: Box::new(unnamed(result, parameters)), constant_void: false, constant: false };
            Declaration { name: Some(entry.member()), ctype: pointer }.to_string()
        }
    }
}

/// A function type without the names of the parameters, which compiled modules do not rely on.
fn unnamed(result: &CType, parameters: &[Parameter]) -> CType {
    let parameters =
        parameters.iter().map(|parameter| Parameter { name: None, ctype: parameter.ctype.clone() }).collect();
    CType::Function { result: Box::new(result.clone()), parameters, variadic: false }
}

/// Each field of the context with its offset in bytes. The fields of an entry with several have the same size.
fn fields(handles: &Handles) -> Vec<(String, usize)> {
    let mut fields = Vec::new();
    for (number, entry) in handles.entries.iter().enumerate() {
        let offset = FIRST_ENTRY + 8 * number;
        match &entry.kind {
            EntryKind::Field { members } => {
                let size = 8 / members.len();
                for (index, member) in members.iter().enumerate() {
                    let name = member.split_whitespace().next_back().unwrap_or_default();
                    fields.push((name.to_owned(), offset + size * index));
                }
            }
            _ => fields.push((entry.member(), offset)),
        }
    }
    fields
}

/// `crates/cardan-abi/tests/layout/offsets.rs`: what the compiler says of each field and struct.
pub(super) fn rust(handles: &Handles, signatures: &[FunctionSignature]) -> Result<String> {
    let mut text = format!("// {NOTICE}\nuse cardan_abi::*;\nuse core::mem::{{offset_of, size_of}};\n\n");
    text.push_str(
        "/// The context's fields by their names in C, and where they are.\npub const OFFSETS: &[(&str, usize)] = &[\n",
    );
    for (name, _) in fields(handles) {
        writeln!(text, "(\"{name}\", offset_of!(Context, {name})),").unwrap();
    }
    text.push_str("];\n\n/// Structs by their names in C, and their sizes.\npub const SIZES: &[(&str, usize)] = &[\n");
    for (name, rust, _) in SIZES {
        writeln!(text, "(\"{name}\", size_of::<{rust}>()),").unwrap();
    }
    text.push_str(
        "];\n\n/// The values of `HPyFunc_Signature` by their names in C.\npub const SIGNATURES: &[(&str, u32)] = &[\n",
    );
    for FunctionSignature { name, .. } in signatures {
        writeln!(text, "(\"{name}\", signature::{}),", name.trim_start_matches("HPyFunc_")).unwrap();
    }
    text.push_str("];\n");
    super::rustfmt(&text)
}

/// `crates/cardan-runtime/tests/header/layout.c`: the same for the header, as assertions of the compiler.
pub(super) fn c(handles: &Handles, signatures: &[FunctionSignature], slots: &[HandleSlot]) -> String {
    let mut text = format!(
        "/* {NOTICE} */\n#include \"hpy.h\"\n\n#ifdef __cplusplus\n#define CHECK(fact) static_assert(fact, #fact)\n#else\n\
         #define CHECK(fact) _Static_assert(fact, #fact)\n#endif\n\n\
         CHECK(offsetof(HPyContext, name) == 0);\nCHECK(offsetof(HPyContext, _private) == 8);\n\
         CHECK(offsetof(HPyContext, abi_version) == 16);\n"
    );
    for (name, offset) in fields(handles) {
        writeln!(text, "CHECK(offsetof(HPyContext, {name}) == {offset});").unwrap();
    }
    writeln!(text, "CHECK(sizeof(HPyContext) == {});", FIRST_ENTRY + 8 * handles.entries.len()).unwrap();
    for (name, _, size) in SIZES {
        writeln!(text, "CHECK(sizeof({name}) == {size});").unwrap();
    }
    for signature in signatures {
        writeln!(text, "CHECK({} == {});", signature.name, signature.number).unwrap();
    }
    for slot in slots {
        writeln!(text, "CHECK({} == {});", slot.name, slot.number).unwrap();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_may_be_added_but_none_be_changed() {
        let committed = "# x\nentry 0 24 HPy h_None\nslot 1 HPy_tp_x HPyFunc_O\n";
        check(committed, "# y\nentry 0 24 HPy h_None\nentry 1 32 HPy h_True\nslot 1 HPy_tp_x HPyFunc_O\n").unwrap();
        let error = check(committed, "entry 0 24 HPy h_True\nslot 1 HPy_tp_x HPyFunc_O\n").unwrap_err().to_string();
        assert_eq!(
            error,
            "spec/handles/layout.golden has the line\n    entry 0 24 HPy h_None\nwhich spec/handles no longer says; modules that \
             are compiled already rely on it: give what is new a number of its own"
        );
    }

    #[test]
    fn the_context_is_laid_out_like_hpys() {
        let handles = Handles::load(&repository::path("spec/handles/context.toml")).unwrap();
        let fields = fields(&handles);
        let place = |name: &str| fields.iter().find(|(field, _)| field == name).map(|(_, offset)| *offset);
        assert_eq!(place("h_None"), Some(24));
        // Where HPy 0.9.0 and its master branch end.
        assert_eq!(place("ctx_CallMethod"), Some(2128 - 8));
        assert_eq!(place("ctx_Slice_New"), Some(2208 - 8));
        assert_eq!(place("count_width").zip(place("direct")).map(|(one, other)| one - other), Some(4));
    }
}
