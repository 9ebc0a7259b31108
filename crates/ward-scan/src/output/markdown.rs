//! Rules' documentation as HTML: paragraphs, lists, code, emphasis. What is no such thing stays text.

use super::harmless;

/// Text between tags, or in an attribute between double quotes.
pub(super) fn escape(text: &str) -> String {
    let text = harmless(text);
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

/// A document as HTML.
pub(super) fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut code: Option<Vec<&str>> = None;
    let mut paragraph: Vec<&str> = Vec::new();
    let mut list: Vec<String> = Vec::new();
    for line in text.lines().chain([""]) {
        if line.trim_start().starts_with("```") {
            match code.take() {
                Some(lines) => write_code(&mut out, &lines),
                None => {
                    flush(&mut out, &mut paragraph, &mut list);
                    code = Some(Vec::new());
                }
            }
        } else if let Some(lines) = &mut code {
            lines.push(line);
        } else if line.trim().is_empty() {
            flush(&mut out, &mut paragraph, &mut list);
        } else if let Some(item) = line.trim_start().strip_prefix("- ") {
            flush_paragraph(&mut out, &mut paragraph);
            list.push(item.to_owned());
        } else if let Some(last) = list.last_mut().filter(|_| line.starts_with(' ')) {
            last.push(' ');
            last.push_str(line.trim());
        } else {
            paragraph.push(line.trim());
        }
    }
    if let Some(lines) = code {
        write_code(&mut out, &lines);
    }
    flush(&mut out, &mut paragraph, &mut list);
    out
}

fn write_code(out: &mut String, lines: &[&str]) {
    let lines: Vec<String> = lines.iter().map(|line| escape(line)).collect();
    out.push_str(&format!("<pre>{}</pre>", lines.join("\n")));
}

fn flush(out: &mut String, paragraph: &mut Vec<&str>, list: &mut Vec<String>) {
    flush_paragraph(out, paragraph);
    if !list.is_empty() {
        let items: String = list.drain(..).map(|item| format!("<li>{}", inline(&item))).collect();
        out.push_str(&format!("<ul>{items}</ul>"));
    }
}

fn flush_paragraph(out: &mut String, paragraph: &mut Vec<&str>) {
    if !paragraph.is_empty() {
        out.push_str(&format!("<p>{}</p>", inline(&paragraph.join(" "))));
        paragraph.clear();
    }
}

/// Code between back-ticks, strong text between pairs of stars, emphasis between stars; each only where it also ends.
fn inline(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(at) = rest.find(['`', '*']) {
        let (before, after) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(&escape(before));
        let marks: &[(&str, &str)] = &[("`", "code"), ("**", "strong"), ("*", "em")];
        let spanned = marks.iter().find_map(|(mark, tag)| {
            let (inner, then) = after.strip_prefix(mark)?.split_once(mark)?;
            let spaced = inner.is_empty() || *tag != "code" && (inner.starts_with(' ') || inner.ends_with(' '));
            (!spaced).then_some((inner, then, tag))
        });
        match spanned {
            Some((inner, then, tag)) => {
                out.push_str(&format!("<{tag}>{}</{tag}>", escape(inner)));
                rest = then;
            }
            None => {
                let (mark, then) = after.split_at_checked(1).unwrap_or((after, ""));
                out.push_str(mark);
                rest = then;
            }
        }
    }
    out.push_str(&escape(rest));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &str) {
        assert_eq!(html(text), expect);
    }

    #[test]
    fn documentation_becomes_html_and_nothing_else_does() {
        check("a\nb\n\nc", "<p>a b</p><p>c</p>");
        check(
            "`<x>` **b** *c* 2 * 3 * 4 `",
            "<p><code>&lt;x&gt;</code> <strong>b</strong> <em>c</em> 2 * 3 * 4 `</p>",
        );
        check(
            "x\n```python\nif a < b:\n\n  c\n```\ny",
            "<p>x</p><pre>if a &lt; b:\n\n  c</pre><p>y</p>",
        );
        check("- a\n  b\n- `c`", "<ul><li>a b<li><code>c</code></ul>");
        check("```\nopen", "<pre>open\n</pre>");
        check("", "");
    }
}
