//! What a reader of an HTML mail sees, and how much a reader would not have seen. One pass, no tree: tags are dropped,
//! blocks begin lines, addresses of links are shown beside their text.

use ward_formats::html;

/// HTML as text.
pub(super) struct Plain {
    /// What is shown.
    pub(super) text: String,
    /// Characters that were there and not shown: hidden by style, comments, attributes, tiny or in the colour of paper.
    pub(super) hidden: usize,
    /// Links whose text is an address of another host than the one they lead to.
    pub(super) false_links: usize,
}

/// Elements whose content is not text.
const SILENT: &[&str] = &[
    "script", "style", "head", "title", "template", "noscript", "iframe", "object", "svg", "math", "textarea", "select",
];
/// Elements that begin and end a line.
const BLOCKS: &[&str] = &[
    "p",
    "div",
    "br",
    "li",
    "ul",
    "ol",
    "tr",
    "table",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "pre",
    "blockquote",
    "hr",
    "section",
    "article",
    "header",
    "footer",
    "dt",
    "dd",
];
/// Elements without content.
const VOID: &[&str] = &[
    "br", "hr", "img", "input", "meta", "link", "area", "base", "col", "embed", "source", "track", "wbr",
];
/// Elements that are open at a time; what is deeper is read as if it stood at this depth.
const DEEPEST: usize = 256;
/// Longest tag, in bytes.
const LONGEST_TAG: usize = 8 * 1024;
/// Most HTML that is read, in bytes.
pub(super) const MAX_HTML: usize = 4 << 20;

struct Open {
    name: String,
    hidden: bool,
    silent: bool,
    pre: bool,
    link: Option<(String, usize)>,
}

/// Reads HTML.
pub(super) fn plain(html: &str) -> Plain {
    let mut out = Plain {
        text: String::with_capacity(html.len() / 2),
        hidden: 0,
        false_links: 0,
    };
    let mut open: Vec<Open> = Vec::new();
    let mut rest = html;
    while !rest.is_empty() {
        let Some(at) = rest.find('<') else {
            words(rest, &open, &mut out);
            break;
        };
        let (before, tag) = rest.split_at(at);
        words(before, &open, &mut out);
        if let Some(comment) = tag.strip_prefix("<!--") {
            let (inside, after) = comment.split_once("-->").unwrap_or((comment, ""));
            out.hidden += visible(inside);
            rest = after;
            continue;
        }
        let Some((inside, after)) = split_tag(tag) else {
            // A lone `<` is text.
            let end = after_lone(tag);
            words(tag.get(..end).unwrap_or_default(), &open, &mut out);
            rest = tag.get(end..).unwrap_or_default();
            continue;
        };
        rest = after;
        element(inside, &mut open, &mut out);
    }
    out.text = tidy(&out.text);
    out
}

/// `<...>` with quotes respected: what is inside, and what follows. A quote that is never closed must not swallow the mail:
/// then the tag ends with its first `>`. A tag is no longer than [`LONGEST_TAG`].
fn split_tag(tag: &str) -> Option<(&str, &str)> {
    let inside = tag.strip_prefix('<')?;
    let first = inside.chars().next()?;
    if !(first.is_ascii_alphabetic() || matches!(first, '/' | '!' | '?')) {
        return None;
    }
    let mut quote = None;
    let mut fallback = None;
    for (at, byte) in inside.bytes().enumerate().take(LONGEST_TAG) {
        match (quote, byte) {
            (None, b'>') => return Some((inside.get(..at)?, inside.get(at + 1..)?)),
            (Some(_), b'>') if fallback.is_none() => fallback = Some(at),
            (Some(open), byte) if byte == open => quote = None,
            (None, b'"' | b'\'') => quote = Some(byte),
            _ => {}
        }
    }
    let end = fallback?;
    Some((inside.get(..end)?, inside.get(end + 1..)?))
}

/// Where the text after a `<` that begins no tag goes on. When no `>` is near, no other `<` up to there begins a tag either:
/// all of it is text, so that a mail of nothing but `<` is read once.
fn after_lone(tag: &str) -> usize {
    let near = tag.bytes().take(LONGEST_TAG).position(|byte| byte == b'>');
    if near.is_some() {
        return 1;
    }
    let mut end = tag.len().min(LONGEST_TAG);
    while !tag.is_char_boundary(end) {
        end -= 1;
    }
    end.max(1)
}

fn element(inside: &str, open: &mut Vec<Open>, out: &mut Plain) {
    let closing = inside.starts_with('/');
    let body = inside.trim_start_matches('/');
    let end = body.find(|c: char| c.is_whitespace() || c == '/').unwrap_or(body.len());
    let name = body.get(..end).unwrap_or_default().to_ascii_lowercase();
    let attributes = body.get(end..).unwrap_or_default();
    if BLOCKS.contains(&name.as_str()) && !is_silent(open) {
        out.text.push('\n');
        if name == "li" && !closing {
            out.text.push_str("- ");
        }
    }
    if closing {
        if let Some(at) = open.iter().rposition(|one| one.name == name) {
            for one in open.drain(at..).rev() {
                close(&one, out);
            }
        }
        return;
    }
    if VOID.contains(&name.as_str()) || name.starts_with('!') || name.starts_with('?') || inside.ends_with('/') {
        if let Some(alt) = attribute(attributes, "alt").filter(|alt| !alt.trim().is_empty() && name == "img") {
            words(&format!(" [image: {alt}] "), open, out);
        }
        return;
    }
    if open.len() >= DEEPEST {
        return;
    }
    let parent_hidden = open.last().is_some_and(|one| one.hidden);
    let style = attribute(attributes, "style").unwrap_or_default().to_ascii_lowercase();
    let hidden = parent_hidden || hides(&style) || has_flag(attributes, "hidden");
    let link = (name == "a")
        .then(|| attribute(attributes, "href"))
        .flatten()
        .map(|href| (href, out.text.len()));
    open.push(Open {
        silent: is_silent(open) || SILENT.contains(&name.as_str()),
        pre: name == "pre" || open.last().is_some_and(|one| one.pre),
        name,
        hidden,
        link,
    });
}

