//! The kinds of entries in `spec/capi` and their closed vocabularies.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;

use crate::c_type::{CType, Declaration};

/// A version of Python, `major.minor`. Ordered by age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// The major version.
    pub major: u8,
    /// The minor version.
    pub minor: u8,
}

impl FromStr for Version {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.split_once('.')
            .and_then(|(major, minor)| Some(Self { major: major.parse().ok()?, minor: minor.parse().ok()? }))
            .ok_or_else(|| format!("expected a version such as \"3.12\", found \"{text}\""))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.major, self.minor)
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// How a function tells its caller that it failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ErrorReturn {
    /// NULL, with an exception set.
    Null,
    /// NULL: with an exception set it is an error, without one the thing is absent.
    NullOrAbsent,
    /// NULL, never with an exception: the thing is absent, or memory ran out.
    NullWithoutException,
    /// NULL in every case: setting the exception is what the function is for.
    NullAlways,
    /// NULL, which may also be a value: only `PyErr_Occurred` tells.
    NullOrValue,
    /// -1, with an exception set.
    MinusOne,
    /// -1 (converted to the result's type), which may also be a value: only `PyErr_Occurred` tells.
    MinusOneOrValue,
    /// -1, never with an exception.
    MinusOneWithoutException,
    /// -2, with an exception set; -1 is a value.
    MinusTwo,
    /// 0, with an exception set.
    Zero,
    /// The function cannot fail, or reports its failure nowhere.
    Never,
    /// The function does not return: it ends the thread or the process.
    Fatal,
}

impl ErrorReturn {
    /// Every word of the vocabulary with its meaning, in the order in which messages list them.
    pub const WORDS: &[(&str, ErrorReturn)] = &[
        ("NULL", Self::Null),
        ("NULL or absent", Self::NullOrAbsent),
        ("NULL, no exception", Self::NullWithoutException),
        ("NULL, always", Self::NullAlways),
        ("NULL or value", Self::NullOrValue),
        ("-1", Self::MinusOne),
        ("-1 or value", Self::MinusOneOrValue),
        ("-1, no exception", Self::MinusOneWithoutException),
        ("-2", Self::MinusTwo),
        ("0", Self::Zero),
        ("never", Self::Never),
        ("fatal", Self::Fatal),
    ];
}

impl FromStr for ErrorReturn {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::WORDS.iter().find(|(word, _)| *word == text).map(|(_, meaning)| *meaning).ok_or_else(|| {
            let words: Vec<String> = Self::WORDS.iter().map(|(word, _)| format!("\"{word}\"")).collect();
            format!("error: expected one of {}, found \"{text}\"", words.join(", "))
        })
    }
}

impl fmt::Display for ErrorReturn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (word, _) = Self::WORDS.iter().find(|(_, meaning)| meaning == self).expect("every meaning has a word");
        formatter.write_str(word)
    }
}

/// To whom the reference belongs that a function returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ownership {
    /// The caller owns it and must give it back.
    New,
    /// It stays somebody else's.
    Borrowed,
}

/// A function, or a macro of CPython that acts as one and that our runtime serves as a function.
#[derive(Debug, Clone)]
pub struct Function {
    /// The version that first had it.
    pub added: Version,
    /// Whether it is part of the limited API.
    pub limited: bool,
    /// Whether it is in the stable ABI without being in the limited API.
    pub abi_only: bool,
    /// The feature macro without which a build of CPython lacks it, for example `MS_WINDOWS`.
    pub ifdef: Option<String>,
    /// Whether our runtime serves it on every host, since CPython has (or had) it only as a macro or inline.
    pub provided: bool,
    /// Whether callers pass any object pointer, since CPython has it as a macro that casts.
    pub cast: bool,
    /// The signature as it stands in the file.
    pub signature: String,
    /// The signature's name and type.
    pub declaration: Declaration,
    /// For a `PyObject *` result, who owns it; none when it is always NULL.
    pub result: Option<Ownership>,
    /// What an error looks like.
    pub error: ErrorReturn,
    /// The parameters whose references pass to the function.
    pub steals: Vec<String>,
    /// One sentence of documentation.
    pub doc: String,
}

