//! The one error type of the command: what went wrong, and what to do about it.

use std::fmt;

/// An error that a user sees. `message` names the thing, what was expected and what was found; `details`
/// are another program's own words (a compiler's), shown as they are; `help` says what to do.
#[derive(Debug)]
pub struct Error {
    message: String,
    details: Option<String>,
    help: Option<String>,
}

/// The result of everything in this crate that can fail.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An error with this message: one sentence, no full stop, no "error:" in front.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), details: None, help: None }
    }

    /// Adds what to do: one sentence, no full stop.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds another program's own words.
    pub fn details(mut self, details: impl Into<String>) -> Self {
        self.details = Some(details.into()).filter(|details| !details.is_empty());
        self
    }

    /// The message alone, for a row of a table or a field of JSON.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The other program's words alone.
    pub fn own_details(&self) -> Option<&str> {
        self.details.as_deref()
    }
}

/// Prints as `error: MESSAGE`, then the details as they are, then `  help: HELP`.
impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "error: {}", self.message)?;
        if let Some(details) = &self.details {
            write!(formatter, "\n{}", details.trim_end())?;
        }
        if let Some(help) = &self.help {
            write!(formatter, "\n  help: {help}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

impl From<cardan_import_library::Error> for Error {
    fn from(error: cardan_import_library::Error) -> Self {
        Self { help: error.what_to_do().map(str::to_owned), ..Self::new(error.to_string()) }
    }
}

/// Gives an I/O error (or any other) the name of what was being done.
pub trait Context<T> {
    /// Turns the error into ours: `WHAT: the error's own words`.
    fn context(self, what: impl FnOnce() -> String) -> Result<T>;
}

impl<T, E: fmt::Display> Context<T> for std::result::Result<T, E> {
    fn context(self, what: impl FnOnce() -> String) -> Result<T> {
        self.map_err(|error| Error::new(format!("{}: {error}", what())))
    }
}
