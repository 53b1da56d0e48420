//! The Rust side of the handle door: the context's layout, the runtime's table and what the runtime imports.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use cardan_spec::{CType, Entry, EntryKind, ErrorReturn, Handles, RuntimeImports, Spec};
use object::read::archive::ArchiveFile;

use super::import_library::Stubs;
use super::{NOTICE, rustfmt};
use crate::repository;

/// `crates/cardan-abi/src/context.rs`.
pub(super) fn context(handles: &Handles) -> Result<String> {
    let mut text = format!(
        "// {NOTICE}\n//! The context: its layout is the binary border, and only grows at its end.\n\n\
         use crate::definitions::*;\nuse crate::values::*;\nuse core::ffi::*;\n\n\
         /// `HPyContext`: the handles and functions that a module works with. Entry n stands at byte 24 + 8 n.\n\
         #[repr(C)]\n#[allow(non_snake_case)]\npub struct Context {{\n\
         /// What the context is called, for messages.\npub name: *const c_char,\n\
         /// The runtime's own.\npub private: *mut c_void,\n\
         /// The major version of the ABI: that of Cardan, which contains HPy's 0.\npub abi_version: c_int,\n"
    );
    for (number, entry) in handles.entries.iter().enumerate() {
        let doc = if entry.doc.is_empty() { entry.name.clone() } else { entry.doc.replace('\n', " ") };
        match &entry.kind {
            EntryKind::Handle => writeln!(text, "/// {number}: {doc}\npub {}: Handle,", entry.name)?,
            EntryKind::Function { .. } => {
                writeln!(text, "/// {number}: {doc}\npub {}: {},", entry.member(), function_type(entry)?)?;
            }
            EntryKind::Field { members } => {
                for member in members {
                    let (ctype, name) = member.rsplit_once(' ').context("a member has a type and a name")?;
                    let ctype = match ctype {
                        "size_t" => "usize",
                        "uint32_t" => "u32",
                        other => bail!("{}: expected size_t or uint32_t as a member's type, found {other}", entry.name),
                    };
                    writeln!(text, "/// {number}: {doc}\npub {name}: {ctype},")?;
                }
            }
        }
    }
    text.push_str("}\n");
    rustfmt(&text)
}

fn function_type(entry: &Entry) -> Result<String> {
    let (result, parameters) = entry.function().context("a function")?;
    let types: Result<Vec<String>> = parameters.iter().map(|parameter| handle_type(&parameter.ctype)).collect();
    let result = match result {
        CType::Void => String::new(),
        other => format!(" -> {}", handle_type(other)?),
    };
    Ok(format!("unsafe extern \"C\" fn({}){result}", types?.join(", ")))
}

/// The Rust type of a C type in a signature of the handle API.
pub(super) fn handle_type(ctype: &CType) -> Result<String> {
    Ok(match ctype {
        CType::Void => "c_void".into(),
        CType::Named { name, .. } => match name.as_str() {
            "HPy" => "Handle",
            "HPyContext" => "Context",
            "HPyType_BuiltinShape" | "HPy_SourceKind" => "c_int",
            "HPyFunc_Signature" | "_HPyCapsule_key" => "c_uint",
            "HPyCFunction" => "Function",
            "HPyType_Spec" => "TypeSpec",
            "HPyType_SpecParam" => "TypeSpecParameter",
            "HPyModuleDef" => "ModuleDefinition",
            "HPyCallFunction" => "CallFunction",
            "HPyCapsule_Destructor" => "CapsuleDestructor",
            "HPy_buffer" => "Buffer",
            "HPyDateTime_Fields" => "DateTimeFields",
            "cpy_PyObject" => "c_void",
            "HPy_ssize_t" | "HPy_hash_t" => "isize",
            "HPy_UCS4" | "uint32_t" => "u32",
            "wchar_t" => "c_void",
            "int32_t" => "i32",
            "int64_t" => "i64",
            "uint64_t" => "u64",
            "size_t" => "usize",
            "int" => "c_int",
            "unsigned long" => "c_ulong",
            "char" => "c_char",
            "double" => "f64",
            "bool" => "bool",
            word if word.starts_with("HPy") => &word[3..],
            other => bail!("no Rust type is known for the C type {other} of the handle API"),
        }
        .into(),
        CType::Pointer { to, constant_void, .. } => {
            let constant = *constant_void || matches!(&**to, CType::Named { constant: true, .. });
            format!("*{} {}", if constant { "const" } else { "mut" }, handle_type(to)?)
        }
        CType::Array { of, .. } => {
            let constant = matches!(&**of, CType::Named { constant: true, .. });
            format!("*{} {}", if constant { "const" } else { "mut" }, handle_type(of)?)
        }
        CType::Function { .. } => "Function".into(),
    })
}

