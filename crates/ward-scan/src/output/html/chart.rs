//! Charts as inline SVG: bars with their numbers, which a screen reader gets as one sentence.

use std::fmt::Write as _;

use super::super::markdown::escape;

/// One bar: its name, how long, and its class, which gives the colour.
pub(super) struct Bar {
    pub(super) name: String,
    pub(super) count: usize,
    pub(super) class: &'static str,
}

/// Most characters of a name beside a bar.
const LONGEST: usize = 32;

/// Bars under each other. Nothing when there is none.
pub(super) fn bars(title: &str, bars: &[Bar]) -> String {
    const ROW: usize = 24;
    const NAMES: usize = 230;
    const ROOM: usize = 150;
    let most = bars.iter().map(|bar| bar.count).max().unwrap_or_default();
    if most == 0 {
        return String::new();
    }
    let spoken: Vec<String> = bars.iter().map(|bar| format!("{} {}", bar.name, bar.count)).collect();
    let mut out = format!(
        "<figure><figcaption>{title}</figcaption><svg viewBox=\"0 0 430 {}\" role=img aria-label=\"{}\">",
        bars.len() * ROW,
        escape(&format!("{title}: {}", spoken.join(", ")))
    );
    for (bar, row) in bars.iter().zip(0..) {
        let top = row * ROW;
        let width = (bar.count * ROOM).div_ceil(most);
        // Writing to a String cannot fail.
        let _ = write!(
            out,
            "<text x=0 y={base}>{name}</text><rect class=\"{class}\" x={NAMES} y={y} width={width} height=14 rx=2 />\
             <text x={end} y={base}>{count}</text>",
            base = top + 16,
            name = escape(&shortened(&bar.name)),
            class = bar.class,
            y = top + 5,
            end = NAMES + width + 6,
            count = bar.count
        );
    }
    out.push_str("</svg></figure>");
    out
}

/// The end of a long path, which is the file; the beginning of any other long name.
fn shortened(name: &str) -> String {
    let length = name.chars().count();
    if length <= LONGEST {
        return name.to_owned();
    }
    if !name.contains('/') {
        let start: String = name.chars().take(LONGEST - 1).collect();
        return format!("{start}…");
    }
    let end: String = name.chars().skip(length - LONGEST + 1).collect();
    format!("…{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_bar_fills_the_room_and_names_are_text() {
        let bar = |name: &str, count| Bar {
            name: name.to_owned(),
            count,
            class: "high",
        };
        let svg = bars("Files", &[bar("<a>\"", 4), bar(&format!("a/{}", "x".repeat(60)), 1)]);
        assert!(svg.contains("width=150") && svg.contains("width=38"), "{svg}");
        assert!(svg.contains("&lt;a&gt;&quot;") && !svg.contains("<a>"));
        assert!(svg.contains(&format!("…{}<", "x".repeat(31))));
        assert_eq!(shortened(&"y".repeat(60)), format!("{}…", "y".repeat(31)));
        assert!(bars("Files", &[]).is_empty() && bars("Files", &[bar("a", 0)]).is_empty());
    }
}
