//! Documents cut into units: a sentence, a sentence of a list item, a row of a table, each with what stands above it.
//!
//! Markdown is read with tables, as forges show it; reStructuredText, AsciiDoc and plain text are rewritten into Markdown line
//! by line first ([`other`]), so that every line keeps its number. What a reader of the page does not take for its text is no
//! unit: fences of code (their commands are kept as *shown*), quotes, struck text, comments of HTML (kept aside).
//!
//! Linear in the length of the document; nesting is kept on the heap.

mod blocks;
mod html;
mod odd;
mod other;
mod sentences;

use std::{ops::Range, sync::Arc};

pub(crate) use odd::{Odd, trick_of};

/// A document cut into units.
#[derive(Debug, Default)]
pub(crate) struct Page {
    /// Headings, in the order of the document. A paragraph that is bold as a whole counts as one, below all others.
    pub(crate) headings: Vec<Heading>,
    /// Units, in the order of the document.
    pub(crate) units: Vec<Unit>,
    /// Fences and other blocks of code.
    pub(crate) fences: Vec<Fence>,
    /// Links and pictures.
    pub(crate) links: Vec<PageLink>,
    /// Comments of HTML, and text that is hidden by its style.
    pub(crate) comments: Vec<Aside>,
    /// Characters that nobody sees.
    pub(crate) odd: Vec<Odd>,
    /// What was not read: line, why.
    pub(crate) not_read: Vec<(u32, &'static str)>,
}

/// A heading.
#[derive(Debug)]
pub(crate) struct Heading {
    /// 1 to 6; 7 for a bold paragraph.
    pub(crate) level: u8,
    /// Its words, cut off after 200 characters.
    pub(crate) text: Arc<str>,
    /// Its line.
    pub(crate) line: u32,
    /// The heading that it stands under.
    pub(crate) above: Option<usize>,
}

/// What a unit is cut from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UnitKind {
    /// A paragraph.
    Sentence,
    /// A list item.
    Item,
    /// A row of a table.
    Row,
}

/// The smallest piece that can be a promise.
#[derive(Debug)]
pub(crate) struct Unit {
    /// What it is cut from.
    pub(crate) kind: UnitKind,
    /// Its words on one line, markup left out. Cells of a row are joined by ` | `.
    pub(crate) text: String,
    /// Parts of the text that stand in code.
    pub(crate) code: Vec<Range<usize>>,
    /// Parts of the text that are the words of a link.
    pub(crate) linked: Vec<Range<usize>>,
    /// The heading above.
    pub(crate) heading: Option<usize>,
    /// The words that lead to its list or table, the nearest first: "We will:", the text of the item above. At most three.
    pub(crate) leads: Vec<Arc<str>>,
    /// The list or table it belongs to.
    pub(crate) group: u32,
    /// It is not the first sentence of its item or paragraph.
    pub(crate) continues: bool,
    /// The box of a task before it: ticked or not.
    pub(crate) checked: Option<bool>,
    /// The cells of a row.
    pub(crate) cells: Vec<String>,
    /// The table's head.
    pub(crate) header: Option<Arc<[String]>>,
    /// First line, from 1.
    pub(crate) line: u32,
    /// Last line.
    pub(crate) last_line: u32,
}

/// A block of code.
#[derive(Debug)]
pub(crate) struct Fence {
    /// What is written after the fence's mark.
    pub(crate) info: String,
    /// Its lines with their numbers; at most 400.
    pub(crate) lines: Vec<(u32, String)>,
    /// The heading above.
    pub(crate) heading: Option<usize>,
}

/// A link or a picture.
#[derive(Debug)]
pub(crate) struct PageLink {
    /// Its words.
    pub(crate) text: String,
    /// Where it points.
    pub(crate) target: String,
    /// A picture, or a link around one.
    pub(crate) picture: bool,
    /// The heading above.
    pub(crate) heading: Option<usize>,
    /// Its line.
    pub(crate) line: u32,
}

/// Text that a reader of the page does not see.
#[derive(Debug)]
pub(crate) struct Aside {
    /// Its words, cut off after 500 characters.
    pub(crate) text: String,
    /// First line.
    pub(crate) line: u32,
    /// Last line.
    pub(crate) last_line: u32,
}

/// How a document is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Markup {
    /// Markdown as forges show it.
    Markdown,
    /// reStructuredText.
    Rst,
    /// AsciiDoc.
    AsciiDoc,
    /// No markup.
    Plain,
}

impl Markup {
    /// How the file at `path` is written, by its ending. A file without one is read as Markdown.
    pub(crate) fn of(path: &str) -> Markup {
        match path
            .rsplit_once('.')
            .map(|(_, ending)| ending.to_ascii_lowercase())
            .as_deref()
        {
            Some("rst") => Markup::Rst,
            Some("adoc" | "asciidoc") => Markup::AsciiDoc,
            Some("txt") => Markup::Plain,
            _ => Markup::Markdown,
        }
    }
}

/// Cuts a document into units.
pub(crate) fn page(markup: Markup, source: &str) -> Page {
    let rewritten = other::as_markdown(markup, source);
    let text = rewritten.as_ref().map_or(source, |other| other.text.as_str());
    let mut page = blocks::read(text);
    page.odd = odd::find(source);
    if let Some(other) = rewritten {
        page.not_read.extend(other.not_read);
        page.comments.extend(other.comments);
    }
    page
}

