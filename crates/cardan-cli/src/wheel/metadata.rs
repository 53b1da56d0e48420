//! `WHEEL`: how a wheel describes itself.

/// The text of `WHEEL` for a universal wheel: the back end's own, with our tags and our name beside its own.
pub fn universal(text: &str, tags: &[String]) -> String {
    let ours = concat!("cardan ", env!("CARGO_PKG_VERSION"));
    let mut lines = Vec::new();
    let mut generated = false;
    for line in text.lines() {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        match name.trim().to_ascii_lowercase().as_str() {
            "tag" | "" => {}
            "root-is-purelib" => lines.push("Root-Is-Purelib: false".to_string()),
            "generator" => {
                generated = true;
                lines.push(format!("Generator: {}, {ours}", value.trim()));
            }
            _ => lines.push(line.trim_end().to_string()),
        }
    }
    if !generated {
        lines.push(format!("Generator: {ours}"));
    }
    lines.extend(tags.iter().map(|tag| format!("Tag: {tag}")));
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_replaced_and_the_rest_is_kept() {
        let text = "Wheel-Version: 1.0\nGenerator: setuptools (80.9.0)\nRoot-Is-Purelib: true\nTag: cp313-cp313-linux_x86_64\n\n";
        let version = env!("CARGO_PKG_VERSION");
        assert_eq!(
            universal(text, &["py3-none-manylinux_2_17_x86_64".into(), "py3-none-manylinux2014_x86_64".into()]),
            format!(
                "Wheel-Version: 1.0\nGenerator: setuptools (80.9.0), cardan {version}\nRoot-Is-Purelib: false\nTag: \
                 py3-none-manylinux_2_17_x86_64\nTag: py3-none-manylinux2014_x86_64\n"
            )
        );
    }
}
