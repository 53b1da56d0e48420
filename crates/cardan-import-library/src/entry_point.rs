//! The names of entry points: `PyInit_X`, and `PyInitU_Y` for a module whose name is not ASCII,
//! <https://peps.python.org/pep-0489/#export-hook-name>.

use std::borrow::Cow;

/// What an entry point of the C API begins with.
const PLAIN: &str = "PyInit_";
/// The same, where the name that follows is encoded.
const ENCODED: &str = "PyInitU_";
/// What an entry point for handles begins with.
const HANDLES: &str = "HPyInit_";

/// The name of the module that is entered by a function of the C API; `None` for the name of any other function.
///
/// # Examples
/// ```
/// use cardan_import_library::module_of;
/// assert_eq!(module_of("PyInit_speedups").as_deref(), Some("speedups"));
/// assert_eq!(module_of("PyInitU_tst_bma").as_deref(), Some("tést"));
/// assert_eq!(module_of("speedups"), None);
/// ```
pub fn module_of(function: &str) -> Option<Cow<'_, str>> {
    match function.strip_prefix(ENCODED) {
        Some(encoded) => decode(encoded).map(Cow::Owned),
        None => function.strip_prefix(PLAIN).map(Cow::Borrowed),
    }
}

/// Whether a function of this name enters a module, of the C API or for handles.
///
/// # Examples
/// ```
/// use cardan_import_library::is_entry_point;
/// assert!(["PyInit_x", "PyInitU_9ca", "HPyInit_x"].into_iter().all(is_entry_point));
/// assert!(!is_entry_point("x"));
/// ```
pub fn is_entry_point(function: &str) -> bool {
    [PLAIN, ENCODED, HANDLES].iter().any(|beginning| function.starts_with(beginning))
}

/// The module's name that an entry point ends with, for messages.
pub(crate) fn shown_name(function: &str) -> Cow<'_, str> {
    let plain = || function.strip_prefix(HANDLES).unwrap_or(function);
    module_of(function).unwrap_or_else(|| plain().into())
}

/// Decodes punycode (<https://www.rfc-editor.org/rfc/rfc3492>) with `_` in place of `-`.
fn decode(encoded: &str) -> Option<String> {
    const BASE: u32 = 36;
    const DAMP: u32 = 700;
    let (plain, digits) = encoded.rsplit_once('_').unwrap_or(("", encoded));
    let mut text: Vec<char> = plain.chars().collect();
    let (mut code, mut position, mut bias) = (128_u32, 0_u32, 72_u32);
    let mut digits = digits.bytes().peekable();
    while digits.peek().is_some() {
        let (before, mut weight) = (position, 1_u32);
        for limit in (1..).map(|round| BASE * round) {
            let digit = match digits.next()? {
                letter @ b'a'..=b'z' => u32::from(letter - b'a'),
                letter @ b'A'..=b'Z' => u32::from(letter - b'A'),
                number @ b'0'..=b'9' => u32::from(number - b'0') + 26,
                _ => return None,
            };
            position = digit.checked_mul(weight)?.checked_add(position)?;
            let threshold = limit.saturating_sub(bias).clamp(1, 26);
            if digit < threshold {
                break;
            }
            weight = weight.checked_mul(BASE - threshold)?;
        }
        let length = u32::try_from(text.len()).ok()? + 1;
        let mut delta = (position - before) / if before == 0 { DAMP } else { 2 };
        delta += delta / length;
        bias = 0;
        while delta > (BASE - 1) * 26 / 2 {
            delta /= BASE - 1;
            bias += BASE;
        }
        bias += BASE * delta / (delta + 38);
        code = code.checked_add(position / length)?;
        position %= length;
        text.insert(usize::try_from(position).ok()?, char::from_u32(code)?);
        position += 1;
    }
    Some(text.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_python_encodes() {
        // `"PyInitU_" + name.encode("punycode").decode().replace("-", "_")`
        let pairs = [
            ("tést", "tst_bma"),
            ("é", "9ca"),
            ("zażółć_gęślą", "za_gl_1ta3km8n5pjjzn"),
            ("模块", "gfs105b"),
            ("a_b_ü", "a_b__3ra"),
        ];
        for (name, encoded) in pairs {
            assert_eq!(module_of(&format!("PyInitU_{encoded}")).as_deref(), Some(name), "{encoded}");
        }
    }

    #[test]
    fn what_python_does_not_encode_is_no_name() {
        for encoded in ["a-b", "é", "99999999999999", "z"] {
            assert_eq!(module_of(&format!("PyInitU_{encoded}")), None, "{encoded}");
        }
        assert_eq!(shown_name("HPyInit_x"), "x");
    }
}
