//! An attestation as a PDF: one column of text in the fonts that every reader of PDF has.
//!
//! Characters outside Latin-1 become `?`; the page and the JSON hold them.

use pdf_writer::{Content, Finish as _, Name, Pdf, Rect, Ref, Str, TextStr};

use super::{
    document::Attestation,
    page::{self, Block},
};

/// A4 in points.
const PAGE: (f32, f32) = (595.0, 842.0);
/// Margin on every side, in points.
const MARGIN: f32 = 54.0;

/// Advance widths of the characters 32 to 126 of Helvetica, in thousandths of the size. Source: Adobe's metrics of the
/// fourteen standard fonts.
const REGULAR: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
    260, 334, 584,
];
/// The same of Helvetica-Bold.
const BOLD: [u16; 95] = [
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667, 611, 778, 722, 278, 556, 722, 611, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584, 556, 333, 556, 611, 556, 611,
    556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389,
    280, 389, 584,
];
/// What other characters are taken to be as wide as: the widest letter, so that no line is too long.
const OTHER: u16 = 1000;

/// A line of text on its way to a page.
struct Line {
    text: Vec<u8>,
    bold: bool,
    size: f32,
    indent: f32,
    /// Space above it, in points.
    above: f32,
    /// It may not be the last of a page.
    holds_next: bool,
}

/// The PDF.
#[must_use]
pub fn render(made: &Attestation) -> Vec<u8> {
    let lines: Vec<Line> = page::blocks(made).iter().flat_map(lines).collect();
    let pages = paginate(&lines);
    let mut next = 0;
    let mut fresh = || {
        next += 1;
        Ref::new(next)
    };
    let (catalogue, tree, regular, bold, info) = (fresh(), fresh(), fresh(), fresh(), fresh());
    let mut pdf = Pdf::new();
    pdf.catalog(catalogue).pages(tree).lang(TextStr("en"));
    let ids: Vec<(Ref, Ref)> = pages.iter().map(|_| (fresh(), fresh())).collect();
    let count = i32::try_from(ids.len()).unwrap_or(i32::MAX);
    pdf.pages(tree).kids(ids.iter().map(|(page, _)| *page)).count(count);
    for (font, name) in [(regular, &b"Helvetica"[..]), (bold, b"Helvetica-Bold")] {
        let mut one = pdf.type1_font(font);
        one.base_font(Name(name));
        one.encoding_predefined(Name(b"WinAnsiEncoding"));
    }
    for (number, (lines, (id, contents))) in pages.iter().zip(&ids).enumerate() {
        let mut one = pdf.page(*id);
        one.media_box(Rect::new(0.0, 0.0, PAGE.0, PAGE.1))
            .parent(tree)
            .contents(*contents);
        let mut resources = one.resources();
        let mut fonts = resources.fonts();
        fonts.pair(Name(b"R"), regular).pair(Name(b"B"), bold);
        fonts.finish();
        resources.finish();
        one.finish();
        let foot = format!(
            "{}   {}   {} of {}",
            made.standard.id,
            made.about.made,
            number + 1,
            pages.len()
        );
        pdf.stream(*contents, &content(lines, &foot));
    }
    pdf.document_info(info)
        .title(TextStr(&format!("Evidence for {}", made.standard.name)))
        .creator(TextStr(&made.about.program));
    pdf.finish()
}

fn content(lines: &[(f32, &Line)], foot: &str) -> Vec<u8> {
    let mut content = Content::new();
    let mut show = |x: f32, y: f32, bold: bool, size: f32, text: &[u8]| {
        content.begin_text();
        content.set_font(Name(if bold { b"B" } else { b"R" }), size);
        content.next_line(x, y);
        content.show(Str(text));
        content.end_text();
    };
    for (y, line) in lines {
        show(MARGIN + line.indent, *y, line.bold, line.size, &line.text);
    }
    show(MARGIN, MARGIN / 2.0, false, 8.0, &latin(foot));
    content.finish().to_vec()
}

/// Lines to pages: each with the height of its foot above the bottom.
fn paginate(lines: &[Line]) -> Vec<Vec<(f32, &Line)>> {
    let mut pages = Vec::new();
    let mut page: Vec<(f32, &Line)> = Vec::new();
    let mut y = PAGE.1 - MARGIN;
    for (at, line) in lines.iter().enumerate() {
        let height = line.size * 1.35;
        let ahead = if line.holds_next {
            lines.get(at + 1).map_or(0.0, |next| next.above + next.size * 1.35)
        } else {
            0.0
        };
        let above = if page.is_empty() { 0.0 } else { line.above };
        if !page.is_empty() && y - above - height - ahead < MARGIN {
            pages.push(std::mem::take(&mut page));
            y = PAGE.1 - MARGIN;
        } else {
            y -= above;
        }
        y -= height;
        page.push((y, line));
    }
    if !page.is_empty() || pages.is_empty() {
        pages.push(page);
    }
    pages
}

