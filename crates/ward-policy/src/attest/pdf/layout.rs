//! Blocks to lines, lines to pages.

use super::fonts::{latin, wrap};
use crate::attest::page::Block;

/// A4 in points.
pub(super) const PAGE: (f32, f32) = (595.0, 842.0);
/// Margin on every side, in points.
pub(super) const MARGIN: f32 = 54.0;
/// Space between two columns of a table, in points.
const GUTTER: f32 = 10.0;
/// A row of a table of at most so many lines stays on one page.
const WHOLE: usize = 14;

/// What a line is beside its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// Nothing.
    None,
    /// The first line of the n-th heading.
    Heading(usize),
    /// The line of the contents that names the n-th heading.
    Entry(usize),
    /// The last line of a row: a rule stands below it.
    Rule,
}

/// A line on its way to a page: texts, each with where it begins from the left margin.
pub(super) struct Line {
    pub(super) cells: Vec<(f32, Vec<u8>)>,
    pub(super) bold: bool,
    pub(super) size: f32,
    pub(super) mark: Mark,
    /// Space above it, in points.
    above: f32,
    /// It may not be the last of a page.
    holds_next: bool,
}

/// How a text is set.
struct Style {
    bold: bool,
    size: f32,
    indent: f32,
    above: f32,
    holds_next: bool,
}

const fn style(bold: bool, size: f32, indent: f32, above: f32, holds_next: bool) -> Style {
    Style {
        bold,
        size,
        indent,
        above,
        holds_next,
    }
}

/// The lines of all blocks, with the contents before the second heading; and the texts of the headings.
pub(super) fn lines(blocks: &[Block]) -> (Vec<Line>, Vec<String>) {
    let heads: Vec<String> = blocks
        .iter()
        .filter_map(|block| match block {
            Block::Heading(2.., text) => Some(text.clone()),
            _ => None,
        })
        .collect();
    let (mut out, mut seen) = (Vec::new(), 0);
    for block in blocks {
        if let Block::Heading(2.., _) = block {
            if seen == 0 {
                contents(&heads, &mut out);
            }
            let from = out.len();
            of_block(block, &mut out);
            if let Some(first) = out.get_mut(from) {
                first.mark = Mark::Heading(seen);
            }
            seen += 1;
        } else {
            of_block(block, &mut out);
        }
    }
    (out, heads)
}

fn contents(heads: &[String], out: &mut Vec<Line>) {
    set("Contents", &style(true, 12.5, 0.0, 16.0, true), out);
    for (at, head) in heads.iter().enumerate() {
        let width = PAGE.0 - 2.0 * MARGIN - 40.0;
        let first = wrap(&latin(head), false, 9.5, width)
            .into_iter()
            .next()
            .unwrap_or_default();
        out.push(Line {
            cells: vec![(0.0, first)],
            bold: false,
            size: 9.5,
            mark: Mark::Entry(at),
            above: 2.0,
            holds_next: false,
        });
    }
}

/// A text over the width of the page.
fn set(text: &str, style: &Style, out: &mut Vec<Line>) {
    let width = PAGE.0 - 2.0 * MARGIN - style.indent;
    for (at, row) in wrap(&latin(text), style.bold, style.size, width)
        .into_iter()
        .enumerate()
    {
        out.push(Line {
            cells: vec![(style.indent, row)],
            bold: style.bold,
            size: style.size,
            mark: Mark::None,
            above: if at == 0 { style.above } else { 0.0 },
            holds_next: style.holds_next,
        });
    }
}

fn of_block(block: &Block, out: &mut Vec<Line>) {
    match block {
        Block::Heading(1, text) => set(text, &style(true, 17.0, 0.0, 0.0, true), out),
        Block::Heading(_, text) => set(text, &style(true, 12.5, 0.0, 16.0, true), out),
        Block::Text(text) => set(text, &style(false, 9.5, 0.0, 6.0, false), out),
        Block::Item(text) => set(
            &format!("\u{b7} {}", text.trim()),
            &style(false, 9.0, 14.0, 2.0, false),
            out,
        ),
        Block::Result(outcome, name, text) => {
            set(
                &format!("{}: {name}", outcome.word()),
                &style(true, 9.5, 0.0, 7.0, true),
                out,
            );
            set(text, &style(false, 9.0, 14.0, 1.0, false), out);
        }
        Block::Table { columns, rows } => {
            let head: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
            row(&head, columns, true, out);
            for cells in rows {
                let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
                row(&cells, columns, false, out);
            }
        }
    }
}