impl Page {
    /// The headings above `heading` and itself, outermost first.
    pub(crate) fn path(&self, heading: Option<usize>) -> Vec<Arc<str>> {
        let mut path = Vec::new();
        let mut at = heading;
        // Seven levels and no more: levels fall strictly on the way up.
        while let Some(heading) = at.and_then(|at| self.headings.get(at)) {
            path.push(Arc::clone(&heading.text));
            at = heading.above;
        }
        path.reverse();
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each unit as `line-last kind [leads] text`.
    fn shown(markup: Markup, source: &str) -> Vec<String> {
        page(markup, source)
            .units
            .iter()
            .map(|unit| {
                let leads: Vec<&str> = unit.leads.iter().map(|lead| &**lead).collect();
                format!(
                    "{}-{} {:?} {leads:?} {}",
                    unit.line, unit.last_line, unit.kind, unit.text
                )
            })
            .collect()
    }

    #[track_caller]
    fn check(source: &str, expect: &[&str]) {
        assert_eq!(shown(Markup::Markdown, source), expect);
    }

    #[test]
    fn sentences_know_their_lines() {
        check(
            "# A\n\nWe run `bandit`. It fails,\ne.g. on eval. See [the\nrules](x.md)!\n",
            &[
                "3-3 Sentence [] We run bandit.",
                "3-4 Sentence [] It fails, e.g. on eval.",
                "4-5 Sentence [] See the rules!",
            ],
        );
    }

    #[test]
    fn items_know_what_leads_to_them() {
        check(
            "We will:\n\n- scan\n  - deeply\n- **Fix**: soon.\n\n  Very soon.\n\nEnd.",
            &[
                "1-1 Sentence [] We will:",
                "3-3 Item [\"We will:\"] scan",
                "4-4 Item [\"scan\", \"We will:\"] deeply",
                "5-5 Item [\"We will:\"] Fix: soon.",
                "7-7 Item [\"We will:\"] Very soon.",
                "9-9 Sentence [] End.",
            ],
        );
    }

    #[test]
    fn rows_hold_their_cells_and_head() {
        let page = page(
            Markup::Markdown,
            "| Version | Supported |\n|---|---|\n| 1.x | :white_check_mark: |\n| < 1 | |\n",
        );
        let rows: Vec<_> = page.units.iter().map(|unit| (unit.line, unit.cells.clone())).collect();
        assert_eq!(
            rows,
            [
                (3, vec!["1.x".into(), ":white_check_mark:".into()]),
                (4, vec!["< 1".into(), String::new()])
            ]
        );
        assert_eq!(
            page.units[0].header.as_deref(),
            Some(&["Version".to_owned(), "Supported".to_owned()][..])
        );
    }

    #[test]
    fn quotes_fences_comments_and_struck_text_are_no_units() {
        let source = "> somebody said so\n\n```sh\n$ pip-audit -r requirements.txt\n```\n\n<!-- editors: do this -->\n\n~~We scan.~~\n\n> [!NOTE]\n> We do.\n";
        check(source, &["12-12 Sentence [] We do."]);
        let page = page(Markup::Markdown, source);
        assert_eq!(
            page.fences[0].lines,
            [(4, "$ pip-audit -r requirements.txt".to_owned())]
        );
        assert_eq!(
            (page.comments[0].line, page.comments[0].text.as_str()),
            (7, "editors: do this")
        );
    }

    #[test]
    fn tables_of_html_are_read() {
        check(
            "<table>\n<tr><th>Version</th><th>Supported</th></tr>\n\n<tr><td>2.x</td><td>&#9989; yes</td></tr>\n</table>\n<p>Mail <a href=\"mailto:a@b.org\">us</a>.</p>\n",
            &["4-4 Row [] 2.x | \u{2705} yes", "6-6 Sentence [] Mail us."],
        );
    }

    #[test]
    fn a_bold_paragraph_is_a_heading() {
        let page = page(
            Markup::Markdown,
            "# Policy\n\n**For users:**\n\n- Use TLS\n\n## Next\n\nText.",
        );
        let path: Vec<_> = page
            .path(page.units[0].heading)
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(path, ["Policy", "For users"]);
        assert_eq!(page.path(page.units[1].heading).len(), 2);
    }

    #[test]
    fn other_markup_keeps_its_lines() {
        let rst = "Security\n========\n\nWe scan::\n\n    bandit -r .\n\n* Mail `us <mailto:a@b.org>`_.\n\n.. a comment\n\n+---------+-----+\n| Version | OK  |\n+=========+=====+\n| 1.x     | yes |\n+---------+-----+\n";
        assert_eq!(
            shown(Markup::Rst, rst),
            [
                "4-4 Sentence [] We scan:",
                "8-8 Item [] Mail us.",
                "15-15 Row [] 1.x | yes"
            ]
        );
        let adoc = "= Security\n\n== Reporting\n\nWrite to mailto:a@b.org[us].\n\n. First\n** Second\n\n|===\n| Version | OK\n\n| 1.x | yes\n|===\n";
        assert_eq!(
            shown(Markup::AsciiDoc, adoc),
            [
                "5-5 Sentence [] Write to us.",
                "7-7 Item [\"Write to us.\"] First",
                "8-8 Item [\"First\", \"Write to us.\"] Second",
                "13-13 Row [] 1.x | yes"
            ]
        );
    }

    #[test]
    fn nesting_and_noise_end() {
        for hostile in [
            "[",
            "> ",
            "- ",
            "<table>",
            "<!--",
            "**",
            "| a ",
            "`",
            "<a href=\"",
            "&#",
            "* a\n ",
            "=\n",
            "+-",
        ] {
            let source = hostile.repeat(20_000);
            for markup in [Markup::Markdown, Markup::Rst, Markup::AsciiDoc, Markup::Plain] {
                let _ = page(markup, &source);
            }
        }
    }
}
