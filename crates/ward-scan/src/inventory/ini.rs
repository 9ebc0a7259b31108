//! The settings of an INI file as Python's `configparser` reads them: sections, keys, and values that go on in indented lines.
//!
//! Source: the documentation of `configparser`, *Supported INI File Structure*.

use super::{
    Component,
    reader::{Reading, Text},
    requirements::component_of,
};

/// One line of a value.
pub(super) struct Line<'a> {
    /// Its section, in lower case.
    pub(super) section: &'a str,
    /// Its key, in lower case.
    pub(super) key: &'a str,
    /// What the line says, without the blanks around it.
    pub(super) value: &'a str,
    /// The line's number, from 1.
    pub(super) number: u32,
    /// The line as it stands, and where it begins.
    pub(super) line: &'a str,
    pub(super) start: usize,
}

impl<'a> Line<'a> {
    /// What the line says before a comment.
    pub(super) fn body(&self) -> &'a str {
        self.value.split(" #").next().unwrap_or(self.value).trim()
    }

    /// The package that a part of the line asks for.
    pub(super) fn component(&self, text: &Text<'_>, part: &str, reading: &mut Reading) -> Option<Component> {
        let at = self.start + self.line.find(part).unwrap_or_default();
        component_of(part, self.number, Some(text.span(at, at + part.len())), reading)
    }
}

/// Hands on every line of every value. `assigns` are the signs between a key and its value; a line that is none of these is a
/// problem.
pub(super) fn settings(
    text: &Text<'_>,
    assigns: &[char],
    reading: &mut Reading,
    each: &mut dyn FnMut(Line<'_>, &mut Reading),
) {
    let (mut section, mut key) = (String::new(), String::new());
    for (number, start, line) in text.lines() {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            section = name.trim().to_lowercase();
            key.clear();
            continue;
        }
        let value = if line.starts_with([' ', '\t']) {
            trimmed
        } else if let Some((name, value)) = line.split_once(assigns) {
            key = name.trim().to_lowercase();
            value.trim()
        } else {
            reading.problem(Some(number), "a line that is no setting");
            continue;
        };
        let found = Line {
            section: &section,
            key: &key,
            value,
            number,
            line,
            start,
        };
        each(found, reading);
    }
}
