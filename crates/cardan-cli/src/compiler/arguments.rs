//! A compiler's command line, taken apart as far as the wrapper has to know it. Words are text, as [`crate::text`] makes it of
//! what the system has; files are paths.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::error::{Context, Error, Result};
use crate::platform::os_string;
use crate::text::{decode, encode};

/// One argument of a compiler's command line, with the value that follows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Argument {
    /// A file to compile or link.
    Input(PathBuf),
    /// `-o FILE`
    Output(PathBuf),
    /// `-I DIR` and its relatives.
    Include {
        /// `-I`, `-isystem`, `-iquote` or `-idirafter`.
        flag: String,
        /// The folder.
        folder: PathBuf,
    },
    /// `-l NAME`
    Library(String),
    /// Arguments for the linker: `-Wl,A,B` or `-Xlinker A`.
    Linker(Vec<String>),
    /// Anything else, in one or two words.
    Other(Vec<String>),
}

/// What a command line asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// Sources become objects, assembly or preprocessed text.
    Compile,
    /// A shared object is linked.
    LinkShared,
    /// A program is compiled or linked, as configuration checks do.
    Program,
    /// A question to the compiler itself, such as `--version`: there is no input.
    Query,
}

/// Options whose value is the next word, beyond those that have an [`Argument`] of their own.
const WITH_VALUE: [&str; 26] = [
    "-D",
    "-U",
    "-L",
    "-x",
    "-MF",
    "-MT",
    "-MQ",
    "-MJ",
    "-include",
    "-imacros",
    "-iprefix",
    "-isysroot",
    "--sysroot",
    "-T",
    "-u",
    "-z",
    "-e",
    "-target",
    "--target",
    "-arch",
    "-framework",
    "--param",
    "-Xclang",
    "-Xpreprocessor",
    "-Xassembler",
    "-B",
];
const INCLUDE: [&str; 4] = ["-isystem", "-iquote", "-idirafter", "-I"];

/// Replaces each `@FILE` by the words in it.
///
/// # Errors
/// The file cannot be read.
pub fn expand(words: Vec<String>) -> Result<Vec<String>> {
    expand_to(words, DEEPEST)
}

/// So many files of arguments may name each other.
const DEEPEST: usize = 100;

fn expand_to(words: Vec<String>, depth: usize) -> Result<Vec<String>> {
    let mut expanded = Vec::with_capacity(words.len());
    for word in words {
        match word.strip_prefix('@').map(|path| PathBuf::from(decode(path))) {
            Some(path) if path.is_file() => {
                let depth = depth.checked_sub(1).ok_or_else(|| {
                    Error::new(format!("{} names too many files of arguments within each other", path.display()))
                })?;
                let bytes = std::fs::read(&path).context(|| format!("cannot read {}", path.display()))?;
                let text = encode(&os_string(bytes));
                let inner = shlex::split(&text).unwrap_or_else(|| text.split_whitespace().map(Into::into).collect());
                expanded.extend(expand_to(inner, depth)?);
            }
            _ => expanded.push(word),
        }
    }
    Ok(expanded)
}

/// Takes a command line apart. [`join`] puts it together again.
pub fn parse(words: &[String]) -> Vec<Argument> {
    let mut arguments = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        arguments.push(argument(word, &mut words));
    }
    arguments
}

fn argument<'a>(word: &str, rest: &mut impl Iterator<Item = &'a String>) -> Argument {
    let own = |value: Option<&String>| value.cloned().unwrap_or_default();
    if !word.starts_with('-') || word == "-" {
        return Argument::Input(decode(word).into());
    }
    if word == "-o" {
        return Argument::Output(decode(&own(rest.next())).into());
    }
    if let Some(path) = word.strip_prefix("-o").filter(|path| path.contains(['/', '.'])) {
        return Argument::Output(decode(path).into());
    }
    if let Some(flags) = word.strip_prefix("-Wl,") {
        return Argument::Linker(flags.split(',').map(Into::into).collect());
    }
    if word == "-Xlinker" {
        return Argument::Linker(vec![own(rest.next())]);
    }
    if word == "-l" {
        return Argument::Library(own(rest.next()));
    }
    if let Some(name) = word.strip_prefix("-l") {
        return Argument::Library(name.into());
    }
    for flag in INCLUDE {
        if let Some(joined) = word.strip_prefix(flag) {
            let folder = if joined.is_empty() { own(rest.next()) } else { joined.to_string() };
            return Argument::Include { flag: flag.into(), folder: decode(&folder).into() };
        }
    }
    if WITH_VALUE.contains(&word) {
        return Argument::Other(vec![word.into(), own(rest.next())]);
    }
    Argument::Other(vec![word.into()])
}

