//! Reads `spec/handles/signatures.toml` and `spec/handles/slots.toml`: what a module's own functions look like, and the slots
//! that they fill.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::c_type::{CType, Declaration, Parameter};
use crate::error::{Error, Result};

/// What a function of a module looks like.
#[derive(Debug, Clone)]
pub struct FunctionSignature {
    /// The enumerator's name, `HPyFunc_BINARYFUNC`.
    pub name: String,
    /// The enumerator's value.
    pub number: u32,
    /// The name of the function type in C, `HPyFunc_binaryfunc`, and the type.
    pub declaration: Declaration,
    /// How the function is reached from the host.
    pub trampoline: Trampoline,
    /// What such a function does, in Markdown.
    pub doc: String,
}

/// Where the function comes from that the host calls for an author's function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub enum Trampoline {
    /// It follows from the signature, and calls the author's function straight where the context allows.
    #[default]
    #[serde(rename = "direct")]
    Direct,
    /// It follows from the signature, and always asks the context.
    #[serde(rename = "context")]
    Context,
    /// It is written by hand.
    #[serde(rename = "by hand")]
    ByHand,
    /// There is none.
    #[serde(rename = "none")]
    None,
}

/// A slot of a type or module.
#[derive(Debug, Clone)]
pub struct HandleSlot {
    /// The enumerator's name, `HPy_tp_repr`.
    pub name: String,
    /// The enumerator's value.
    pub number: u32,
    /// The name of the signature of the function that fills it; none for a slot that takes a value.
    pub signature: Option<String>,
    /// Who has it first: `HPy` or `Cardan`.
    pub added: String,
    /// What it is for, in Markdown.
    pub doc: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSignatures {
    #[serde(rename = "title")]
    _title: String,
    signature: BTreeMap<String, RawSignature>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSignature {
    number: u32,
    signature: String,
    #[serde(default)]
    trampoline: Trampoline,
    doc: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSlots {
    #[serde(rename = "title")]
    _title: String,
    slot: BTreeMap<String, RawSlot>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSlot {
    number: u32,
    signature: Option<String>,
    added: String,
    doc: String,
}

impl FunctionSignature {
    /// Reads all signatures, in the order of their numbers, from `path` (the repository's `spec/handles/signatures.toml`).
    ///
    /// # Errors
    /// The first thing found wrong, with the file and the entry.
    pub fn load_all(path: &Path) -> Result<Vec<Self>> {
        let raw: RawSignatures = read(path)?;
        let mut all = Vec::new();
        for (name, raw) in raw.signature {
            let problem = |problem: String| Error::Entry { path: path.to_owned(), entry: name.clone(), problem };
            let declaration =
                Declaration::parse(&raw.signature).map_err(|text| problem(format!("signature: {text}")))?;
            if !matches!(declaration.ctype, CType::Function { .. }) {
                return Err(problem(format!("expected the signature of a function, found {}", raw.signature)));
            }
            let (number, trampoline, doc) = (raw.number, raw.trampoline, raw.doc);
            all.push(Self { name, number, declaration, trampoline, doc });
        }
        sort(path, all, |signature| (signature.number, &signature.name))
    }

    /// The result and the parameters, the context first if there is one.
    pub fn function(&self) -> (&CType, &[Parameter]) {
        match &self.declaration.ctype {
            CType::Function { result, parameters, .. } => (result, parameters),
            _ => unreachable!("only functions are loaded"),
        }
    }
}

impl HandleSlot {
    /// Reads all slots, in the order of their numbers, from `path` (the repository's `spec/handles/slots.toml`).
    ///
    /// # Errors
    /// The first thing found wrong, with the file and the entry: a signature that is not in `signatures`, a number that is
    /// taken twice.
    pub fn load_all(path: &Path, signatures: &[FunctionSignature]) -> Result<Vec<Self>> {
        let raw: RawSlots = read(path)?;
        let mut all = Vec::new();
        for (name, raw) in raw.slot {
            if let Some(unknown) = raw.signature.as_ref().filter(|name| signatures.iter().all(|one| one.name != **name))
            {
                let problem = format!("there is no signature {unknown}");
                return Err(Error::Entry { path: path.to_owned(), entry: name, problem });
            }
            let RawSlot { number, signature, added, doc } = raw;
            all.push(Self { name, number, signature, added, doc });
        }
        sort(path, all, |slot| (slot.number, &slot.name))
    }
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let text = fs::read_to_string(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
    toml::from_str(&text).map_err(|error: toml::de::Error| Error::File {
        path: path.to_owned(),
        problem: format!("not as expected: {}", error.message()),
    })
}

fn sort<T>(path: &Path, mut all: Vec<T>, key: impl Fn(&T) -> (u32, &String)) -> Result<Vec<T>> {
    all.sort_by_key(|entry| key(entry).0);
    for pair in all.windows(2) {
        let ((number, one), (other_number, other)) = (key(&pair[0]), key(&pair[1]));
        if number == other_number {
            let problem = format!("the number {number} is taken twice, by {one} and by {other}");
            return Err(Error::File { path: path.to_owned(), problem });
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), format!("title = \"x\"\n{text}")).unwrap();
        file
    }

    #[test]
    fn a_slot_needs_a_signature_that_exists() {
        let slots = file("[slot.HPy_tp_x]\nnumber = 1\nsignature = \"HPyFunc_X\"\nadded = \"HPy\"\ndoc = \"\"\n");
        let error = HandleSlot::load_all(slots.path(), &[]).unwrap_err().to_string();
        assert!(error.contains("HPy_tp_x") && error.ends_with("there is no signature HPyFunc_X"), "{error}");
    }

    #[test]
    fn a_number_is_taken_once() {
        let signature =
            |name| format!("[signature.{name}]\nnumber = 4\nsignature = \"HPy f(HPyContext *ctx)\"\ndoc = \"\"\n");
        let signatures = file(&format!("{}{}", signature("HPyFunc_A"), signature("HPyFunc_B")));
        let error = FunctionSignature::load_all(signatures.path()).unwrap_err().to_string();
        assert!(error.ends_with("the number 4 is taken twice, by HPyFunc_A and by HPyFunc_B"), "{error}");
    }
}