/// A row of a table: each cell is broken into the width of its column, and the row is as high as its highest cell.
fn row(cells: &[&str], columns: &[(&'static str, u8)], bold: bool, out: &mut Vec<Line>) {
    const SIZE: f32 = 8.5;
    let shares: f32 = columns.iter().map(|(_, share)| f32::from(*share)).sum::<f32>().max(1.0);
    let whole = PAGE.0 - 2.0 * MARGIN;
    let (mut x, mut wrapped) = (0.0, Vec::new());
    for (cell, (_, share)) in cells.iter().zip(columns) {
        let width = whole * f32::from(*share) / shares;
        wrapped.push((x, wrap(&latin(cell), bold, SIZE, width - GUTTER)));
        x += width;
    }
    let height = wrapped.iter().map(|(_, rows)| rows.len()).max().unwrap_or_default();
    for at in 0..height {
        let texts = wrapped.iter().filter_map(|(x, rows)| Some((*x, rows.get(at)?.clone())));
        let is_last = at + 1 == height;
        out.push(Line {
            cells: texts.collect(),
            bold,
            size: SIZE,
            mark: if is_last { Mark::Rule } else { Mark::None },
            above: if at == 0 { 4.0 } else { 0.0 },
            holds_next: bold || !is_last && height <= WHOLE,
        });
    }
}

/// Lines to pages: each with the height of its foot above the bottom.
pub(super) fn paginate(lines: &[Line]) -> Vec<Vec<(f32, &Line)>> {
    let mut pages = Vec::new();
    let mut page: Vec<(f32, &Line)> = Vec::new();
    let mut y = PAGE.1 - MARGIN;
    let height = |line: &Line| line.size * 1.35;
    for (at, line) in lines.iter().enumerate() {
        // What must not be parted is as high as all of it together.
        let held = lines.get(at..).unwrap_or_default().windows(2).take(WHOLE);
        let ahead: f32 = held
            .take_while(|two| two.first().is_some_and(|one| one.holds_next))
            .filter_map(|two| two.last())
            .map(|next| next.above + height(next))
            .sum();
        let above = if page.is_empty() { 0.0 } else { line.above };
        let fits = y - above - height(line) - ahead >= MARGIN;
        let starts = at == 0 || !lines.get(at - 1).is_some_and(|before| before.holds_next);
        let full = y - above - height(line) < MARGIN;
        if !page.is_empty() && (full || starts && !fits) {
            pages.push(std::mem::take(&mut page));
            y = PAGE.1 - MARGIN;
        } else {
            y -= above;
        }
        y -= height(line);
        page.push((y, line));
    }
    if !page.is_empty() || pages.is_empty() {
        pages.push(page);
    }
    pages
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_on_a_page_and_rows_are_not_parted() {
        let row = |at: usize| {
            vec![
                format!("C-{at}"),
                "words that go on and on over several lines of it ".repeat(3),
            ]
        };
        let blocks = [
            Block::Heading(1, "A report".into()),
            Block::Heading(2, "A table".into()),
            Block::Table {
                columns: vec![("Control", 1), ("What", 3)],
                rows: (0..200).map(row).collect(),
            },
            Block::Heading(2, "The end".into()),
            Block::Text("x".repeat(9_000)),
        ];
        let (lines, heads) = lines(&blocks);
        assert_eq!(heads, ["A table", "The end"]);
        let pages = paginate(&lines);
        assert_eq!(pages.iter().map(Vec::len).sum::<usize>(), lines.len());
        for page in &pages {
            assert!(page.iter().all(|(y, _)| *y >= MARGIN - 0.01 && *y < PAGE.1 - MARGIN));
            assert!(
                page.windows(2).all(|two| two[0].0 > two[1].0),
                "no two lines in one place"
            );
            assert!(page.last().is_some_and(|(_, line)| !line.holds_next));
        }
    }
}