impl Function {
    /// The type of what it returns.
    pub fn result_type(&self) -> &CType {
        match &self.declaration.ctype {
            CType::Function { result, .. } => result,
            _ => unreachable!("loading accepts functions only"),
        }
    }
}

/// How a data symbol is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DataKind {
    /// Its address matters: a type object, a singleton, an array.
    Address,
    /// A variable that holds an object and does not change: `PyExc_TypeError`.
    ObjectVariable,
    /// A variable of a plain C type, read and perhaps written through its address.
    Variable,
}

/// A data symbol.
#[derive(Debug, Clone)]
pub struct Data {
    /// The version that first had it.
    pub added: Version,
    /// Whether it is part of the limited API.
    pub limited: bool,
    /// Whether it is in the stable ABI without being in the limited API.
    pub abi_only: bool,
    /// The feature macro without which a build of CPython lacks it.
    pub ifdef: Option<String>,
    /// The type of the symbol itself: `PyTypeObject` for `PyList_Type`, `PyObject *` for `PyExc_TypeError`.
    pub ctype: CType,
    /// How it is reached.
    pub kind: DataKind,
    /// One sentence of documentation.
    pub doc: String,
}

/// A slot of a type or module definition.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slot {
    /// The version that first had it.
    pub added: Version,
    /// The number in `PyType_Slot` and `PyModuleDef_Slot` arrays, in every version that knows the slot.
    pub id: u16,
    /// The number in `PySlot` arrays where it differs from `id`.
    pub unified_id: Option<u16>,
    /// The C type of the value.
    #[serde(rename = "type")]
    pub ctype: String,
    /// One sentence of documentation.
    pub doc: String,
}

/// A constant.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Const {
    /// The version that first had it.
    pub added: Version,
    /// Whether it is part of the limited API.
    #[serde(default = "yes")]
    pub limited: bool,
    /// A C expression of integer literals, other constants, `<<` and `|`, or `(void *)` before a literal.
    pub value: String,
    /// One sentence of documentation.
    pub doc: String,
}

/// How much of a struct extensions may rely on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StructKind {
    /// All of it, its size too.
    Full,
    /// Nothing: it is only reached through a pointer.
    Opaque,
    /// The listed fields, but not the size.
    Members,
}

/// A struct.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Struct {
    /// The version that first had it.
    pub added: Version,
    /// Whether it is part of the limited API.
    #[serde(default = "yes")]
    pub limited: bool,
    /// How much of it is fixed.
    pub kind: StructKind,
    /// The struct's tag where it differs from the name.
    pub tag: Option<String>,
    /// The fields in order, as C declarations. A union without a name is written out.
    #[serde(default)]
    pub fields: Vec<String>,
    /// One sentence of documentation.
    pub doc: String,
}

/// An enumeration.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enum {
    /// The version that first had it.
    pub added: Version,
    /// Whether it is part of the limited API.
    #[serde(default = "yes")]
    pub limited: bool,
    /// The enumerators in order, each `NAME = VALUE`.
    pub values: Vec<String>,
    /// One sentence of documentation.
    pub doc: String,
}

/// A typedef that is not a struct.
#[derive(Debug, Clone)]
pub struct Typedef {
    /// The version that first had it.
    pub added: Version,
    /// Whether it is part of the limited API.
    pub limited: bool,
    /// The definition as it stands in the file, without `typedef`.
    pub definition: String,
    /// The defined name and its type.
    pub declaration: Declaration,
    /// One sentence of documentation.
    pub doc: String,
}

/// A macro that is neither a constant nor served as a function.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Macro {
    /// The version that first had it.
    pub added: Version,
    /// Whether it is part of the limited API.
    #[serde(default = "yes")]
    pub limited: bool,
    /// Whether it is in the stable ABI without being in the limited API.
    #[serde(default)]
    pub abi_only: bool,
    /// The parameters of a macro that takes some; none for one that stands for itself.
    pub parameters: Option<Vec<String>>,
    /// What it stands for; without it the body is written by hand in `Python.h`.
    pub definition: Option<String>,
    /// One sentence of documentation.
    pub doc: String,
}

pub(crate) fn yes() -> bool {
    true
}