/// `crates/cardan-runtime/src/table.rs`: which functions stand one after the other in the context.
pub(super) fn table(handles: &Handles) -> Result<String> {
    let mut runs: Vec<Vec<String>> = vec![Vec::new()];
    for entry in &handles.entries {
        match &entry.kind {
            EntryKind::Function { .. } => runs.last_mut().context("there is one")?.push(entry.member()),
            _ => runs.push(Vec::new()),
        }
    }
    let mut text = format!(
        "// {NOTICE}\n//! The functions of the context in their order, see [`crate::functions`].\n\n\
         /// Gives the functions to a macro: those in brackets stand one after the other in the context.\n\
         macro_rules! for_each_function {{\n    ($action:ident) => {{\n        $action! {{\n"
    );
    for run in runs.into_iter().filter(|run| !run.is_empty()) {
        writeln!(text, "            [\n                {}\n            ]", run.join("\n                "))?;
    }
    text.push_str("        }\n    };\n}\npub(crate) use for_each_function;\n");
    rustfmt(&text)
}

/// `crates/cardan-runtime/src/imports.rs`.
pub(super) fn imports(imports: &RuntimeImports, spec: &Spec, stubs: &Stubs) -> Result<String> {
    let stand_ins = stand_ins()?;
    let functions = spec.functions();
    let mut text = format!(
        "// {NOTICE}\n//! The functions and data of the C API that the runtime uses, each bound to the host's own or to what stands in\n\
         //! for it. See `cardan_host::imports`.\n\n\
         use cardan_host::types::Object;\nuse core::ffi::*;\n\n"
    );
    let mut stand_in_for = Vec::new();
    let mut body = String::from("cardan_host::imports! {\nstand_in crate::stand_ins::stand_in;\nfunctions {\n");
    let mut variadic = String::new();
    for (names, is_variadic) in [(&imports.functions, false), (&imports.variadic, true)] {
        for name in sorted(names) {
            let function = functions
                .get(name.as_str())
                .with_context(|| format!("spec/handles/imports.toml: {name} is no function of spec/capi"))?;
            let CType::Function { result, parameters, .. } = &function.declaration.ctype else {
                bail!("{name} is no function")
            };
            let result = match &**result {
                CType::Void if is_variadic => " -> ()".to_string(),
                CType::Void => String::new(),
                other => format!(" -> {}", host_type(other)?),
            };
            let mut arguments = Vec::new();
            for (index, parameter) in parameters.iter().enumerate() {
                let ctype = host_type(&parameter.ctype)?;
                arguments.push(if is_variadic { ctype } else { format!("a{index}: {ctype}") });
            }
            let minus_one = matches!(
                function.error,
                ErrorReturn::MinusOne
                    | ErrorReturn::MinusOneOrValue
                    | ErrorReturn::MinusOneWithoutException
                    | ErrorReturn::MinusTwo
            );
            let line = format!(
                "fn {name}({}{}){result}, polyfill: {}, stub_on: {}, minus_one: {minus_one};\n",
                arguments.join(", "),
                if is_variadic { ", ..." } else { "" },
                stand_ins.contains(name.as_str()),
                stubs.bits(name),
            );
            if is_variadic {
                variadic.push_str(&line)
            } else {
                body.push_str(&line)
            }
            if stand_ins.contains(name.as_str()) {
                stand_in_for.push(name.as_str());
            }
        }
    }
    write!(body, "}}\nvariadic {{\n{variadic}}}\nobjects {{\n")?;
    let data = spec.data();
    for (names, end) in [(&imports.objects, "}\naddresses {\n"), (&imports.addresses, "}\n}\n")] {
        for name in sorted(names) {
            if !data.contains_key(name.as_str()) {
                bail!("spec/handles/imports.toml: {name} is no data of spec/capi");
            }
            writeln!(body, "{name};")?;
        }
        body.push_str(end);
    }
    let list = stand_in_for.join("\n            ");
    write!(
        body,
        "\n/// Gives the names that something stands in for to a macro, in their order.\nmacro_rules! for_each_stand_in {{\n    \
         ($action:ident) => {{\n        $action! {{\n            {list}\n        }}\n    }};\n}}\npub(crate) use for_each_stand_in;\n"
    )?;
    text.push_str(&body);
    rustfmt(&text)
}

