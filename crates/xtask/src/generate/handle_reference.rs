//! `docs/reference/handles.md`: the context, the slots and the signatures as a page of tables.

use std::fmt::Write;

use anyhow::{Result, bail};
use cardan_spec::{Entry, EntryKind, FunctionSignature, HandleSlot, Handles};

use super::NOTICE;
use super::reference::{cell, code};

const INTRODUCTION: &str = "# Handles

What a module that includes Cardan's `hpy.h` can use: the entries of the context, the slots of types and modules, and what the
functions look like that fill them. [The header](hpy-h.md) says how they are defined, and what it adds to the context.

A function is called with the context first. What returns a *new handle* gives it to the caller, who closes it with
`HPy_Close`; a handle that is passed in stays the caller's. *No.* is the number of an entry: it stands at byte 24 + 8 × number of
the context, and never changes. Entries up to 272 are HPy's.

*Error* is how a function tells that it failed:

| Error | Meaning |
|---|---|
";

/// What the words of `error` in `spec/handles/context.toml` mean.
const ERRORS: &[(&str, &str)] = &[
    ("HPy_NULL", "a null handle, with an exception"),
    ("HPy_NULL or absent", "a null handle; without an exception there is just nothing"),
    ("HPy_NULL, no exception", "a null handle, never with an exception: there is nothing"),
    ("HPy_NULL, always", "a null handle in every case, so that a caller can return it"),
    ("-1", "-1, with an exception"),
    ("-1 or value", "-1, which may be a value too: ask `HPyErr_Occurred`"),
    ("-1, no exception", "-1, never with an exception"),
    ("-2", "-2, with an exception; -1 is a value"),
    ("NULL", "NULL, with an exception"),
    ("NULL or value", "NULL, which may be a value too: ask `HPyErr_Occurred`"),
    ("NULL, no exception", "NULL, never with an exception"),
    ("null", "a null builder, writer or tracker, with an exception"),
    ("null, later", "a null builder; the exception comes when it is built"),
    ("none", "cannot fail, or tells nobody"),
    ("fatal", "does not return"),
];

