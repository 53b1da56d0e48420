//! Requirements, as projects and wheels write them (PEP 508): read before they are given to another program.

use std::str::FromStr;

use pep508_rs::{Requirement, VerbatimUrl};

/// The distribution that a requirement is for, in the form in which names are compared: small letters, with hyphens.
///
/// # Errors
/// The text is no requirement: an option of an installer, a path, a line with a fault. The error says what is wrong.
pub fn distribution(text: &str) -> Result<String, String> {
    // The parser takes for granted what it has not looked at: that a name ends as it begins.
    let name = text.trim_start().split(|c: char| !(c.is_ascii_alphanumeric() || "._-".contains(c))).next();
    let is_half = |name: &str| name.starts_with(char::is_alphanumeric) && !name.ends_with(char::is_alphanumeric);
    if name.is_some_and(is_half) {
        return Err("expected a package name that ends with an alphanumeric character".into());
    }
    let requirement = Requirement::<VerbatimUrl>::from_str(text).map_err(|error| {
        // The lines after the first point at the place. The words become a part of a sentence.
        let text = error.to_string();
        let text = text.lines().next().unwrap_or_default().trim_end_matches('.');
        text.strip_prefix("Expected ").map_or(text.to_owned(), |rest| format!("expected {rest}"))
    })?;
    Ok(requirement.name.to_string())
}

#[cfg(test)]
mod tests {
    use super::distribution;

    #[test]
    fn the_distribution_of_a_requirement_is_found() {
        for text in [
            "Some_Thing",
            "some.thing>=1,<2",
            "some-thing (>=1.0)",
            "some-thing[a,b]; python_version < '3.9'",
            "some-thing @ file:///a/b.whl",
            " some-thing==1.*; extra == 'test'",
        ] {
            assert_eq!(distribution(text).as_deref(), Ok("some-thing"), "{text}");
        }
    }

    #[test]
    fn what_is_no_requirement_is_refused() {
        for text in [
            "--target=/a",
            "-r more.txt",
            "./a.whl",
            "/a.whl",
            "",
            "a b",
            "a.",
            "a-",
            "a_ >= 1",
            "https://example.org/a.whl",
            "a; b",
        ] {
            assert!(distribution(text).is_err(), "{text}");
        }
    }
}
