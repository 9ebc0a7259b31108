//! Markdown to units.

mod tags;
mod units;

use std::{ops::Range, sync::Arc};

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::{
    Aside, Fence, Heading, Page, PageLink, Unit, UnitKind,
    html::{self, Piece},
    odd::trick_of,
    sentences,
};

/// Longest heading and lead that is kept, in characters.
const MAX_LEAD: usize = 200;
/// Longest comment that is kept, in characters.
const MAX_ASIDE: usize = 500;
/// Most lines of a fence that are kept.
const MAX_FENCE_LINES: usize = 400;
/// Longest cell that is read, in characters.
const MAX_CELL: usize = 1_000;
/// Longest sentence that is read, in bytes.
const MAX_SENTENCE: usize = 4_000;
/// Most cells of a row that are kept.
const MAX_CELLS: usize = 32;

/// Reads a document.
pub(super) fn read(source: &str) -> Page {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_GFM
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let mut builder = Builder::new(source);
    for (event, range) in Parser::new_ext(source, options).into_offset_iter() {
        builder.event(event, range);
    }
    builder.flush();
    builder.page
}

/// Text that is being put together, with the places it comes from.
#[derive(Default)]
struct Flow {
    text: String,
    /// Offsets in the text at which another line of the source begins, with that line.
    lines: Vec<(usize, u32)>,
    code: Vec<Range<usize>>,
    linked: Vec<Range<usize>>,
    strong: Vec<Range<usize>>,
    breaks: Vec<usize>,
    /// The box of a task, ticked or not.
    checked: Option<bool>,
}

impl Flow {
    /// Puts text in: white space becomes one space, what nobody sees is left out, typographic quotes become plain ones.
    fn push(&mut self, text: &str, line: u32) {
        if self.lines.last().is_none_or(|last| last.1 != line) {
            self.lines.push((self.text.len(), line));
        }
        for c in text.chars() {
            match c {
                c if c.is_whitespace() => self.space(),
                '\u{2018}' | '\u{2019}' => self.text.push('\''),
                '\u{201c}' | '\u{201d}' => self.text.push('"'),
                '\u{2010}' | '\u{2011}' => self.text.push('-'),
                '\u{fe0f}' => {}
                c if trick_of(c).is_some() => {}
                c => self.text.push(c),
            }
        }
    }

    fn space(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with(' ') {
            self.text.push(' ');
        }
    }

    /// The first and the last line of a part.
    fn lines_of(&self, part: &Range<usize>) -> (u32, u32) {
        let line = |at: usize| {
            let after = self.lines.partition_point(|mark| mark.0 <= at);
            self.lines.get(after.saturating_sub(1)).map_or(1, |mark| mark.1)
        };
        (line(part.start), line(part.end.saturating_sub(1).max(part.start)))
    }
}

/// Something that is open.
enum Open {
    /// A list: the words before it, its number.
    List { lead: Option<Arc<str>>, group: u32 },
    /// An item: its first words.
    Item { text: Option<Arc<str>> },
    /// A quote that is one.
    Quote,
    /// A quote that a forge shows as a note.
    Note,
}

struct Builder<'a> {
    source: &'a str,
    /// The offset at which each line begins.
    starts: Vec<usize>,
    page: Page,
    flow: Flow,
    open: Vec<Open>,
    /// How many quotes are open that are quotes.
    quotes: usize,
    /// How much struck text is open.
    struck: usize,
    /// The last words of the block before, while nothing came between.
    before: Option<Arc<str>>,
    groups: u32,
    heading_level: u8,
    table: Option<Table>,
    fence: Option<Fence>,
    /// The links that are open: their target, where their words begin, whether a picture is in them.
    links: Vec<(String, usize, bool)>,
    strong_from: Option<usize>,
    html: Html,
    /// A block of metadata, or of HTML that is collected.
    skip: bool,
}

