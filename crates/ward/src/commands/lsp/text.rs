//! Places in a text: bytes and code points of Ward, lines and UTF-16 units of the protocol.

use serde_json::{Value, json};

/// A text and where its lines begin.
pub(super) struct Text {
    pub(super) text: String,
    starts: Vec<usize>,
}

impl Text {
    pub(super) fn of(text: String) -> Self {
        let mut starts = vec![0];
        starts.extend(
            text.bytes()
                .enumerate()
                .filter(|(_, byte)| *byte == b'\n')
                .map(|(at, _)| at + 1),
        );
        Self { text, starts }
    }

    fn line(&self, number: usize) -> &str {
        let start = self.starts.get(number).copied().unwrap_or(self.text.len());
        let end = self.starts.get(number + 1).copied().unwrap_or(self.text.len());
        self.text
            .get(start..end)
            .unwrap_or_default()
            .trim_end_matches(['\n', '\r'])
    }

    /// The position of a byte.
    pub(super) fn position(&self, offset: u64) -> Value {
        let offset = usize::try_from(offset).unwrap_or(usize::MAX).min(self.text.len());
        let line = self.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or_default();
        let before = self
            .text
            .get(start..self.text.floor_char_boundary(offset))
            .unwrap_or_default();
        json!({"line": line, "character": before.encode_utf16().count()})
    }

    /// The range of bytes.
    pub(super) fn range(&self, start: u64, end: u64) -> Value {
        json!({"start": self.position(start), "end": self.position(end)})
    }

    /// The range from a line and a column of Ward's, both from 1, to the end of the line.
    pub(super) fn rest_of_line(&self, line: u32, column: u32) -> Value {
        let number = usize::try_from(line.saturating_sub(1)).unwrap_or_default();
        let text = self.line(number);
        let skip = usize::try_from(column.saturating_sub(1)).unwrap_or_default();
        let start: usize = text.chars().take(skip).map(char::len_utf16).sum();
        let end: usize = text.chars().map(char::len_utf16).sum();
        json!({
            "start": {"line": number, "character": start},
            "end": {"line": number, "character": end.max(start + 1)},
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_in_utf_16() {
        let text = Text::of("a😀b\r\nxé\n".to_owned());
        assert_eq!(text.position(5), json!({"line": 0, "character": 3}));
        assert_eq!(text.position(8), json!({"line": 1, "character": 0}));
        assert_eq!(text.position(99), json!({"line": 2, "character": 0}));
        assert_eq!(
            text.rest_of_line(1, 3),
            json!({"start": {"line": 0, "character": 3}, "end": {"line": 0, "character": 4}})
        );
        assert_eq!(text.rest_of_line(9, 9)["start"]["line"], 8);
        assert_eq!(
            text.range(9, 11),
            json!({"start": {"line": 1, "character": 1}, "end": {"line": 1, "character": 2}})
        );
    }
}
