//! The generated parts of `hpy.h`: signatures with their trampolines, slots, and the context with the functions that call it.

use std::fmt::Write;

use cardan_spec::{
    CType, Declaration, Entry, EntryKind, FunctionSignature, HandleSlot, Handles, Parameter, Trampoline,
};

use super::NOTICE;

/// Functions that do more than call the context: `hpy/calls.h` has them.
const BY_HAND: &[&str] = &[
    "HPy_Dup",
    "HPy_Close",
    "_HPy_AsStruct_Object",
    "_HPy_New",
    "HPy_FatalError",
    "HPy_AsPyObject",
    "HPy_FromPyObject",
];

fn header(guard: &str, body: &str) -> String {
    format!(
        "/* {NOTICE} */\n#ifndef CARDAN_HPY_GENERATED_{guard}_H\n#define CARDAN_HPY_GENERATED_{guard}_H\n{body}\n#endif\n"
    )
}

/// `hpy/generated/signatures.h`.
pub(super) fn signatures(signatures: &[FunctionSignature]) -> String {
    let mut body = String::from("\n/* What a function of a module looks like. */\ntypedef enum {\n");
    for signature in signatures {
        writeln!(body, "    {} = {},", signature.name, signature.number).unwrap();
    }
    body.push_str(
        "    HPyMeth_CLASS = 0x100, /* with the signature of a method: a class method */\n    \
         HPyMeth_STATIC = 0x200 /* with the signature of a method: a static method */\n} HPyFunc_Signature;\n",
    );
    for signature in signatures {
        let (result, parameters) = signature.function();
        let name = signature.declaration.name.clone().unwrap_or_default();
        let list = list(parameters);
        let pointer = declare(result, format!("(*{name})({list})"));
        write!(body, "\n/* {} */\ntypedef {pointer};\n", signature.doc).unwrap();
        if signature.trampoline == Trampoline::None {
            continue;
        }
        let declaration = declare(result, format!("SYM({list})"));
        writeln!(body, "#define _HPyFunc_DECLARE_{}(SYM) static {declaration}", signature.name).unwrap();
        if matches!(signature.trampoline, Trampoline::Direct | Trampoline::Context) {
            trampoline(&mut body, signature);
        }
    }
    header("SIGNATURES", &body)
}

/// A parameter list as C writes it.
fn list(parameters: &[Parameter]) -> String {
    let list: Vec<String> = parameters
        .iter()
        .map(|parameter| declare(&parameter.ctype, parameter.name.clone().unwrap_or_default()))
        .collect();
    list.join(", ")
}

/// A declaration as C writes it. `name` may be a declarator of its own.
fn declare(ctype: &CType, name: String) -> String {
    Declaration { name: Some(name), ctype: ctype.clone() }.to_string()
}

fn is_handle(ctype: &CType) -> bool {
    matches!(ctype, CType::Named { name, .. } if name == "HPy")
}

/// The type that the host has for a type of the author's function.
fn host_type(ctype: &CType) -> CType {
    let pointer_to = |name: &str| CType::Pointer {
        to: Box::new(CType::Named { name: name.to_owned(), constant: false }),
        constant_void: false,
        constant: false,
    };
    match ctype {
        CType::Named { name, .. } if name == "HPy" => pointer_to("cpy_PyObject"),
        CType::Pointer { .. } if ctype.is_pointer_to("HPy_buffer") => pointer_to("cpy_Py_buffer"),
        other => other.clone(),
    }
}