#[derive(Default)]
struct Table {
    header: Option<Arc<[String]>>,
    cells: Vec<String>,
    group: u32,
    lead: Option<Arc<str>>,
    line: u32,
    in_head: bool,
}

/// What HTML has opened.
#[derive(Default)]
struct Html {
    table: Option<Table>,
    in_cell: bool,
    in_item: bool,
    level: u8,
    /// The name of a tag whose content is left out, how often it is open, and whether the content is hidden text.
    away: Option<(String, usize, bool)>,
    hidden: String,
    hidden_line: u32,
    link: Option<(String, usize)>,
}

impl<'a> Builder<'a> {
    fn new(source: &'a str) -> Self {
        let starts = std::iter::once(0)
            .chain(source.match_indices('\n').map(|(at, _)| at + 1))
            .collect();
        Builder {
            source,
            starts,
            page: Page::default(),
            flow: Flow::default(),
            open: Vec::new(),
            quotes: 0,
            struck: 0,
            before: None,
            groups: 0,
            heading_level: 0,
            table: None,
            fence: None,
            links: Vec::new(),
            strong_from: None,
            html: Html::default(),
            skip: false,
        }
    }

    fn line(&self, at: usize) -> u32 {
        u32::try_from(self.starts.partition_point(|start| *start <= at)).unwrap_or(u32::MAX)
    }