fn lines(block: &Block) -> Vec<Line> {
    let wrapped = |text: &str, bold, size, indent: f32, above: f32, holds_next| {
        let width = PAGE.0 - 2.0 * MARGIN - indent;
        let rows = wrap(&latin(text), bold, size, width);
        let rows = rows.into_iter().enumerate().map(move |(at, text)| Line {
            text,
            bold,
            size,
            indent,
            above: if at == 0 { above } else { 0.0 },
            holds_next,
        });
        rows.collect::<Vec<Line>>()
    };
    match block {
        Block::Heading(1, text) => wrapped(text, true, 17.0, 0.0, 0.0, true),
        Block::Heading(_, text) => wrapped(text, true, 12.5, 0.0, 16.0, true),
        Block::Text(text) => wrapped(text, false, 9.5, 0.0, 6.0, false),
        Block::Item(text) => wrapped(&format!("\u{b7} {}", text.trim()), false, 9.0, 14.0, 2.0, false),
        Block::Result(outcome, name, text) => {
            let mut all = wrapped(&format!("{}: {name}", outcome.word()), true, 9.5, 0.0, 7.0, true);
            all.extend(wrapped(text, false, 9.0, 14.0, 1.0, false));
            all
        }
    }
}

/// Text in the encoding of the fonts.
fn latin(text: &str) -> Vec<u8> {
    let byte = |c: char| match c {
        ' '..='~' => c as u8,
        '\u{2018}' | '\u{2019}' => b'\'',
        '\u{201c}' | '\u{201d}' => b'"',
        '\u{2010}'..='\u{2015}' => b'-',
        '\u{a1}'..='\u{ff}' => u8::try_from(u32::from(c)).unwrap_or(b'?'),
        c if c.is_whitespace() => b' ',
        _ => b'?',
    };
    text.chars().map(byte).collect()
}

/// Breaks text into lines of at most `width` points: at spaces, and inside a word that is longer than a line.
fn wrap(text: &[u8], bold: bool, size: f32, width: f32) -> Vec<Vec<u8>> {
    let table = if bold { &BOLD } else { &REGULAR };
    let wide = |byte: u8| {
        let units = table
            .get(usize::from(byte.saturating_sub(32)))
            .filter(|_| byte >= 32)
            .copied();
        f32::from(units.unwrap_or(OTHER)) * size / 1000.0
    };
    let mut rows = Vec::new();
    let mut row: Vec<u8> = Vec::new();
    let mut used = 0.0;
    for word in text.split(|byte| *byte == b' ').filter(|word| !word.is_empty()) {
        let needs: f32 = word.iter().map(|byte| wide(*byte)).sum();
        if !row.is_empty() && used + wide(b' ') + needs > width {
            rows.push(std::mem::take(&mut row));
            used = 0.0;
        }
        if !row.is_empty() {
            row.push(b' ');
            used += wide(b' ');
        }
        for byte in word {
            if used + wide(*byte) > width && !row.is_empty() {
                rows.push(std::mem::take(&mut row));
                used = 0.0;
            }
            row.push(*byte);
            used += wide(*byte);
        }
    }
    rows.push(row);
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_never_too_long_and_lose_nothing() {
        for text in [
            "",
            "a",
            "some words of text that go on",
            &"x".repeat(400),
            &format!("{} y", "W".repeat(90)),
        ] {
            let rows = wrap(&latin(text), false, 10.0, 120.0);
            for row in &rows {
                let width: f32 = row
                    .iter()
                    .map(|b| f32::from(REGULAR[usize::from(b - 32)]) / 100.0)
                    .sum();
                assert!(width <= 120.01, "{width}");
            }
            let joined: Vec<u8> = rows.concat().into_iter().filter(|b| *b != b' ').collect();
            assert_eq!(joined, latin(&text.replace(' ', "")));
        }
    }

    #[test]
    fn text_outside_latin_1_is_marked() {
        assert_eq!(latin("a\u{2019}b \u{e9} \u{4e2d}\n"), b"a'b \xe9 ? ");
    }
}