/// Names in an order in which neighbours share much: they are packed by that.
fn sorted(names: &[String]) -> Vec<&String> {
    let mut names: Vec<_> = names.iter().collect();
    names.sort();
    names
}

/// The names that cardan-host exports a stand-in for, read from the compiled crate: macros make most of them.
fn stand_ins() -> Result<BTreeSet<String>> {
    let target = repository::path("target/stand-ins");
    let status = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "--quiet", "--package", "cardan-host", "--target-dir"])
        .arg(&target)
        .current_dir(repository::path("."))
        .status()
        .context("cargo cannot be started")?;
    if !status.success() {
        bail!("cardan-host does not compile: see cargo's words above");
    }
    let path = target.join("debug/libcardan_host.rlib");
    let bytes = std::fs::read(&path).with_context(|| format!("{}: cannot be read", path.display()))?;
    let archive = ArchiveFile::parse(&*bytes)?;
    let mut names = BTreeSet::new();
    for symbol in archive.symbols()?.context("a library of Rust has a table of symbols")? {
        let name = String::from_utf8_lossy(symbol?.name()).into_owned();
        names.extend(name.strip_prefix("cardan_polyfill_").map(str::to_owned));
    }
    Ok(names)
}

/// The Rust type of a C type in a signature of the C API.
fn host_type(ctype: &CType) -> Result<String> {
    Ok(match ctype {
        CType::Void => "c_void".into(),
        CType::Named { name, .. } => match name.as_str() {
            "Py_ssize_t" | "Py_hash_t" | "ssize_t" | "intptr_t" => "isize",
            "size_t" | "uintptr_t" => "usize",
            "int" | "PyGILState_STATE" | "PySendResult" => "c_int",
            "unsigned int" => "c_uint",
            "long" => "c_long",
            "unsigned long" => "c_ulong",
            "long long" | "int64_t" => "i64",
            "unsigned long long" | "uint64_t" => "u64",
            "int32_t" => "i32",
            "uint32_t" | "Py_UCS4" => "u32",
            "double" => "f64",
            "char" => "c_char",
            "void" => "c_void",
            other if ["func", "proc", "Destructor"].iter().any(|end| other.ends_with(end)) => "*mut c_void",
            other => bail!("no Rust type is known for the C type {other} of the C API"),
        }
        .into(),
        CType::Pointer { to, constant_void, .. } => {
            let to = &**to;
            match to {
                CType::Named { name, .. } if name == "PyObject" || name == "PyTypeObject" => "Object".into(),
                CType::Named { name, constant } => {
                    let star = if *constant { "*const" } else { "*mut" };
                    match host_type(&CType::Named { name: name.clone(), constant: false }) {
                        Ok(inner) => format!("{star} {inner}"),
                        Err(_) => format!("{star} c_void"),
                    }
                }
                CType::Void => if *constant_void { "*const c_void" } else { "*mut c_void" }.into(),
                CType::Pointer { constant, .. } => {
                    format!("{} {}", if *constant { "*const" } else { "*mut" }, host_type(to)?)
                }
                CType::Function { .. } => "*mut c_void".into(),
                CType::Array { .. } => "*mut c_void".into(),
            }
        }
        CType::Array { of, .. } => format!("*const {}", host_type(of)?),
        CType::Function { .. } => "*mut c_void".into(),
    })
}
