//! What an input is, and so which way it goes.

use std::path::Path;

use ward_formats::{Kind, delimited::Dialect, sniff};

use super::source::is_wide;
use crate::cli::deid::DeidKind;

/// The way an input goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::commands) enum Shape {
    /// Plain text.
    Text,
    /// One FHIR resource or bundle.
    Fhir,
    /// HL7 v2 messages.
    Hl7,
    /// A JSON object a line: FHIR resources or anything else.
    Lines,
    /// One JSON text.
    Json,
    /// A table.
    Table(Dialect),
    /// An XML document.
    Xml,
    /// A DICOM file.
    Dicom,
    /// Nothing that can be examined, and why.
    Not(&'static str),
}

impl Shape {
    /// The word used in output.
    pub(in crate::commands) fn word(self) -> &'static str {
        match self {
            Shape::Text => "text",
            Shape::Fhir => "fhir",
            Shape::Hl7 => "hl7",
            Shape::Lines => "jsonl",
            Shape::Json => "json",
            Shape::Table(_) => "csv",
            Shape::Xml => "xml",
            Shape::Dicom => "dicom",
            Shape::Not(_) => "unknown",
        }
    }

    /// What `head`, the first bytes of the input called `name`, begins. `whole` when there are no more.
    pub(in crate::commands) fn of(choice: DeidKind, name: &Path, head: &[u8], whole: bool) -> Shape {
        match choice {
            DeidKind::Auto => Self::sniff(name, head, whole),
            DeidKind::Text => Shape::Text,
            DeidKind::Jsonl => Shape::Lines,
            DeidKind::Json => Shape::Json,
            DeidKind::Fhir if is_lines(head, whole) => Shape::Lines,
            DeidKind::Fhir => Shape::Fhir,
            DeidKind::Hl7 => Shape::Hl7,
            DeidKind::Xml => Shape::Xml,
            DeidKind::Dicom => Shape::Dicom,
            DeidKind::Csv => Shape::Table(Dialect::sniff(unmarked(head)).unwrap_or(Dialect::CSV)),
        }
    }

    fn sniff(name: &Path, head: &[u8], whole: bool) -> Shape {
        let extension = extension(name);
        if ward_formats::dicom::sniff(head) || extension == "dcm" {
            return Shape::Dicom;
        }
        for (magic, why) in MAGIC {
            if head.starts_with(magic) {
                return Shape::Not(why);
            }
        }
        if is_wide(head) {
            return Shape::Not("it looks like UTF-16 without a byte-order mark; say --encoding utf-16le or utf-16be");
        }
        if head.get(257..262) == Some(b"ustar") {
            return Shape::Not("it is a tar archive; unpack it");
        }
        if memchr::memchr(0, head).is_some() {
            return Shape::Not("it is binary data of a kind that Ward does not know");
        }
        let text = unmarked(head);
        let trimmed = text.trim_ascii_start();
        // What is called HL7 and is none is refused by its parser: as text, fields would be read without their meaning.
        if sniff::kind(text) == Kind::Hl7 || extension == "hl7" && !trimmed.is_empty() {
            return Shape::Hl7;
        }
        match trimmed.first() {
            Some(b'{') if matches!(extension.as_str(), "jsonl" | "ndjson") || is_lines(text, whole) => {
                return Shape::Lines;
            }
            // The end of a long text is not in sight: FHIR writers put the resource type first, or its name gives it away.
            Some(b'{') if sniff::kind(text) == Kind::Fhir || (!whole && says_fhir(text)) => return Shape::Fhir,
            Some(b'{') => return Shape::Json,
            Some(b'[') if matches!(extension.as_str(), "json" | "jsonl" | "ndjson") || starts_json(trimmed) => {
                return Shape::Json;
            }
            Some(b'<') if is_xml(trimmed, &extension) || holds_elements(trimmed, whole) => {
                return Shape::Xml;
            }
            _ => {}
        }
        match extension.as_str() {
            "csv" => Shape::Table(Dialect::sniff(text).unwrap_or(Dialect::CSV)),
            "tsv" | "tab" => Shape::Table(Dialect::TSV),
            _ => Shape::Text,
        }
    }
}

