//! What a stranger sent: text, contact, attachments, and what was noticed about it. Nothing in a report is followed, opened
//! or run; it is kept, shown and compared.

mod complete;
mod html;
mod machine;
mod mail;
mod reply;
mod similar;

use serde::{Deserialize, Serialize};

pub use complete::{Completeness, Need, Seen};
pub use reply::{Letter, acknowledgement, incomplete, letter};
pub use similar::{SKETCH, Sketch};

use crate::{Error, ErrorKind};

/// Longest text of a report that is kept, in bytes. What is longer is cut, and said.
pub const MAX_TEXT: usize = 1 << 20;
/// Largest e-mail that is read, in bytes.
pub const MAX_MAIL: usize = 32 << 20;
/// Most attachments that are kept of one report.
pub const MAX_PARTS: usize = 100;
/// Longest line of a heading field: a title, a name, an address.
const MAX_FIELD: usize = 400;

/// The way a report came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// Typed or piped in by the team.
    Text,
    /// An e-mail.
    Mail,
    /// Posted to the running service.
    Https,
}

/// What the reporter says of machines that helped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MachineUse {
    /// Nothing.
    #[default]
    Unstated,
    /// None did.
    None,
    /// One helped to find it or to write it, and a person checked it.
    Assisted,
    /// One wrote it.
    Generated,
}

impl MachineUse {
    /// The value of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "none" => Some(Self::None),
            "assisted" => Some(Self::Assisted),
            "generated" => Some(Self::Generated),
            _ => None,
        }
    }
}

/// Something that came with a report. Its bytes are kept sealed, apart, and never opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The name that the sender gave it, made harmless: no path, no control characters.
    pub name: String,
    /// What the sender says it is.
    pub media: String,
    /// Its length in bytes.
    pub bytes: u64,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

/// A report.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The way it came.
    pub channel: Channel,
    /// One line.
    pub title: String,
    /// The reporter's name, as given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where to answer, as given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// The text.
    pub text: String,
    /// When the sender says that it was sent, in milliseconds since 1970. Clocks never run from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed_unix_ms: Option<u64>,
    /// What came with it.
    #[serde(default)]
    pub parts: Vec<Part>,
    /// What was noticed while reading: text that a reader would not have seen, what was cut, dates that disagree.
    #[serde(default)]
    pub noticed: Vec<String>,
    /// What the reporter says of machines that helped.
    #[serde(default)]
    pub machine: MachineUse,
}

/// A report as it came, with the bytes of its attachments.
pub struct Arrived {
    /// The report.
    pub report: Report,
    /// The bytes of its parts, in their order.
    pub bytes: Vec<Vec<u8>>,
}

impl Report {
    /// A report in plain text. Its title is the first line that is not empty, unless one is given.
    ///
    /// # Errors
    /// [`ErrorKind::Input`] for no text.
    pub fn from_text(channel: Channel, title: Option<&str>, bytes: &[u8]) -> Result<Self, Error> {
        let mut noticed = Vec::new();
        let text = decode(bytes, &mut noticed);
        if text.trim().is_empty() {
            return Err(Error::new(ErrorKind::Input, "the report is empty"));
        }
        let title = title.map_or_else(|| first_line(&text), field);
        let mut report = Self {
            channel,
            title,
            name: None,
            contact: None,
            text,
            claimed_unix_ms: None,
            parts: Vec::new(),
            noticed,
            machine: MachineUse::Unstated,
        };
        report.machine = machine::stated(&report.text);
        Ok(report)
    }

    /// A report in a JSON form: `title`, `text`, `name`, `contact`, `ai`, and any of the things a report needs
    /// (`type`, `version`, `paths`, `reproduction`, `proof`, `impact`) as text, which are put under headings.
    ///
    /// # Errors
    /// [`ErrorKind::Input`] for no text.
    pub fn from_form(form: &serde_json::Map<String, serde_json::Value>) -> Result<Self, Error> {
        let text_of = |name: &str| form.get(name).and_then(serde_json::Value::as_str).unwrap_or_default();
        let mut text = text_of("text").to_owned();
        for need in Need::ALL.iter().filter(|need| **need != Need::Contact) {
            let value = text_of(need.word());
            if !value.trim().is_empty() {
                text.push_str(&format!("\n\n## {}\n\n{value}\n", need.word()));
            }
        }
        let title = Some(text_of("title")).filter(|title| !title.trim().is_empty());
        let mut report = Self::from_text(Channel::Https, title, text.as_bytes())?;
        let said = |name: &str| Some(field(text_of(name))).filter(|value| !value.is_empty());
        report.name = said("name");
        report.contact = said("contact");
        report.machine = MachineUse::from_word(text_of("ai")).unwrap_or(report.machine);
        let known = ["text", "title", "name", "contact", "ai"];
        let other = form
            .keys()
            .filter(|key| !known.contains(&key.as_str()) && !Need::ALL.iter().any(|need| need.word() == *key))
            .count();
        if other > 0 {
            report
                .noticed
                .push(format!("{other} fields of the form are not known and were left out"));
        }
        Ok(report)
    }

