//! A report as people read it.

use std::fmt::Write as _;

use super::report::{HandleApi, Loader, Module, Report, some};
use crate::error::Result;
use crate::output;

/// Prints the report to stdout.
///
/// # Errors
/// As for [`output::print`].
pub fn print(report: &Report) -> Result<()> {
    output::print(text(report).trim_end_matches('\n'))
}

/// The report's text.
pub fn text(report: &Report) -> String {
    let mut text = String::new();
    let verdict = if report.universal { "universal" } else { "not universal" };
    // Writing to a string does not fail.
    let _ = writeln!(text, "{}: {verdict}", report.file);
    for problem in &report.problems {
        let _ = writeln!(text, "  problem: {problem}");
    }
    if report.modules.is_empty() {
        let _ = writeln!(text, "  no extension modules: Python files alone run on every Python");
    }
    let _ = writeln!(text, "  platforms: {}", report.true_platforms.join(", "));
    for library in &report.libraries {
        let _ = writeln!(text, "  library: {library}");
    }
    for module in &report.modules {
        let _ = write!(text, "\n{}", module_text(module));
    }
    text
}

fn module_text(module: &Module) -> String {
    let mut text = format!("{}\n", module.path);
    let musl = match module.musl_obstacles.as_slice() {
        [] => "loads".to_string(),
        obstacles => format!("does not load: {}", some(obstacles)),
    };
    let loader = match module.loader {
        Loader::Generated => "beside it",
        Loader::Own => "the package has a file of its own there",
        Loader::Missing => "missing",
        Loader::Unknown => "not looked at",
    };
    let glibc = module.glibc.as_ref().map_or("any".to_string(), |version| format!("{version} or later"));
    let handle_api = match &module.handle_api {
        None => "not used".into(),
        Some(HandleApi { abi: Some(abi), context_size: Some(size) }) => format!("ABI {abi}, a context of {size} bytes"),
        Some(_) => "used; the ABI is known only when the module is loaded".into(),
    };
    let rows = [
        ("processor", module.processor.clone()),
        ("entry points", list(&module.entry_points)),
        ("handle API", handle_api),
        ("other exports", list(&module.other_exports)),
        ("undefined C API", list(&module.undefined)),
        ("libraries", list(&module.libraries)),
        ("glibc", glibc),
        ("musl", musl),
        ("escape hatches", list(&module.escape_hatches)),
        ("loader", loader.into()),
    ];
    for (name, value) in rows {
        let _ = writeln!(text, "  {name:<16} {value}");
    }
    let Some(needs) = &module.needs else {
        text.push_str("  needs from a host: not known, since the module is not bound by name\n");
        return text;
    };
    if needs.is_empty() && module.handle_api.is_some() {
        text.push_str("  needs no name from a host: the runtime in it looks for what it calls\n");
        return text;
    }
    let names: Vec<&str> = needs.iter().map(|need| need.name.as_str()).collect();
    let _ = writeln!(text, "  needs {} names from a host:", names.len());
    let options = textwrap::Options::new(110).initial_indent("    ").subsequent_indent("    ");
    let _ = writeln!(text, "{}", textwrap::fill(&names.join(", "), options));
    let mut table = output::table(&["host", "its own", "made up for", "missing"]);
    for host in &module.hosts {
        let missing = match host.missing.as_slice() {
            _ if !host.supported => "cannot run universal modules".into(),
            [] => "none".into(),
            names => some(names),
        };
        table.add_row([host.host.clone(), host.own.to_string(), host.made_up_for.len().to_string(), missing]);
    }
    let _ = writeln!(text, "{table}");
    text
}

fn list(names: &[String]) -> String {
    if names.is_empty() { "none".into() } else { names.join(", ") }
}
