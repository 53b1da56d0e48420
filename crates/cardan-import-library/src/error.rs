//! The error of this crate.

use std::fmt;

/// What is wrong with an input: one sentence.
#[derive(Debug)]
pub struct Error {
    message: String,
    help: Option<&'static str>,
}

impl Error {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    pub(crate) fn help(self, help: &'static str) -> Self {
        Self { help: Some(help), ..self }
    }

    /// What to do about it, where that is known: one sentence.
    pub fn what_to_do(&self) -> Option<&'static str> {
        self.help
    }

    pub(crate) fn wrap(what: &str, error: impl fmt::Display) -> Self {
        Self::new(format!("{what}: {error}"))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
