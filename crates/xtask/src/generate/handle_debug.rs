//! The entries of the debug and the trace context that follow from their signatures, and what puts all of them into place.

use std::fmt::Write;

use anyhow::{Context as _, Result, bail};
use cardan_spec::{CType, Entry, EntryKind, Handles};

use super::handle_abi::handle_type;
use super::{NOTICE, rustfmt};

/// Entries of the debug context that are written by hand, in `crates/cardan-debug/src/by_hand.rs`.
const BY_HAND: [&str; 50] = [
    "ctx_AsStruct_Dict",
    "ctx_AsStruct_Float",
    "ctx_AsStruct_Legacy",
    "ctx_AsStruct_List",
    "ctx_AsStruct_Long",
    "ctx_AsStruct_Object",
    "ctx_AsStruct_Tuple",
    "ctx_AsStruct_Type",
    "ctx_AsStruct_Unicode",
    "ctx_Buffer_FillInfo",
    "ctx_Buffer_Get",
    "ctx_Buffer_Release",
    "ctx_Bytes_AS_STRING",
    "ctx_Bytes_AsString",
    "ctx_Call",
    "ctx_CallMethod",
    "ctx_CallMethod_s",
    "ctx_CallRealFunctionFromTrampoline",
    "ctx_Close",
    "ctx_Field_Clear",
    "ctx_Field_Load",
    "ctx_Field_Store",
    "ctx_Global_Load",
    "ctx_Global_Store",
    "ctx_LeavePythonExecution",
    "ctx_ListBuilder_Build",
    "ctx_ListBuilder_Cancel",
    "ctx_ListBuilder_New",
    "ctx_ListBuilder_Set",
    "ctx_Module_AddType",
    "ctx_ReenterPythonExecution",
    "ctx_Thread_Attach",
    "ctx_Thread_Detach",
    "ctx_Tracker_Add",
    "ctx_Tracker_Close",
    "ctx_Tracker_ForgetAll",
    "ctx_Tracker_New",
    "ctx_TupleBuilder_Build",
    "ctx_TupleBuilder_Cancel",
    "ctx_TupleBuilder_New",
    "ctx_TupleBuilder_Set",
    "ctx_Tuple_FromArray",
    "ctx_TypeCheck",
    "ctx_Type_FromSpec",
    "ctx_Type_GenericNew",
    "ctx_Type_GetName",
    "ctx_Type_IsSubtype",
    "ctx_Unicode_AsKindAndData",
    "ctx_Unicode_AsUTF8AndSize",
    "ctx_Unicode_Substring",
];

/// When the trace context tells the user's functions of an entry, where that is not always: only while the thread is attached.
const TOLD: [(&str, &str); 8] = [
    ("ctx_LeavePythonExecution", "BEFORE"),
    ("ctx_Mem_RawCalloc", "NEVER"),
    ("ctx_Mem_RawFree", "NEVER"),
    ("ctx_Mem_RawMalloc", "NEVER"),
    ("ctx_Mem_RawRealloc", "NEVER"),
    ("ctx_ReenterPythonExecution", "AFTER"),
    // It may fail, and then the thread is not attached afterwards either.
    ("ctx_Thread_Attach", "NEVER"),
    ("ctx_Thread_Detach", "BEFORE"),
];
/// Entries that any thread may call at any time: their context is not looked at.
const ANYWHERE: [&str; 5] =
    ["ctx_IsFinalizing", "ctx_Mem_RawCalloc", "ctx_Mem_RawFree", "ctx_Mem_RawMalloc", "ctx_Mem_RawRealloc"];

/// Entries that end what their first argument stands for.
const LAST: [&str; 4] =
    ["ctx_BytesWriter_Discard", "ctx_BytesWriter_Finish", "ctx_UnicodeWriter_Discard", "ctx_UnicodeWriter_Finish"];

/// The entry that the trace context does not count.
const UNCOUNTED: &str = "ctx_CallRealFunctionFromTrampoline";