/// The sections, each with the beginnings of the names that it has. A name goes where the longest beginning fits.
const SECTIONS: &[(&str, &[&str])] = &[
    ("Handles", &["HPy_Dup", "HPy_Close", "HPyTracker_"]),
    ("Objects", &["HPy_"]),
    (
        "Attributes and items",
        &[
            "HPy_GetAttr",
            "HPy_HasAttr",
            "HPy_SetAttr",
            "HPy_GetOptional",
            "HPy_Generic",
            "HPy_GetItem",
            "HPy_SetItem",
            "HPy_DelItem",
            "HPy_GetSlice",
            "HPy_SetSlice",
            "HPy_DelSlice",
            "HPy_Contains",
            "HPy_Length",
            "HPyMapping_",
            "HPySequence_",
            "HPy_Concat",
            "HPy_Repeat",
        ],
    ),
    ("Calls", &["HPyCallable_", "HPy_Call", "HPy_SetCallFunction", "HPy_EnterRecursive", "HPy_LeaveRecursive"]),
    ("Iteration", &["HPyIter_", "HPy_GetIter", "HPy_GetAsyncIter", "HPyAsyncIter_"]),
    (
        "Operators",
        &[
            "HPy_Add",
            "HPy_Subtract",
            "HPy_Multiply",
            "HPy_MatrixMultiply",
            "HPy_FloorDivide",
            "HPy_TrueDivide",
            "HPy_Remainder",
            "HPy_Divmod",
            "HPy_Power",
            "HPy_Negative",
            "HPy_Positive",
            "HPy_Absolute",
            "HPy_Invert",
            "HPy_Lshift",
            "HPy_Rshift",
            "HPy_And",
            "HPy_Xor",
            "HPy_Or",
            "HPy_Index",
            "HPy_Long",
            "HPy_Float",
            "HPy_InPlace",
            "HPyNumber_",
            "HPyIndex_",
        ],
    ),
    ("Numbers", &["HPyLong_", "HPyFloat_", "HPyBool_", "HPyComplex_"]),
    ("Strings", &["HPyUnicode_", "HPyUnicodeWriter_"]),
    ("Bytes and bytearrays", &["HPyBytes_", "HPyBytesWriter_", "HPyByteArray_"]),
    ("Lists and tuples", &["HPyList_", "HPyListBuilder_", "HPyTuple_", "HPyTupleBuilder_"]),
    ("Dicts and sets", &["HPyDict_", "HPyDictProxy_", "HPySet_", "HPyFrozenSet_"]),
    ("Slices", &["HPySlice_"]),
    ("Dates and times", &["HPyDate_", "HPyTime_", "HPyDateTime_", "HPyTimeDelta_", "HPyTimeZone_", "HPyTZInfo_"]),
    ("Buffers", &["HPyBuffer_", "HPyMemoryView_"]),
    ("Capsules and weak references", &["HPyCapsule_", "HPyWeakref_"]),
    ("Exceptions", &["HPyErr_", "HPyException_"]),
    ("Types", &["HPyType_", "HPy_Type", "HPy_IsInstance", "HPy_IsSubclass"]),
    ("Modules", &["HPyModule_", "HPyImport_", "HPySys_"]),
    ("Fields and globals", &["HPyField_", "HPyGlobal_"]),
    ("Code and context variables", &["HPy_Compile", "HPy_EvalCode", "HPyContextVar_"]),
    ("Memory", &["HPyMem_", "HPyGC_"]),
    (
        "Threads and interpreters",
        &[
            "HPyThread_",
            "HPy_LeavePython",
            "HPy_ReenterPython",
            "HPyCriticalSection_",
            "HPyInterpreter_",
            "HPy_IsFinalizing",
            "HPy_FatalError",
        ],
    ),
    ("The host's objects", &["HPy_AsPyObject", "HPy_FromPyObject"]),
    ("What the header's macros and trampolines call", &["_HPy"]),
];

/// The page.
///
/// # Errors
/// When an entry has no documentation, an error that has no meaning, or no section.
pub(super) fn text(handles: &Handles, signatures: &[FunctionSignature], slots: &[HandleSlot]) -> Result<String> {
    let mut text = format!("<!-- {NOTICE} -->\n\n{INTRODUCTION}");
    for (word, meaning) in ERRORS {
        writeln!(text, "| `{word}` | {meaning} |").unwrap();
    }
    for entry in &handles.entries {
        check(entry)?;
    }
    for (index, (title, _)) in SECTIONS.iter().enumerate() {
        write!(text, "\n## {title}\n\n| Function | No. | Error | What it does |\n|---|---|---|---|\n").unwrap();
        for (number, entry) in handles.entries.iter().enumerate() {
            if let EntryKind::Function { signature, error, .. } = &entry.kind
                && section(&entry.name) == Some(index)
            {
                let doc = cell(&entry.doc);
                writeln!(text, "| {} | {number} | `{error}` | {doc} |", code(signature)).unwrap();
            }
        }
    }
    constants(&mut text, handles);
    slot_tables(&mut text, signatures, slots);
    Ok(text)
}

fn check(entry: &Entry) -> Result<()> {
    let name = &entry.name;
    if entry.doc.is_empty() {
        bail!("spec/handles/context.toml: {name} has no documentation");
    }
    if let EntryKind::Function { error, .. } = &entry.kind {
        if ERRORS.iter().all(|(word, _)| word != error) {
            let words: Vec<&str> = ERRORS.iter().map(|(word, _)| *word).collect();
            bail!("spec/handles/context.toml: {name}: error: expected one of {}, found {error}", words.join("; "));
        }
        if section(name).is_none() {
            bail!("{name} has no section in the reference page: say where it goes in handle_reference.rs");
        }
    }
    Ok(())
}