/// What files begin with that is no text.
const MAGIC: &[(&[u8], &str)] = &[
    (b"%PDF-", "PDF is not read; convert it to text"),
    (
        b"PK\x03\x04",
        "it is a ZIP archive or an office document; unpack it or save it as text",
    ),
    (b"\xd0\xcf\x11\xe0", "it is an office document; save it as text"),
    (b"{\\rtf", "RTF is not read; save it as text"),
    (b"\x89PNG", "it is an image; text in its pixels is not read"),
    (b"\xff\xd8\xff", "it is an image; text in its pixels is not read"),
    (b"GIF8", "it is an image; text in its pixels is not read"),
    (b"II*\0", "it is an image; text in its pixels is not read"),
    (b"MM\0*", "it is an image; text in its pixels is not read"),
    (b"\x28\xb5\x2f\xfd", "it is compressed with Zstandard; decompress it"),
    (b"BZh", "it is compressed with bzip2; decompress it"),
    (b"\xfd7zXZ", "it is compressed with xz; decompress it"),
    (b"7z\xbc\xaf", "it is a 7z archive; unpack it"),
    (b"PAR1", "Parquet is not read; convert it to CSV or JSON lines"),
    (b"SQLite format 3\0", "it is a database; export its tables as CSV"),
];

/// The last extension in lower case, that of compression aside: `csv` for `x.CSV.gz`.
fn extension(name: &Path) -> String {
    let last = |path: &Path| {
        path.extension()
            .map(|of| of.to_string_lossy().to_lowercase())
            .unwrap_or_default()
    };
    match last(name).as_str() {
        "gz" => name.file_stem().map(|stem| last(Path::new(stem))).unwrap_or_default(),
        other => other.to_owned(),
    }
}