/// How a parameter or a result has to do with handles.
enum Role {
    /// A handle.
    Handle,
    /// A place for a handle that the function makes.
    Out,
    /// A writer; the variant of `Kind`.
    Writer(String),
    /// Nothing to do with them.
    Plain,
}

/// Whether an exception must not be pending when an entry is called: it can raise one itself, and is not there to deal with
/// exceptions or to clean up, nor to make or read a value on the way to a result that the exception replaces.
fn needs_no_exception(entry: &Entry) -> bool {
    const DEAL: [&str; 14] = [
        "HPyBool_",
        "HPyBytes_From",
        "HPyErr_",
        "HPyException_",
        "HPyField_",
        "HPyFloat_",
        "HPyGlobal_",
        "HPyListBuilder_",
        "HPyLong_",
        "HPyMem_",
        "HPyTracker_",
        "HPyTuple_",
        "HPyTupleBuilder_",
        "HPyUnicode_From",
    ];
    let EntryKind::Function { error, .. } = &entry.kind else { return false };
    let fails = matches!(
        error.as_str(),
        "HPy_NULL" | "HPy_NULL or absent" | "-1" | "-1 or value" | "-2" | "NULL" | "NULL or value" | "null"
    );
    fails && !LAST.contains(&entry.member().as_str()) && !DEAL.iter().any(|start| entry.name.starts_with(start))
}

/// What a function returns in place of a value when its writer is done with.
fn failure(result: &CType) -> Result<&'static str> {
    Ok(match result {
        CType::Void => "",
        own if is_handle(own) => "Handle::NULL",
        CType::Pointer { .. } => "core::ptr::null_mut()",
        CType::Named { name, .. } if name == "int" || name == "HPy_ssize_t" => "-1",
        other => bail!("no result is known that stands for an error, of {other:?}"),
    })
}

fn is_handle(ctype: &CType) -> bool {
    matches!(ctype, CType::Named { name, .. } if name == "HPy")
}

fn role(entry: &Entry, ctype: &CType) -> Result<Role> {
    Ok(match ctype {
        own if is_handle(own) => Role::Handle,
        CType::Pointer { to, .. } if is_handle(to) => match &**to {
            CType::Named { constant: false, .. } => Role::Out,
            _ => bail!("{}: an array of handles has to be unwrapped by hand", entry.name),
        },
        CType::Named { name, .. } if name == "HPyUnicodeWriter" || name == "HPyBytesWriter" => {
            Role::Writer(name.trim_start_matches("HPy").to_owned())
        }
        CType::Array { of, .. } if is_handle(of) => {
            bail!("{}: an array of handles has to be unwrapped by hand", entry.name)
        }
        _ => Role::Plain,
    })
}

/// The function's own name after a prefix: `debug_Add` for `ctx_Add`.
fn named(prefix: &str, entry: &Entry) -> String {
    format!("{prefix}_{}", entry.member().trim_start_matches("ctx_"))
}

/// The parameters after the context, as Rust declares them, and the result.
fn signature(entry: &Entry) -> Result<(Vec<String>, String)> {
    let (result, parameters) = entry.function().context("a function")?;
    let mut declared = Vec::new();
    for (index, parameter) in parameters.iter().enumerate().skip(1) {
        declared.push(format!("a{index}: {}", handle_type(&parameter.ctype)?));
    }
    let result = match result {
        CType::Void => String::new(),
        other => format!(" -> {}", handle_type(other)?),
    };
    Ok((declared, result))
}

