//! From text that was put together to units: sentences of paragraphs and items, rows of tables.

use super::*;

impl Builder<'_> {
    /// Makes units of the text that was put together.
    pub(super) fn flush(&mut self) {
        if self.heading_level > 0 && self.html.level == 0 {
            return;
        }
        let flow = std::mem::take(&mut self.flow);
        self.strong_from = None;
        if self.quotes > 0 || !flow.text.chars().any(char::is_alphanumeric) {
            return;
        }
        let in_item = self.html.in_item || matches!(self.open.last(), Some(Open::Item { .. }));
        let whole = flow.text.trim();
        let is_bold = flow.strong.len() == 1
            && flow.strong.first().is_some_and(|strong| {
                let (from, to) = (
                    flow.text.len() - flow.text.trim_start().len(),
                    flow.text.trim_end_matches([':', ' ']).len(),
                );
                strong.start <= from && strong.end >= to
            });
        if is_bold && !in_item && self.open.is_empty() && whole.chars().count() <= 80 && !whole.ends_with(['.', '!']) {
            self.push_heading(7, &flow);
            self.before = None;
            return;
        }
        let (mut leads, group) = self.leads();
        if self.html.in_item {
            leads.extend(self.before.clone());
        }
        let sentences = sentences::cut(&flow.text, &flow.breaks, &flow.code);
        let kind = if in_item { UnitKind::Item } else { UnitKind::Sentence };
        for (at, range) in sentences.iter().enumerate() {
            let (line, last_line) = flow.lines_of(range);
            let text = flow.text.get(range.clone()).unwrap_or_default();
            let text = self.clipped(text, line);
            self.page.units.push(Unit {
                kind,
                text,
                code: within(&flow.code, range),
                linked: within(&flow.linked, range),
                heading: self.heading(),
                leads: leads.clone(),
                group,
                continues: at > 0,
                checked: flow.checked,
                cells: Vec::new(),
                header: None,
                line,
                last_line,
            });
        }
        let last = sentences
            .last()
            .and_then(|range| flow.text.get(range.clone()))
            .unwrap_or_default();
        let lead: Arc<str> = short(last).into();
        match self.open.last_mut() {
            Some(Open::Item { text }) if text.is_none() => *text = Some(short(whole).into()),
            _ => {}
        }
        if !self.html.in_item {
            self.before = Some(lead);
        }
    }

    /// The text, cut off where it is longer than a sentence ever is; that is said.
    fn clipped(&mut self, text: &str, line: u32) -> String {
        if text.len() <= MAX_SENTENCE {
            return text.to_owned();
        }
        if self.page.not_read.len() < 50 {
            self.page
                .not_read
                .push((line, "the rest of a sentence of more than 4,000 characters"));
        }
        text.chars().take(MAX_SENTENCE).collect()
    }

    /// What leads to the place that is open, the nearest first, and the list it belongs to.
    fn leads(&self) -> (Vec<Arc<str>>, u32) {
        let mut leads = Vec::new();
        let mut group = 0;
        // Lists deeper than this lead nowhere new.
        for open in self.open.iter().rev().take(12) {
            if let Open::List { lead, group: number } = open {
                group = if group == 0 { *number } else { group };
                leads.extend(lead.clone());
                if leads.len() >= 3 {
                    break;
                }
            }
        }
        (leads, group)
    }

    /// Makes a unit of a row.
    pub(super) fn row(&mut self, table: &mut Table) {
        let cells = std::mem::take(&mut table.cells);
        if self.quotes > 0 || !cells.iter().any(|cell| cell.chars().any(|c| !c.is_whitespace())) {
            return;
        }
        self.page.units.push(Unit {
            kind: UnitKind::Row,
            text: cells.join(" | "),
            code: Vec::new(),
            linked: Vec::new(),
            heading: self.heading(),
            leads: table.lead.iter().cloned().collect(),
            group: table.group,
            continues: false,
            checked: None,
            cells,
            header: table.header.clone(),
            line: table.line,
            last_line: table.line,
        });
    }
}

/// The parts of `ranges` that lie in `range`, counted from its start.
fn within(ranges: &[Range<usize>], range: &Range<usize>) -> Vec<Range<usize>> {
    let first = ranges.partition_point(|part| part.end <= range.start);
    let of = |part: &Range<usize>| part.start.max(range.start) - range.start..part.end.min(range.end) - range.start;
    ranges
        .iter()
        .skip(first)
        .take_while(|part| part.start < range.end)
        .filter(|part| !part.is_empty())
        .map(of)
        .collect()
}
