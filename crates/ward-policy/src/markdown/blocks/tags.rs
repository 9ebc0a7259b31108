//! Tags of HTML within Markdown: tables, lists, headings, links, and what a reader does not see.

use super::*;

impl Builder<'_> {
    pub(super) fn inline_html(&mut self, text: &str, at: usize) {
        if text.starts_with("<!--") {
            let inside = text.trim_start_matches("<!--").trim_end_matches("-->");
            self.aside(inside, at, at + text.len());
            return;
        }
        for piece in html::pieces(text) {
            match piece {
                Piece::Open(_, name, inside) => self.open_tag(&name, inside, at, true),
                Piece::Close(_, name) => self.close_tag(&name, true),
                _ => {}
            }
        }
    }

    /// A block of HTML, or a line of one.
    pub(super) fn html(&mut self, text: &str, at: usize) {
        if self.skip {
            return;
        }
        for piece in html::pieces(text) {
            match piece {
                Piece::Text(offset, text) => self.put(&html::decoded(text), at + offset),
                Piece::Open(offset, name, inside) => self.open_tag(&name, inside, at + offset, false),
                Piece::Close(_, name) => self.close_tag(&name, false),
                Piece::Comment(from, to, inside) => self.aside(inside, at + from, at + to),
            }
        }
    }

    fn open_tag(&mut self, name: &str, inside: &str, at: usize, inline: bool) {
        if let Some((away, depth, _)) = &mut self.html.away {
            *depth += usize::from(away == name);
            return;
        }
        let line = self.line(at);
        let is_void = matches!(name, "br" | "img" | "hr" | "input" | "meta" | "link" | "wbr") || inside.ends_with('/');
        if !is_void && (matches!(name, "script" | "style" | "template" | "blockquote" | "del") || html::hides(inside)) {
            if !inline {
                self.flush();
            }
            self.html.away = Some((name.to_owned(), 1, html::hides(inside)));
            return;
        }
        match name {
            "br" => {
                self.flow.space();
                self.flow.breaks.push(self.flow.text.len());
            }
            "a" => {
                let target = html::attribute(inside, "href").unwrap_or_default();
                if !target.is_empty() {
                    self.html.link = Some((html::decoded(target), self.flow.text.len()));
                }
            }
            "img" => {
                let target = html::decoded(html::attribute(inside, "src").unwrap_or_default());
                let text = html::decoded(html::attribute(inside, "alt").unwrap_or_default());
                if self.html.in_cell || self.table.is_some() {
                    self.flow.push(&text, line);
                }
                self.page.links.push(PageLink {
                    text,
                    target,
                    picture: true,
                    heading: self.heading(),
                    line,
                });
            }
            _ if inline => {}
            "table" => {
                self.flush();
                self.groups += 1;
                self.html.table = Some(Table {
                    group: self.groups,
                    lead: self.before.take(),
                    ..Table::default()
                });
            }
            "tr" => {
                self.end_row();
                if let Some(table) = &mut self.html.table {
                    table.line = line;
                }
            }
            "td" | "th" => {
                self.end_cell();
                if let Some(table) = &mut self.html.table {
                    table.in_head = name == "th" && (table.in_head || table.cells.is_empty());
                    table.line = if table.line == 0 { line } else { table.line };
                    self.html.in_cell = true;
                    self.flow = Flow::default();
                }
            }
            "li" => {
                self.flush();
                self.html.in_item = true;
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" if !self.html.in_cell => {
                self.flush();
                self.html.level = name.bytes().last().map_or(1, |b| b.saturating_sub(b'0'));
            }
            "p" | "div" | "ul" | "ol" | "section" | "summary" | "details" | "dt" | "dd" | "center"
                if !self.html.in_cell =>
            {
                self.flush();
            }
            _ => {}
        }
    }

    fn close_tag(&mut self, name: &str, inline: bool) {
        if let Some((away, depth, hidden)) = &mut self.html.away {
            *depth -= usize::from(away == name && *depth > 0);
            if *depth == 0 {
                let hidden = *hidden;
                self.html.away = None;
                let (text, line) = (std::mem::take(&mut self.html.hidden), self.html.hidden_line);
                if hidden && !text.trim().is_empty() {
                    self.page.comments.push(Aside {
                        text: text.trim().to_owned(),
                        line,
                        last_line: line,
                    });
                }
            }
            return;
        }
        match name {
            "a" => {
                if let Some((target, from)) = self.html.link.take() {
                    self.link(target, from, false);
                }
            }
            _ if inline => {}
            "td" | "th" => self.end_cell(),
            "tr" => self.end_row(),
            "table" => {
                self.end_row();
                self.html.table = None;
            }
            "li" => {
                self.flush();
                self.html.in_item = false;
            }
            "ul" | "ol" => {
                self.flush();
                self.html.in_item = false;
                self.before = None;
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" if self.html.level > 0 => {
                let level = std::mem::take(&mut self.html.level);
                let flow = std::mem::take(&mut self.flow);
                self.push_heading(level, &flow);
                self.before = None;
            }
            "p" | "div" | "summary" | "details" | "section" | "dt" | "dd" if !self.html.in_cell => self.flush(),
            _ => {}
        }
    }

    fn end_cell(&mut self) {
        if !std::mem::take(&mut self.html.in_cell) {
            return;
        }
        let cell: String = std::mem::take(&mut self.flow)
            .text
            .trim()
            .chars()
            .take(MAX_CELL)
            .collect();
        if let Some(table) = self.html.table.as_mut().filter(|table| table.cells.len() < MAX_CELLS) {
            table.cells.push(cell);
        }
    }

    fn end_row(&mut self) {
        self.end_cell();
        let Some(mut table) = self.html.table.take() else {
            return;
        };
        if std::mem::take(&mut table.in_head) && table.header.is_none() && !table.cells.is_empty() {
            table.header = Some(std::mem::take(&mut table.cells).into());
        } else {
            self.row(&mut table);
        }
        self.html.table = Some(table);
    }
}