/// `crates/cardan-debug/src/debug_entries.rs`.
pub(super) fn debug(handles: &Handles) -> Result<String> {
    let mut text = format!(
        "// {NOTICE}\n//! The entries of the debug context that follow from their signatures.\n\
         #![allow(clippy::too_many_arguments)] // As many as the entry has.\n\n\
         use crate::by_hand::*;\nuse crate::call::Call;\nuse crate::handles::{{self, Kind}};\nuse crate::switch;\n\
         use cardan_abi::*;\nuse core::ffi::*;\n\n"
    );
    for entry in functions(handles).filter(|entry| !BY_HAND.contains(&entry.member().as_str())) {
        let (result, parameters) = entry.function().context("a function")?;
        let (declared, result_type) = signature(entry)?;
        let (mut before, mut after, mut arguments) = (String::new(), String::new(), vec!["inner".to_owned()]);
        for (index, parameter) in parameters.iter().enumerate().skip(1) {
            match role(entry, &parameter.ctype)? {
                Role::Handle => {
                    writeln!(before, "let a{index} = call.unwrap(a{index});")?;
                    arguments.push(format!("a{index}"));
                }
                Role::Out => {
                    writeln!(before, "let mut o{index} = Handle::NULL;")?;
                    arguments.push(format!("if a{index}.is_null() {{ a{index} }} else {{ &raw mut o{index} }}"));
                    writeln!(after, "if !a{index}.is_null() {{ a{index}.write(call.open(o{index})); }}")?;
                }
                Role::Writer(kind) => {
                    let failure = failure(result)?;
                    let look = if failure.is_empty() { "unfinished" } else { "writer" };
                    writeln!(
                        before,
                        "let Some(w{index}) = call.{look}(a{index}.word, Kind::{kind}) else {{ return {failure} }};"
                    )?;
                    if LAST.contains(&entry.member().as_str()) {
                        writeln!(before, "call.finish(a{index}.word);")?;
                    }
                    arguments.push(format!("{kind} {{ word: w{index} }}"));
                }
                Role::Plain => arguments.push(format!("a{index}")),
            }
        }
        if ANYWHERE.contains(&entry.member().as_str()) {
            writeln!(
                text,
                "unsafe extern \"C\" fn {}(context: *mut Context, {}){result_type} {{\n\
                 // SAFETY: the caller's promise is that of the entry.\n\
                 unsafe {{ let inner = switch::below(context); ((*inner).{})({}) }}\n}}\n",
                named("debug", entry),
                declared.join(", "),
                entry.member(),
                arguments.join(", "),
            )?;
            continue;
        }
        let call = format!("call.outside(|| ((*inner).{})({}))", entry.member(), arguments.join(", "));
        let body = match result {
            CType::Void => format!("{call};\n{after}"),
            CType::Named { name, .. } if name == "HPyUnicodeWriter" || name == "HPyBytesWriter" => {
                let kind = name.trim_start_matches("HPy");
                format!("let result = {call};\n{kind} {{ word: call.begin(result.word, Kind::{kind}) }}")
            }
            other if is_handle(other) => format!("let result = {call};\n{after}call.open(result)"),
            _ if after.is_empty() => call,
            _ => format!("let result = {call};\n{after}result"),
        };
        writeln!(
            text,
            "unsafe extern \"C\" fn {}(context: *mut Context, {}){result_type} {{\n\
             // SAFETY: the caller's promise is that of the entry.\nunsafe {{\n\
             let call = Call::{}(context, c\"{}\");\nlet inner = call.inner();\n{before}{body}\n}}\n}}\n",
            named("debug", entry),
            declared.join(", "),
            if needs_no_exception(entry) { "enter_clean" } else { "enter" },
            entry.name
        )?;
    }
    text.push_str(&write(handles, |entry| named("debug", entry))?);
    text.push_str(&constants(
        handles,
        "/// Makes handles of this context for the production context's constants.\n///\n/// # Safety\n\
         /// Both are contexts; the thread is attached.\n\
         pub unsafe fn wrap_constants(context: *mut Context, inner: *mut Context)",
        // The dict of the built-in names is each interpreter's own, and is put into the contexts that functions are given.
        |name| {
            let constant = if name == OF_INTERPRETER { "h_None" } else { name };
            format!("handles::open((*inner).{constant}, Kind::Constant, c\"the context\")")
        },
    )?);
    text.push_str(&constants(handles, COPY, |name| format!("(*inner).{name}"))?);
    rustfmt(&text)
}