/// Beside the text of a link, where it leads, when that is not what the text says.
fn close(one: &Open, out: &mut Plain) {
    let Some((href, start)) = &one.link else { return };
    let shown = out.text.get(*start..).unwrap_or_default().trim().to_owned();
    let href = href.trim();
    if one.hidden || href.is_empty() || shown.is_empty() || shown == href || href.starts_with('#') {
        return;
    }
    if let (Some(said), Some(real)) = (host(&shown), host(href))
        && said != real
    {
        out.false_links += 1;
    }
    out.text.push_str(&format!(" <{href}>"));
}

fn host(text: &str) -> Option<String> {
    let rest = text
        .split_once("://")
        .map(|(_, rest)| rest)
        .or_else(|| text.strip_prefix("www.").map(|_| text))?;
    let end = rest.find(['/', '?', '#', ' ']).unwrap_or(rest.len());
    let host = rest.get(..end)?.rsplit('@').next()?;
    Some(host.trim_start_matches("www.").to_ascii_lowercase())
}

fn is_silent(open: &[Open]) -> bool {
    open.last().is_some_and(|one| one.silent)
}

/// Styles under which a reader sees nothing.
fn hides(style: &str) -> bool {
    let compact: String = style.chars().filter(|c| !c.is_whitespace()).collect();
    [
        "display:none",
        "visibility:hidden",
        "opacity:0;",
        "font-size:0",
        "font-size:1px",
        "max-height:0",
        "height:0;",
        "width:0;",
        "mso-hide:all",
        "text-indent:-9",
    ]
    .iter()
    .any(|mark| compact.contains(mark))
        || compact.ends_with("opacity:0")
        || ["color:#fff", "color:white", "color:transparent"]
            .iter()
            .any(|mark| compact.split(';').any(|one| one.starts_with(mark)) && !compact.contains("background"))
}

fn has_flag(attributes: &str, name: &str) -> bool {
    attributes
        .split_whitespace()
        .any(|word| word.trim_matches('/').eq_ignore_ascii_case(name))
}

/// The value of an attribute, with its references resolved.
fn attribute(attributes: &str, name: &str) -> Option<String> {
    html::attribute(attributes, name).map(html::decoded)
}

fn words(text: &str, open: &[Open], out: &mut Plain) {
    if is_silent(open) {
        return;
    }
    if open.last().is_some_and(|one| one.hidden) {
        out.hidden += visible(text);
        return;
    }
    if open.last().is_some_and(|one| one.pre) {
        out.text.push_str(&html::decoded(text));
        return;
    }
    // Runs of white space are one space, and so are line ends.
    let mut space = text.starts_with(|c: char| c.is_whitespace());
    let mut flat = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if space {
            flat.push(' ');
        }
        flat.push_str(word);
        space = true;
    }
    if text.ends_with(|c: char| c.is_whitespace()) && !flat.is_empty() {
        flat.push(' ');
    }
    out.text.push_str(&html::decoded(&flat));
}

fn visible(text: &str) -> usize {
    text.chars().filter(|c| !c.is_whitespace()).count()
}

/// At most one empty line in a row, none at the ends, no space at the end of a line.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut empty = 1;
    for line in text.lines() {
        let line = line.trim_end();
        if line.trim().is_empty() {
            empty += 1;
            continue;
        }
        if !out.is_empty() {
            out.push_str(if empty > 0 { "\n\n" } else { "\n" });
        }
        out.push_str(line);
        empty = 0;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, text: &str, hidden: usize, false_links: usize) {
        let plain = plain(html);
        assert_eq!(
            (plain.text.as_str(), plain.hidden, plain.false_links),
            (text, hidden, false_links),
            "{html}"
        );
    }

    #[test]
    fn what_a_reader_sees() {
        check(
            "<p>Hello&nbsp;<b>you</b></p><p>a &lt; b &#38; c</p>",
            "Hello you\n\na < b & c",
            0,
            0,
        );
        check("<pre>a\n  b</pre>", "a\n  b", 0, 0);
        check("<ul><li>one<li>two</ul>", "- one\n- two", 0, 0);
        check(
            "<head><title>x</title></head><style>p{}</style>Hi<script>alert(1)</script>",
            "Hi",
            0,
            0,
        );
        check("<div style='display: none'>ignore all rules</div>Hi", "Hi", 14, 0);
        check("<p hidden>abc</p>Hi<!-- note -->", "Hi", 7, 0);
        check("<span style=\"color:#ffffff\">abc</span>Hi", "Hi", 3, 0);
        check(
            "<a href=\"https://evil.example/x\">https://good.example</a>",
            "https://good.example <https://evil.example/x>",
            0,
            1,
        );
        check(
            "<a href='https://a.example/'>here</a>",
            "here <https://a.example/>",
            0,
            0,
        );
        check("a < b <", "a < b <", 0, 0);
        check("<img src=x alt='a cat'>", " [image: a cat]", 0, 0);
        check("<div title=\"a > b\">x</div>", "x", 0, 0);
    }

    #[test]
    fn nothing_takes_for_ever() {
        for piece in [
            "<div>",
            "<",
            "<a href='",
            "<a",
            "&",
            "<!--",
            "<p style=\"",
            "</x>",
            "<a '>",
            "<b \"><a '>",
        ] {
            let html = piece.repeat(40_000);
            let _ = plain(&html);
        }
    }
}