/// The struct of arguments that the context is given, and the macro that defines the function that the host calls.
fn trampoline(body: &mut String, signature: &FunctionSignature) {
    let (result, parameters) = signature.function();
    let parameters = &parameters[1..];
    let short = signature.name.trim_start_matches("HPyFunc_");
    let returns = *result != CType::Void;
    let names: Vec<&str> = parameters.iter().map(|parameter| parameter.name.as_deref().unwrap_or("argument")).collect();

    body.push_str("typedef struct {\n");
    for (parameter, name) in parameters.iter().zip(&names) {
        writeln!(body, "    {};", declare(&host_type(&parameter.ctype), (*name).to_owned())).unwrap();
    }
    if returns {
        writeln!(body, "    {};", declare(&host_type(result), "result".to_owned())).unwrap();
    }
    writeln!(body, "}} _HPyFunc_args_{short};").unwrap();

    let host_parameters: Vec<String> = parameters
        .iter()
        .zip(&names)
        .map(|(parameter, name)| declare(&host_type(&parameter.ctype), (*name).to_owned()))
        .collect();
    let function = |name: &str| declare(&host_type(result), format!("{name}({})", host_parameters.join(", ")));
    let direct = signature.trampoline == Trampoline::Direct;
    let failure = if is_handle(result) { ", NULL" } else { ", -1" };
    let mut lines = vec![
        format!("#define _HPyFunc_TRAMPOLINE_{}(SYM, IMPL)", signature.name),
        if direct {
            format!("    _HPy_RARE static {}", function("SYM##_by_context"))
        } else {
            format!("    static {}", function("SYM"))
        },
        "    {".to_owned(),
        format!("        _HPyFunc_args_{short} a = {{{}{}}};", names.join(", "), if returns { failure } else { "" }),
        format!("        _HPy_CALL_THROUGH_CONTEXT({}, IMPL, &a);", signature.name),
    ];
    if returns {
        lines.push("        return a.result;".to_owned());
    }
    lines.push("    }".to_owned());
    if direct {
        let arguments: Vec<String> = parameters
            .iter()
            .zip(&names)
            .map(
                |(parameter, name)| {
                    if is_handle(&parameter.ctype) { format!("_HPy_FROM_HOST({name})") } else { (*name).to_owned() }
                },
            )
            .collect();
        let call = format!("IMPL(_ctx_for_trampolines, {})", arguments.join(", "));
        let otherwise = format!("SYM##_by_context({})", names.join(", "));
        lines.push(format!("    static {}", function("SYM")));
        lines.push("    {".to_owned());
        lines.push("        if (_HPy_IS_DIRECT(_ctx_for_trampolines)) {".to_owned());
        if returns {
            let call = if is_handle(result) { format!("_HPy_TO_HOST({call})") } else { call };
            lines.push(format!("            return {call};"));
            lines.push("        }".to_owned());
            lines.push(format!("        return {otherwise};"));
        } else {
            lines.push(format!("            {call};"));
            lines.push("        } else {".to_owned());
            lines.push(format!("            {otherwise};"));
            lines.push("        }".to_owned());
        }
        lines.push("    }".to_owned());
    }
    body.push_str(&lines.join(" \\\n"));
    body.push('\n');
}

/// `hpy/generated/slots.h`.
pub(super) fn slots(slots: &[HandleSlot]) -> String {
    let mut body = String::from("\n/* The slots of types and modules. */\ntypedef enum {\n");
    let last = slots.len() - 1;
    for (index, slot) in slots.iter().enumerate() {
        let comma = if index == last { "" } else { "," };
        writeln!(body, "    {} = {}{comma} /* {} */", slot.name, slot.number, slot.doc.replace('`', "")).unwrap();
    }
    body.push_str("} HPySlot_Slot;\n\n");
    for slot in slots {
        if let Some(signature) = &slot.signature {
            writeln!(body, "#define _HPySlot_SIG__{} {signature}", slot.name).unwrap();
        }
    }
    header("SLOTS", &body)
}

/// `hpy/generated/context.h`.
pub(super) fn context(handles: &Handles) -> String {
    let mut body = String::from(
        "\n/* What a module calls Python through. A field's place never changes; new ones are added at the end. */\n\
         struct _HPyContext_s {\n    const char *name;\n    void *_private;\n    int abi_version;\n",
    );
    for entry in &handles.entries {
        match &entry.kind {
            EntryKind::Handle => writeln!(body, "    HPy {};", entry.name).unwrap(),
            EntryKind::Field { members } => members.iter().for_each(|member| writeln!(body, "    {member};").unwrap()),
            EntryKind::Function { .. } => {
                let (result, parameters) = entry.function().expect("a function");
                let member = declare(result, format!("(*{})({})", entry.member(), list(parameters)));
                writeln!(body, "    {member};").unwrap();
            }
        }
    }
    body.push_str("};\n");
    for entry in handles.entries.iter().filter(|entry| !BY_HAND.contains(&entry.name.as_str())) {
        if let Some((result, parameters)) = entry.function() {
            call(&mut body, entry, result, parameters);
        }
    }
    header("CONTEXT", &body)
}

/// The inline function that calls an entry.
fn call(body: &mut String, entry: &Entry, result: &CType, parameters: &[Parameter]) {
    let function = declare(result, format!("{}({})", entry.name, list(parameters)));
    let names: Vec<&str> = parameters.iter().filter_map(|parameter| parameter.name.as_deref()).collect();
    let returns = if *result == CType::Void { "" } else { "return " };
    if !entry.doc.is_empty() {
        write!(body, "\n/* {} */", entry.doc.replace('`', "")).unwrap();
    }
    write!(body, "\nHPyAPI_FUNC {function}\n{{\n    {returns}ctx->{}({});\n}}\n", entry.member(), names.join(", "))
        .unwrap();
}

#[cfg(test)]
mod tests;