/// The words of a command line.
pub fn join(arguments: &[Argument]) -> Vec<OsString> {
    let mut words: Vec<OsString> = Vec::new();
    for argument in arguments {
        match argument {
            Argument::Input(path) => words.push(path.into()),
            Argument::Output(path) => words.extend(["-o".into(), path.into()]),
            Argument::Include { flag, folder } => words.extend([flag.into(), folder.into()]),
            Argument::Library(name) => words.push(decode(&format!("-l{name}"))),
            // `-Xlinker` takes what `-Wl,` cannot: a comma.
            Argument::Linker(flags) if flags.iter().any(|flag| flag.contains(',')) => {
                words.extend(flags.iter().flat_map(|flag| ["-Xlinker".into(), decode(flag)]));
            }
            Argument::Linker(flags) => words.push(decode(&format!("-Wl,{}", flags.join(",")))),
            Argument::Other(own) => words.extend(own.iter().map(|word| decode(word))),
        }
    }
    words
}

/// What the command line asks for.
pub fn task(arguments: &[Argument]) -> Task {
    let has = |flags: &[&str]| {
        arguments
            .iter()
            .any(|argument| matches!(argument, Argument::Other(words) if flags.contains(&words[0].as_str())))
    };
    if !arguments.iter().any(|argument| matches!(argument, Argument::Input(_))) {
        Task::Query
    } else if has(&["-c", "-S", "-E", "-M", "-MM", "-fsyntax-only"]) {
        Task::Compile
    } else if has(&["-shared", "-bundle", "-dynamiclib"]) {
        Task::LinkShared
    } else {
        Task::Program
    }
}

/// The language of a source file, by its name: `Some(true)` for C++, `Some(false)` for C, none for what is neither.
pub fn source_is_cxx(path: &Path) -> Option<bool> {
    match path.extension()?.to_str()? {
        "c" | "i" => Some(false),
        "cc" | "cp" | "cxx" | "cpp" | "CPP" | "c++" | "C" | "ii" => Some(true),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split(' ').map(Into::into).collect()
    }

    #[test]
    fn a_line_survives_being_taken_apart() {
        let line = "-O2 -I /a -isystem /b -Wl,-rpath,/c -Xlinker x,y -L /d -lm a.c -o a.o -MF a.d -DX=1";
        let joined = join(&parse(&words(line)));
        assert_eq!(joined.join(OsStr::new(" ")), line);
    }

    #[test]
    fn joined_and_separate_values_are_the_same() {
        assert_eq!(parse(&words("-Iinc -lfoo -oa.o")), parse(&words("-I inc -l foo -o a.o")));
    }

    #[test]
    fn the_task_is_told_by_flags_and_inputs() {
        let task_of = |line: &str| task(&parse(&words(line)));
        assert_eq!(task_of("--version"), Task::Query);
        assert_eq!(task_of("-c a.c"), Task::Compile);
        assert_eq!(task_of("-shared a.o -o a.so"), Task::LinkShared);
        assert_eq!(task_of("-shared -c a.c"), Task::Compile);
        assert_eq!(task_of("a.c -o a"), Task::Program);
    }

    #[test]
    fn a_value_is_not_an_input() {
        assert_eq!(task(&parse(&words("-x c -E -"))), Task::Compile);
        assert_eq!(task(&parse(&words("-MF a.d -D X"))), Task::Query);
    }
}
