//! A compiler's words, cut down to what made it fail.

/// So many lines are shown: what comes after the first errors mostly follows from them.
const LIMIT: usize = 60;

/// The errors among a compiler's diagnostics, each with the lines that belong to it; all of the text where none is
/// recognised.
pub fn errors(text: &str) -> String {
    let mut shown = Vec::new();
    // Where the error is: "In file included from …", "In function …".
    let mut place: Vec<&str> = Vec::new();
    let mut in_error = false;
    for line in text.lines() {
        if line.contains("error: ") {
            shown.append(&mut place);
            shown.push(line);
            in_error = true;
        } else if line.contains("warning: ") {
            place.clear();
            in_error = false;
        } else if is_place(line) {
            if in_error {
                in_error = false;
                place.clear();
            }
            place.push(line);
        } else if in_error {
            shown.push(line);
        }
    }
    // A linker's complaints do not look like errors; only the compiler's last word on them does.
    let from_linker = text.contains("collect2: error") || text.contains("linker command failed");
    if shown.is_empty() || from_linker {
        shown = text.lines().collect();
    }
    let left_out = shown.len().saturating_sub(LIMIT);
    let mut text = shown[..shown.len() - left_out].join("\n");
    if left_out > 0 {
        text.push_str(&format!("\n… {left_out} more lines"));
    }
    text
}

fn is_place(line: &str) -> bool {
    line.starts_with("In file included from")
        || line.trim_start().starts_with("from ")
        || line.contains(": In function")
        || line.contains(": In member function")
        || line.contains(": At top level")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_are_left_out() {
        let text = "In file included from a.c:1:\na.h:1: warning: \"X\" redefined\n    1 | #define X\na.c: In function 'f':\n\
                    a.c:3:5: error: expected ';'\n    3 |   x\n      |    ^\na.c:9:1: warning: unused\n    9 | int y;\n";
        assert_eq!(errors(text), "a.c: In function 'f':\na.c:3:5: error: expected ';'\n    3 |   x\n      |    ^");
    }

    #[test]
    fn what_is_not_recognised_is_shown_whole() {
        assert_eq!(errors("collect2: ld returned 1\n"), "collect2: ld returned 1");
    }

    #[test]
    fn a_linkers_words_are_shown_whole() {
        let text = "/usr/bin/ld: cannot find -lx\ncollect2: error: ld returned 1 exit status";
        assert_eq!(errors(text), text);
    }

    #[test]
    fn a_long_list_is_cut() {
        let text = "a.c:1:1: error: x\n".repeat(70);
        assert!(errors(&text).ends_with("a.c:1:1: error: x\n… 10 more lines"));
    }
}