/// `crates/cardan-debug/src/trace_entries.rs`.
pub(super) fn trace(handles: &Handles) -> Result<String> {
    let counted: Vec<&Entry> = functions(handles).filter(|entry| entry.member() != UNCOUNTED).collect();
    let mut text = format!(
        "// {NOTICE}\n//! The entries of the trace context, each with its counter.\n\
         #![allow(clippy::too_many_arguments)] // As many as the entry has.\n\n\
         use crate::trace::{{Counter, Told, counted, inner, trace_CallRealFunctionFromTrampoline}};\n\
         use cardan_abi::*;\nuse core::ffi::*;\n\n\
         /// The counters, by the number of the entry.\npub static COUNTERS: [Counter; {}] = [\n",
        counted.len()
    );
    for entry in &counted {
        writeln!(text, "Counter::new(c\"{}\"),", entry.member())?;
    }
    text.push_str("];\n\n");
    for (position, entry) in counted.iter().enumerate() {
        let (declared, result) = signature(entry)?;
        let member = entry.member();
        let told = TOLD.iter().find(|(name, _)| *name == member).map_or("ALWAYS", |(_, when)| when);
        let arguments: Vec<String> = std::iter::once("inner(context)".to_owned())
            .chain((1..=declared.len()).map(|index| format!("a{index}")))
            .collect();
        writeln!(
            text,
            "unsafe extern \"C\" fn {}(context: *mut Context, {}){result} {{\n\
             // SAFETY: the caller's promise is that of the entry.\n\
             unsafe {{ counted(&COUNTERS[{position}], Told::{told}, || ((*inner(context)).{})({})) }}\n}}\n",
            named("trace", entry),
            declared.join(", "),
            entry.member(),
            arguments.join(", ")
        )?;
    }
    text.push_str(&write(handles, |entry| named("trace", entry))?);
    text.push_str(&constants(handles, COPY, |name| format!("(*inner).{name}"))?);
    rustfmt(&text)
}

fn functions(handles: &Handles) -> impl Iterator<Item = &Entry> {
    handles.entries.iter().filter(|entry| matches!(entry.kind, EntryKind::Function { .. }))
}

/// A function that writes every function of a context. What a module may do without the table is turned off.
fn write(handles: &Handles, function: impl Fn(&Entry) -> String) -> Result<String> {
    let mut text = String::from(
        "/// Writes a context with its functions; its handles are null.\n///\n/// # Safety\n\
         /// `context` is memory for a context that nothing else uses.\n\
         pub unsafe fn write(context: *mut Context, name: &'static CStr, private: *mut c_void) {\n\
         // SAFETY: the caller's memory; each field is written without a look at what was there.\nunsafe {\n\
         (&raw mut (*context).name).write(name.as_ptr());\n\
         (&raw mut (*context).private).write(private);\n\
         (&raw mut (*context).abi_version).write(1);\n",
    );
    for entry in &handles.entries {
        match &entry.kind {
            EntryKind::Handle => writeln!(text, "(&raw mut (*context).{}).write(Handle::NULL);", entry.name)?,
            EntryKind::Function { .. } => {
                writeln!(text, "(&raw mut (*context).{}).write({});", entry.member(), function(entry))?;
            }
            EntryKind::Field { members } => {
                for member in members {
                    let name = member.rsplit_once(' ').context("a member has a type and a name")?.1;
                    let value = if name == "size" { "size_of::<Context>()" } else { "0" };
                    writeln!(text, "(&raw mut (*context).{name}).write({value});")?;
                }
            }
        }
    }
    text.push_str("}\n}\n\n");
    Ok(text)
}

/// The handle that differs between interpreters.
const OF_INTERPRETER: &str = "h_Builtins";

const COPY: &str = "/// Takes over the constants of another context.\n///\n/// # Safety\n/// Both are contexts.\n\
                    pub unsafe fn copy_constants(context: *mut Context, inner: *mut Context)";

fn constants(handles: &Handles, head: &str, value: impl Fn(&str) -> String) -> Result<String> {
    let mut text = format!("{head} {{\n// SAFETY: the caller's contexts.\nunsafe {{\n");
    for entry in handles.entries.iter().filter(|entry| matches!(entry.kind, EntryKind::Handle)) {
        writeln!(text, "(*context).{0} = {1};", entry.name, value(&entry.name))?;
    }
    text.push_str("}\n}\n\n");
    Ok(text)
}
