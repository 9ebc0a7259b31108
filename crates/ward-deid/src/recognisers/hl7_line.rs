use ward_formats::{Budget, Doc, Document, Kind};

use super::{Recogniser, SAFE_HARBOR, Trigger};
use crate::find::Hits;
use crate::lex::Scan;
use crate::question::Questions;
use crate::{Class, Known, document, identifier};

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "hl7-line",
    class: Class::Name,
    what: "Names, addresses, numbers and dates in the fields of HL7 v2 segments that stand in text: logs, mails, strings of JSON.",
    why: "Interface logs quote whole messages, and nothing but the place of a field says what it holds.",
    source: SAFE_HARBOR,
    yes: &[
        ("PID|1||||Vandermolen||||", "Vandermolen"),
        ("10:02 got PID|1||ZX884412", "ZX884412"),
        ("PID|1||||||19310317|M", "19310317"),
        ("NK1|1|Quill|SPO", "Quill"),
        (r#"{"m":"OBX|1|NM|1-1^x||7\rPID|1||||quill^|"}"#, "quill"),
        ("GT1|1||quill", "quill"),
        ("OBX|3|NM|30525-0^x||94|a", "94"),
        ("see:\nMSH|^~\\&|||||2024||ADT^A01|77-12|P|2.5\n", "77-12"),
        ("PID|1\rPV1|1|I|||||^quill", "quill"),
    ],
    no: &[
        "a|b|c",
        "| PID | name |",
        "PID|name|address|city",
        "id|EVN|x|y|z",
        "OBX|1|NM|718-7^Hb^LN||11.9|g/L",
        "MSH|lines|are|headers",
        "XPID|1||||Vandermolen",
        "PID|",
    ],
    strong: false,
    trigger: Trigger::Text(lines),
};

/// Segments that begin with a number of theirs or with nothing (the set id), and those that often hold names.
const NUMBERED: &[&str] = &[
    "PID", "NK1", "IN1", "GT1", "PV1", "PV2", "OBX", "OBR", "DG1", "AL1", "IAM", "PR1", "FT1", "NTE", "PD1", "ROL",
    "IN3", "AIP", "TXA", "RXA", "ACC", "PRT",
];

/// Segments believed only after one that speaks for itself.
const FOLLOWING: &[&str] = &[
    "EVN", "ORC", "MRG", "IN2", "STF", "PRA", "ARV", "SCH", "QRD", "SPM", "CTD", "PRD", "ERR", "MSA", "RXE", "RXO",
    "RXD", "CON", "PDA", "UB2", "DB1",
];

/// What a line is read as a part of.
const HEADER: &str = "MSH|^~\\&|||||2024||ADT^A01|\r";

/// Looks at every `|` after a segment id. Lines are disjoint, so each byte is read once.
fn lines(scan: &Scan<'_>, hits: &mut Hits) {
    let text = scan.text;
    let mut done = 0;
    let mut within = false;
    for bar in memchr::memchr_iter(b'|', text.as_bytes()) {
        let Some(start) = bar.checked_sub(3).filter(|start| *start >= done) else {
            continue;
        };
        let Some(id) = text.get(start..bar) else { continue };
        let numbered = NUMBERED.contains(&id);
        if !(numbered || id == "MSH" || FOLLOWING.contains(&id)) || !begins(text, start) {
            continue;
        }
        let rest = text.get(bar + 1..).unwrap_or_default();
        let rest = rest.get(..end(rest)).unwrap_or(rest);
        let believed = if id == "MSH" {
            rest.starts_with("^~")
        } else if numbered {
            let (first, after) = rest.split_once('|').unwrap_or((rest, ""));
            within || first.len() <= 4 && first.bytes().all(|b| b.is_ascii_digit()) && !after.is_empty()
        } else {
            within
        };
        if !believed {
            continue;
        }
        within = true;
        done = bar + 1 + rest.len();
        line(id, rest, bar + 1, hits);
    }
}