    fn event(&mut self, event: Event<'a>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text, &range),
            Event::Code(text) => {
                let from = self.flow.text.len();
                self.put(&text, range.start);
                let to = self.flow.text.len();
                self.flow.code.push(from..to);
            }
            Event::SoftBreak => {
                self.flow.space();
                let next = self
                    .source
                    .get(range.end..)
                    .unwrap_or_default()
                    .trim_start()
                    .chars()
                    .next();
                if next.is_some_and(sentences::begins_anew) {
                    self.flow.breaks.push(self.flow.text.len());
                }
            }
            Event::HardBreak => {
                self.flow.space();
                self.flow.breaks.push(self.flow.text.len());
            }
            // The block was read as a whole where it began.
            Event::Html(_) => {}
            Event::InlineHtml(text) => self.inline_html(&text, range.start),
            Event::TaskListMarker(checked) => self.flow.checked = Some(checked),
            Event::FootnoteReference(_) | Event::Rule => {}
            Event::InlineMath(text) | Event::DisplayMath(text) => self.put(&text, range.start),
        }
    }

    fn text(&mut self, text: &str, range: &Range<usize>) {
        if let Some(fence) = &mut self.fence {
            let first = u32::try_from(self.starts.partition_point(|start| *start <= range.start)).unwrap_or(u32::MAX);
            for (at, line) in text.lines().enumerate() {
                if fence.lines.len() < MAX_FENCE_LINES {
                    let number = first.saturating_add(u32::try_from(at).unwrap_or(u32::MAX));
                    fence.lines.push((number, line.to_owned()));
                }
            }
            return;
        }
        self.put(text, range.start);
    }

    /// Puts text where it belongs now.
    fn put(&mut self, text: &str, at: usize) {
        if self.skip || self.struck > 0 {
            return;
        }
        let line = self.line(at);
        if let Some((_, _, hidden)) = &self.html.away {
            if *hidden {
                self.html.hidden_line = if self.html.hidden.is_empty() {
                    line
                } else {
                    self.html.hidden_line
                };
                let room = MAX_ASIDE.saturating_sub(self.html.hidden.len());
                self.html.hidden.extend(text.chars().take(room));
            }
            return;
        }
        self.flow.push(text, line);
    }

    fn start(&mut self, tag: Tag<'a>, range: Range<usize>) {
        match tag {
            Tag::Paragraph => {
                // A paragraph that follows text of its item is another block.
                if !self.flow.text.is_empty() && self.table.is_none() && !self.html.in_cell {
                    self.flush();
                }
            }
            Tag::Heading { level, .. } => {
                self.flush();
                self.heading_level = level as u8;
            }
            Tag::BlockQuote(kind) => {
                self.flush();
                if kind.is_some() || self.is_note(range.start) {
                    self.open.push(Open::Note);
                } else {
                    self.open.push(Open::Quote);
                    self.quotes += 1;
                }
            }
            Tag::CodeBlock(kind) => {
                self.flush();
                let info = match kind {
                    CodeBlockKind::Fenced(info) => info.chars().take(40).collect(),
                    CodeBlockKind::Indented => String::new(),
                };
                self.fence = Some(Fence {
                    info,
                    lines: Vec::new(),
                    heading: self.heading(),
                });
            }
            Tag::HtmlBlock => {
                let source = self.source;
                self.html(source.get(range.clone()).unwrap_or_default(), range.start);
            }
            Tag::List(_) => {
                self.flush();
                self.groups += 1;
                let lead = match self.open.last() {
                    Some(Open::Item { text }) => text.clone(),
                    _ => self.before.take(),
                };
                self.open.push(Open::List {
                    lead,
                    group: self.groups,
                });
            }
            Tag::Item => {
                self.flush();
                self.open.push(Open::Item { text: None });
            }
            Tag::Table(_) => {
                self.flush();
                self.groups += 1;
                self.table = Some(Table {
                    group: self.groups,
                    lead: self.before.take(),
                    ..Table::default()
                });
            }
            Tag::TableHead => {
                if let Some(table) = &mut self.table {
                    table.in_head = true;
                }
            }
            Tag::TableRow => {
                let line = self.line(range.start);
                if let Some(table) = &mut self.table {
                    table.line = line;
                }
            }
            Tag::Strikethrough => self.struck += 1,
            Tag::Strong => self.strong_from = Some(self.flow.text.len()),
            Tag::Link { dest_url, .. } => self.links.push((dest_url.into_string(), self.flow.text.len(), false)),
            Tag::Image { dest_url, .. } => {
                if let Some(link) = self.links.last_mut() {
                    link.2 = true;
                }
                self.links.push((dest_url.into_string(), self.flow.text.len(), true));
            }
            Tag::MetadataBlock(_) => self.skip = true,
            Tag::TableCell
            | Tag::FootnoteDefinition(_)
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::Emphasis
            | Tag::Superscript
            | Tag::Subscript => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => {
                if self.html.in_cell {
                    self.flow.space();
                } else {
                    self.flush();
                }
            }
            TagEnd::Heading(_) => self.end_heading(),
            TagEnd::BlockQuote(_) => {
                self.flush();
                if matches!(self.open.pop(), Some(Open::Quote)) {
                    self.quotes = self.quotes.saturating_sub(1);
                }
                self.before = None;
            }
            TagEnd::CodeBlock => {
                self.before = None;
                if let Some(fence) = self.fence.take().filter(|_| self.quotes == 0) {
                    self.page.fences.push(fence);
                }
            }
            TagEnd::HtmlBlock => {
                if !self.html.in_cell {
                    self.flush();
                }
            }
            TagEnd::List(_) | TagEnd::Item => {
                self.flush();
                self.open.pop();
                self.before = None;
            }
            TagEnd::TableCell => {
                let cell: String = std::mem::take(&mut self.flow)
                    .text
                    .trim()
                    .chars()
                    .take(MAX_CELL)
                    .collect();
                if let Some(table) = self.table.as_mut().filter(|table| table.cells.len() < MAX_CELLS) {
                    table.cells.push(cell);
                }
            }
            TagEnd::TableHead => {
                if let Some(table) = &mut self.table {
                    table.in_head = false;
                    table.header = Some(std::mem::take(&mut table.cells).into());
                }
            }
            TagEnd::TableRow => {
                if let Some(mut table) = self.table.take() {
                    self.row(&mut table);
                    self.table = Some(table);
                }
            }
            TagEnd::Table => {
                self.table = None;
                self.before = None;
            }
            TagEnd::Strikethrough => self.struck = self.struck.saturating_sub(1),
            TagEnd::Strong => {
                if let Some(from) = self.strong_from.take() {
                    let to = self.flow.text.len();
                    self.flow.strong.push(from.min(to)..to);
                }
            }
            TagEnd::Link | TagEnd::Image => {
                if let Some((target, from, picture)) = self.links.pop() {
                    self.link(target, from, picture);
                }
            }
            TagEnd::MetadataBlock(_) => self.skip = false,
            TagEnd::FootnoteDefinition
            | TagEnd::DefinitionList
            | TagEnd::DefinitionListTitle
            | TagEnd::DefinitionListDefinition => self.flush(),
            TagEnd::Emphasis | TagEnd::Superscript | TagEnd::Subscript => {}
        }
    }

    /// A link's words begin at `from` and end here. A picture's words are no text of the page, save in tables ("yes").
    fn link(&mut self, target: String, from: usize, picture: bool) {
        let to = self.flow.text.len();
        let from = from.min(to);
        let words = self.flow.text.get(from..).unwrap_or_default().trim().to_owned();
        let line = self.flow.lines.last().map_or(1, |mark| mark.1);
        if picture && self.table.is_none() {
            self.flow.text.truncate(from);
        } else if !words.is_empty() {
            self.flow.linked.push(from..to);
        }
        self.page.links.push(PageLink {
            text: words,
            target,
            picture,
            heading: self.heading(),
            line,
        });
    }

    fn heading(&self) -> Option<usize> {
        self.page.headings.len().checked_sub(1)
    }

    /// Whether a quote is a note of the policy itself: it begins with bold text or a sign.
    fn is_note(&self, at: usize) -> bool {
        let rest = self.source.get(at..).unwrap_or_default();
        // Not further: quotes may be nested thousands deep.
        let signs = rest
            .chars()
            .take(64)
            .take_while(|c| *c == '>' || c.is_whitespace())
            .map(char::len_utf8)
            .sum();
        let text = rest.get(signs..).unwrap_or_default();
        let word: String = text.chars().take(10).collect::<String>().to_ascii_lowercase();
        text.starts_with("**")
            || text.starts_with("__")
            || text.starts_with([':', '⚠', 'ℹ', '🔒', '❗', '🚨', '💡', '📢'])
            || ["note", "warning", "important", "caution", "tip:"]
                .iter()
                .any(|sign| word.starts_with(sign))
    }

    fn end_heading(&mut self) {
        let level = std::mem::take(&mut self.heading_level);
        let flow = std::mem::take(&mut self.flow);
        self.before = None;
        self.push_heading(level, &flow);
    }

    fn push_heading(&mut self, level: u8, flow: &Flow) {
        if self.quotes > 0 {
            return;
        }
        let text: Arc<str> = short(flow.text.trim().trim_end_matches(':')).into();
        let line = flow.lines.first().map_or(1, |mark| mark.1);
        let mut above = self.heading();
        while let Some(heading) = above.and_then(|at| self.page.headings.get(at)) {
            if heading.level < level {
                break;
            }
            above = heading.above;
        }
        self.page.headings.push(Heading {
            level,
            text,
            line,
            above,
        });
    }

    fn aside(&mut self, text: &str, from: usize, to: usize) {
        let words: Vec<&str> = text.split_whitespace().take(MAX_ASIDE).collect();
        let text: String = words.join(" ").chars().take(MAX_ASIDE).collect();
        if !text.is_empty() {
            let (line, last_line) = (self.line(from), self.line(to.saturating_sub(1).max(from)));
            self.page.comments.push(Aside { text, line, last_line });
        }
    }
}

/// The first characters of a text.
fn short(text: &str) -> &str {
    let end = text.char_indices().nth(MAX_LEAD).map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or_default()
}