/// The index of the section of a function.
fn section(name: &str) -> Option<usize> {
    let fits = |beginnings: &[&str]| {
        beginnings.iter().filter(|beginning| name.starts_with(**beginning)).map(|beginning| beginning.len()).max()
    };
    let found = SECTIONS.iter().enumerate().filter_map(|(index, (_, beginnings))| Some((fits(beginnings)?, index)));
    found.max_by_key(|(length, _)| *length).map(|(_, index)| index)
}

/// The handles and the other data of the context.
fn constants(text: &mut String, handles: &Handles) {
    text.push_str(
        "\n## Constants\n\nFields of the context: `ctx->h_None`. They live as long as the context and are not closed.\n\n\
         | Field | No. | What it is |\n|---|---|---|\n",
    );
    for (number, entry) in handles.entries.iter().enumerate() {
        let field = match &entry.kind {
            EntryKind::Handle => code(&entry.name),
            EntryKind::Field { members } => members.iter().map(|member| code(member)).collect::<Vec<_>>().join(", "),
            EntryKind::Function { .. } => continue,
        };
        writeln!(text, "| {field} | {number} | {} |", cell(&entry.doc)).unwrap();
    }
}

fn slot_tables(text: &mut String, signatures: &[FunctionSignature], slots: &[HandleSlot]) {
    text.push_str(
        "\n## Slots\n\nFor `HPyDef_SLOT`. A slot without a signature takes a value. *Since* says who has it first: HPy, or Cardan.\n\n\
         | Slot | No. | Signature | Since | What it is for |\n|---|---|---|---|---|\n",
    );
    for slot in slots {
        let signature = slot.signature.as_deref().map(|name| name.trim_start_matches("HPyFunc_")).map(code);
        writeln!(
            text,
            "| {} | {} | {} | {} | {} |",
            code(&slot.name),
            slot.number,
            signature.unwrap_or_else(|| "a value".to_owned()),
            slot.added,
            cell(&slot.doc)
        )
        .unwrap();
    }
    text.push_str(
        "\n## Signatures\n\nOf the functions that fill slots, and of methods. The names of the constants begin with `HPyFunc_`. \
         Handles that such a function is given are the caller's: it does not close them. A handle that it returns is a new one.\n\n\
         | Signature | No. | Function | What it does |\n|---|---|---|---|\n",
    );
    for signature in signatures {
        writeln!(
            text,
            "| `{}` | {} | {} | {} |",
            signature.name.trim_start_matches("HPyFunc_"),
            signature.number,
            code(&signature.declaration.to_string()),
            cell(&signature.doc)
        )
        .unwrap();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_goes_to_the_section_of_its_longest_beginning() {
        let title = |name| section(name).map(|index| SECTIONS[index].0);
        assert_eq!(title("HPy_Repr"), Some("Objects"));
        assert_eq!(title("HPy_GetAttr_s"), Some("Attributes and items"));
        assert_eq!(title("HPyUnicodeWriter_New"), Some("Strings"));
        assert_eq!(title("_HPy_New"), Some("What the header's macros and trampolines call"));
        assert_eq!(title("HPyNew_Thing"), None);
    }

    #[test]
    fn an_entry_without_documentation_or_with_an_unknown_error_is_refused() {
        let entry = |doc: &str, error: &str| Entry {
            name: "HPy_Dup".to_owned(),
            kind: EntryKind::Function {
                signature: String::new(),
                declaration: cardan_spec::Declaration::parse("HPy HPy_Dup(HPyContext *ctx, HPy h)").unwrap(),
                error: error.to_owned(),
            },
            doc: doc.to_owned(),
        };
        let problem = |entry: &Entry| check(entry).unwrap_err().to_string();
        assert_eq!(problem(&entry("", "none")), "spec/handles/context.toml: HPy_Dup has no documentation");
        let unknown = problem(&entry("x", "maybe"));
        assert!(
            unknown.starts_with("spec/handles/context.toml: HPy_Dup: error: expected one of HPy_NULL; "),
            "{unknown}"
        );
        assert!(unknown.ends_with(", found maybe"), "{unknown}");
    }
}