/// True when nothing that belongs to a word or a row of a table stands before `start`; an escaped line end may.
fn begins(text: &str, start: usize) -> bool {
    let head = text.get(..start).unwrap_or_default();
    if [r"\r", r"\n", r"\u000b", r"\u000B", r"\u000d", r"\u000D"]
        .iter()
        .any(|end| head.ends_with(end))
    {
        return true;
    }
    head.chars()
        .next_back()
        .is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '|' | '^' | '_' | '-' | '~' | '&'))
}

/// Where a line ends: at a line end, an escaped one, or the quotation mark that closes it.
fn end(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut at = 0;
    while let Some(b) = bytes.get(at) {
        match b {
            b'\r' | b'\n' | 0x0b | 0x1c => return at,
            b'\\' if matches!(bytes.get(at + 1), Some(b'r' | b'n' | b'u')) => return at,
            b'\\' => at += 1,
            // `""` says that there is no value.
            b'"' if bytes.get(at + 1) == Some(&b'"') => at += 1,
            b'"' => return at,
            _ => {}
        }
        at += 1;
    }
    rest.len()
}

/// Reads the fields of one segment. `rest` is what follows the first `|`, and begins at `start`.
fn line(id: &str, rest: &str, start: usize, hits: &mut Hits) {
    // The encoding characters of an MSH may be escaped once more by what it stands in.
    let (rest, start, own) = if id == "MSH" {
        let Some((head, rest)) = rest.split_once('|') else {
            return;
        };
        (rest, start + head.len() + 1, "MSH|^~\\&|")
    } else {
        (rest, start, id)
    };
    let mut message = String::with_capacity(HEADER.len() + 12 + rest.len());
    if id != "MSH" {
        message.push_str(HEADER);
    }
    message.push_str(own);
    if id != "MSH" {
        message.push('|');
    }
    let from = message.len();
    message.push_str(rest);
    let Ok(parsed) = Doc::parse(message.as_bytes(), Some(Kind::Hl7), Budget::RECORD) else {
        return;
    };
    let doc = parsed.document;
    let kinds = identifier::Kinds::of(&doc);
    let questions = Questions::of(&doc);
    let nobody = Known::default();
    for (index, field) in doc
        .fields()
        .iter()
        .enumerate()
        .filter(|(_, field)| field.raw.start >= from)
    {
        let at = start + field.raw.start - from;
        // Where escapes were decoded, offsets differ: then all of the field goes.
        let same = message.get(field.raw.start..field.raw.end) == Some(field.text.as_str());
        let mut found = document::structured(&doc, index, &kinds, &nobody);
        found.extend(questions.promised(&doc, index));
        for hit in found {
            if same {
                hits.push(at + hit.span.start, at + hit.span.end, hit.class, 95);
            } else {
                hits.push(at, at + field.raw.len(), hit.class, 95);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Known, find};

    #[test]
    fn reads_messages_in_logs_and_strings() {
        let message =
            r"PID|1||ZX884412^^^H^MR||vandermolen^thaddeus^\T\\T\||19310317|M|||12 Elm^^Oddville^IL^62704||6175550142";
        for text in [
            format!("2024-01-02 INFO recv {message}"),
            format!("MSH|^~\\&|A|B|||20240102||ADT^A01|1|P|2.5\r{message}\rNTE|1||vandermolen refuses\r"),
            format!(
                r#"{{"raw":"MSH|^~\\&|A|B|||20240102||ADT^A01|1\r{}\r","x":1}}"#,
                message.replace('\\', r"\\")
            ),
        ] {
            let mut left = text.clone();
            for hit in find(&text, &Known::default()).iter().rev() {
                left.replace_range(hit.span.start..hit.span.end, "_");
            }
            for gone in [
                "ZX884412",
                "vandermolen",
                "thaddeus",
                "1931",
                "Elm",
                "Oddville",
                "62704",
                "0142",
            ] {
                assert!(!left.contains(gone), "{gone} in {left}");
            }
            assert!(left.contains("^MR||") && left.contains("|M|||"), "{left}");
        }
    }
}