/// Without a byte-order mark.
pub(super) fn unmarked(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// True when the first line is a JSON object of its own and another follows.
fn is_lines(head: &[u8], whole: bool) -> bool {
    let mut lines = head
        .split(|b| *b == b'\n')
        .map(<[u8]>::trim_ascii)
        .filter(|line| !line.is_empty());
    let (Some(first), Some(second)) = (lines.next(), lines.next()) else {
        return false;
    };
    // A first line longer than the head is not known to end.
    let _ = whole;
    first.starts_with(b"{") && first.ends_with(b"}") && second.starts_with(b"{")
}

fn says_fhir(head: &[u8]) -> bool {
    memchr::memmem::find(head, b"\"resourceType\"").is_some()
}

/// `[` as JSON begins, not as `[x] done` in a list of tasks.
fn starts_json(trimmed: &[u8]) -> bool {
    let next = trimmed.get(1..).unwrap_or_default().trim_ascii_start();
    matches!(next.first(), Some(b'{' | b'[' | b'"' | b']'))
}

/// `<` as XML begins: what says so, what is called XML, an outermost element with a namespace. Pages of the web are text:
/// few of them are XML.
fn is_xml(trimmed: &[u8], extension: &str) -> bool {
    const CALLED: [&str; 4] = ["xml", "cda", "ccd", "ccda"];
    let first = trimmed.split(|b| *b == b'>').next().unwrap_or_default();
    let page = first.get(..5).is_some_and(|name| name.eq_ignore_ascii_case(b"<html"));
    trimmed.starts_with(b"<?xml")
        || trimmed.starts_with(b"<ClinicalDocument")
        || trimmed.starts_with(b"<!DOCTYPE")
        || CALLED.contains(&extension)
        || !page && memchr::memmem::find(first, b" xmlns").is_some()
}

/// An outermost element with another right inside, to the end of what is there: XML that does not say so. Elements of web
/// pages are none.
fn holds_elements(trimmed: &[u8], whole: bool) -> bool {
    const PAGES: &[&str] = &[
        "html",
        "head",
        "body",
        "div",
        "p",
        "span",
        "table",
        "thead",
        "tbody",
        "tr",
        "ul",
        "ol",
        "dl",
        "b",
        "i",
        "u",
        "em",
        "strong",
        "font",
        "center",
        "pre",
        "a",
        "form",
        "section",
        "article",
        "main",
        "header",
        "footer",
        "nav",
        "h1",
        "h2",
        "h3",
        "blockquote",
    ];
    let Ok(text) = std::str::from_utf8(trimmed.get(1..).unwrap_or_default())
        .or_else(|error| std::str::from_utf8(trimmed.get(1..=error.valid_up_to()).unwrap_or_default()))
    else {
        return false;
    };
    let name: String = text
        .chars()
        .take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':'))
        .collect();
    let Some((open, inside)) = text.split_once('>') else {
        return false;
    };
    let attributes = open.get(name.len()..).unwrap_or_default();
    let named = name.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && !PAGES.contains(&name.to_ascii_lowercase().as_str());
    let nested = inside
        .trim_start()
        .strip_prefix('<')
        .is_some_and(|next| next.starts_with(|c: char| c.is_alphabetic() || c == '_'));
    let closed = || {
        let end = inside
            .trim_end()
            .strip_suffix('>')
            .map(str::trim_end)
            .and_then(|end| end.strip_suffix(&name));
        end.is_some_and(|end| end.ends_with("</"))
    };
    named && nested && (attributes.is_empty() || attributes.contains('=')) && (!whole || closed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_inputs_apart() {
        for (name, head, expect) in [
            ("a.txt", &b"Seen today, well."[..], "text"),
            ("a", b"MSH|^~\\&|A", "hl7"),
            ("a", b"msh|^~\\&|a", "hl7"),
            ("a.hl7", b"PID|1", "hl7"),
            ("a.txt", b"P\0I\0D\0 \0o\0k\0.\0\n\0", "unknown"),
            ("a.json", b"{\"resourceType\":\"Patient\"}", "fhir"),
            ("a.ndjson", b"{\"resourceType\":\"Patient\"}\n", "jsonl"),
            ("a", b"{\"id\":1}\n{\"id\":2}\n", "jsonl"),
            ("a.json", b"{\n \"id\":1}\n", "json"),
            ("a.json", b"[{\"id\":1}]", "json"),
            ("todo", b"[x] call", "text"),
            ("a.csv", b"a,b\n1,2\n", "csv"),
            ("A.CSV.gz", b"a,b\n1,2\n", "csv"),
            ("a.tsv", b"a\tb\n", "csv"),
            ("a.pdf", b"%PDF-1.7", "unknown"),
            ("a.bin", b"ab\0cd", "unknown"),
            ("a.xml", b"<?xml version", "xml"),
            ("a.xml", b"<a><name>Quackenbush</name>", "xml"),
            ("A.XML.gz", b"\n<a/>", "xml"),
            ("a", b"<Patient xmlns=\"http://hl7.org/fhir\">", "xml"),
            ("a.dat", b"<patient><first>Quackenbush</first></patient>\n", "xml"),
            (
                "-",
                b"\n<record id=\"7\">\n  <name>Quackenbush</name>\n</record>",
                "xml",
            ),
            ("a.txt", b"<div><p>Quackenbush</p></div>", "text"),
            ("a.txt", b"<b>Plan</b> as told <b>today</b>", "text"),
            ("a.txt", b"<call> <back> the patient", "text"),
            ("a.txt", b"<patient>: <call>", "text"),
            ("a.txt", b"<name>Quackenbush</name>", "text"),
            ("a.html", b"<html xmlns:o=\"urn:x\"><p>", "text"),
            ("a.txt", b"<BP 120/80> well", "text"),
            ("a.dcm", b"", "dicom"),
        ] {
            assert_eq!(
                Shape::of(DeidKind::Auto, Path::new(name), head, true).word(),
                expect,
                "{name}"
            );
        }
    }
}