    /// Calls it something else.
    pub fn set_title(&mut self, title: &str) {
        self.title = field(title);
    }

    /// A report in an e-mail (RFC 5322, MIME). Of text and HTML in one, the text is taken; of HTML alone, what a reader
    /// sees, and what a reader would not see is said. Attachments are taken out, unopened.
    ///
    /// # Errors
    /// [`ErrorKind::Input`] for what is too large or no mail.
    pub fn from_mail(bytes: &[u8], now_unix_ms: u64) -> Result<Arrived, Error> {
        mail::read(bytes, now_unix_ms)
    }
}

/// Text of at most [`MAX_TEXT`] bytes, in one form: line ends are `\n`, and characters that are not shown, or that turn
/// the direction of text round, are taken out and counted.
fn decode(bytes: &[u8], noticed: &mut Vec<String>) -> String {
    let cut = bytes.get(..MAX_TEXT).unwrap_or(bytes);
    if cut.len() < bytes.len() {
        noticed.push(format!("the text was cut after {MAX_TEXT} of {} bytes", bytes.len()));
    }
    let decoded = String::from_utf8_lossy(cut);
    if decoded.contains('\u{fffd}') {
        noticed.push("some bytes are no text in UTF-8 and are shown as \u{fffd}".to_owned());
    }
    if decoded.contains("-----BEGIN PGP MESSAGE-----") {
        let why = "a part is encrypted with OpenPGP: it was not decrypted, and is kept sealed as it came";
        noticed.push(why.to_owned());
    }
    let mut hidden = 0_usize;
    let mut text = String::with_capacity(decoded.len());
    for c in decoded.replace("\r\n", "\n").replace('\r', "\n").chars() {
        if is_hidden(c) {
            hidden += 1;
        } else {
            text.push(c);
        }
    }
    if hidden > 0 {
        noticed.push(format!(
            "{hidden} characters that are not shown (control, zero width, tags, direction) were taken out"
        ));
    }
    text
}

/// True for characters that a reader does not see: controls, zero widths, directions, tags, variation selectors beyond
/// those of emoji.
fn is_hidden(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || matches!(c,
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{00ad}'
            | '\u{e0000}'..='\u{e01ef}' | '\u{180e}' | '\u{061c}' | '\u{fff9}'..='\u{fffb}')
}

/// A text as one short line, without characters that are not shown.
#[must_use]
pub fn one_line(text: &str) -> String {
    field(text)
}

/// One line of at most [`MAX_FIELD`] bytes.
fn field(text: &str) -> String {
    let mut out = String::new();
    for word in text.split_whitespace() {
        let word: String = word.chars().filter(|c| !is_hidden(*c)).collect();
        if out.len() + word.len() + 1 > MAX_FIELD {
            out.push('…');
            break;
        }
        if !out.is_empty() && !word.is_empty() {
            out.push(' ');
        }
        out.push_str(&word);
    }
    out
}

fn first_line(text: &str) -> String {
    let line = text
        .lines()
        .map(|line| line.trim().trim_start_matches('#').trim())
        .find(|line| !line.is_empty());
    field(line.unwrap_or_default())
}

/// A name of a file without anything that could lead elsewhere.
fn file_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = field(last)
        .chars()
        .map(|c| {
            if c.is_alphanumeric() || "._- ()+".contains(c) {
                c
            } else {
                '_'
            }
        })
        .take(120)
        .collect();
    let clean = clean.trim_matches(|c| c == '.' || c == ' ').to_owned();
    if clean.is_empty() {
        "attachment".to_owned()
    } else {
        clean
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_made_readable_and_what_was_done_is_said() {
        let report = Report::from_text(
            Channel::Text,
            None,
            b"\n# Path traversal \r\nHi\x07\xe2\x80\xae there\n",
        )
        .unwrap();
        assert_eq!(
            (report.title.as_str(), report.text.as_str()),
            ("Path traversal", "\n# Path traversal \nHi there\n")
        );
        assert_eq!(report.noticed.len(), 1, "{:?}", report.noticed);
        let long = Report::from_text(Channel::Text, Some("a"), &vec![b'a'; MAX_TEXT + 5]).unwrap();
        assert_eq!(long.text.len(), MAX_TEXT);
        assert!(long.noticed[0].starts_with("the text was cut"));
        assert!(Report::from_text(Channel::Text, None, b" \n").is_err());
        let armour = b"-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n";
        let sealed = Report::from_text(Channel::Text, None, armour).unwrap();
        assert!(sealed.noticed[0].contains("not decrypted") && sealed.text.contains("hQEMA"));
        assert!(Report::from_text(Channel::Text, None, b"a\xff").unwrap().noticed[0].contains("UTF-8"));
    }

    #[test]
    fn names_of_files_lead_nowhere() {
        for (name, expect) in [
            ("poc.py", "poc.py"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Windows\\x.exe", "x.exe"),
            ("..", "attachment"),
            ("", "attachment"),
            ("a\u{202e}gpj.exe", "agpj.exe"),
            ("a\nb;rm -rf ~", "a b_rm -rf _"),
        ] {
            assert_eq!(file_name(name), expect, "{name}");
        }
    }
}
