//! Records that stand inside other text: after a question, in a code fence, in a wrapper, in an earlier answer.
//!
//! A record read as prose gives its names away: its structure says which word is a name, and prose does not. So
//! every text is taken apart here, whoever said it: FHIR resources (JSON) and HL7 v2 messages are cut out as
//! records, and what looks like a record but cannot be cut out whole is an error, never prose.
//!
//! What prose may say without being refused (`the "resourceType" element`, `PID|3`, tables, logs) is in the tests.

mod hl7;
mod json;

use ward_formats::{Budget, Error, ErrorKind, Kind, Span};

/// A piece of a text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Segment<'a> {
    /// What is said. Never empty.
    Text(&'a str),
    /// A FHIR resource or HL7 v2 messages: where they stand and what they look like.
    Record(Kind, &'a str),
}

/// Takes a text apart into what is said and the records in it. The pieces, end to end, are the text. Linear in the
/// text.
///
/// # Errors
/// [`ErrorKind::Malformed`] with the byte and what to do when a part of the text is plainly a record but not
/// one that can be cut out; [`ErrorKind::Budget`] when a JSON value costs too much.
pub(crate) fn find(text: &str, budget: Budget) -> Result<Vec<Segment<'_>>, Error> {
    let resources = json::resources(text, budget)?;
    let mut records = Vec::new();
    let mut from = 0;
    for next in resources.iter().map(Some).chain([None]) {
        let gap = Span::new(from, next.map_or(text.len(), |span| span.start));
        let messages = hl7::messages(slice(text, gap))
            .map_err(|error| Error::new(error.kind(), error.what(), gap.start + error.at()))?;
        for span in messages {
            let span = Span::new(gap.start + span.start, gap.start + span.end);
            // The line of a segment runs on into the JSON.
            if next.is_some() && span.end == gap.end && !slice(text, gap).ends_with(['\r', '\n', '\u{1c}']) {
                return Err(Error::new(
                    ErrorKind::Malformed,
                    "a FHIR resource stands inside an HL7 message; send each as a record of its own",
                    span.end,
                ));
            }
            records.push((span, Kind::Hl7));
        }
        if let Some(span) = next {
            records.push((*span, Kind::Fhir));
            from = span.end;
        }
    }
    let mut segments = Vec::with_capacity(2 * records.len() + 1);
    let mut from = 0;
    for (span, kind) in records {
        said(&mut segments, text, Span::new(from, span.start))?;
        segments.push(Segment::Record(kind, slice(text, span)));
        from = span.end;
    }
    said(&mut segments, text, Span::new(from, text.len()))?;
    Ok(segments)
}

/// Adds the text between records, when it is not the XML form of a record.
fn said<'a>(segments: &mut Vec<Segment<'a>>, text: &'a str, span: Span) -> Result<(), Error> {
    let between = slice(text, span);
    if let Some(at) = xml(between) {
        return Err(Error::new(
            ErrorKind::Malformed,
            "this looks like FHIR as XML or a C-CDA document; FHIR as JSON, HL7 v2 and notes are read",
            span.start + at,
        ));
    }
    if !between.is_empty() {
        segments.push(Segment::Text(between));
    }
    Ok(())
}

/// Where a FHIR resource or a clinical document stands as XML: by its namespace, or by the name of its root.
fn xml(text: &str) -> Option<usize> {
    let namespace = ["http://hl7.org/fhir", "urn:hl7-org:v3"].into_iter().find_map(|uri| {
        text.match_indices(uri).map(|(at, _)| at).find(|at| {
            let before = text.get(..*at).unwrap_or_default();
            let after = text.get(at + uri.len()..).unwrap_or_default();
            let Some(attribute) = before.strip_suffix(['"', '\'']) else {
                return false;
            };
            let Some(name) = attribute.trim_end_matches('\\').trim_end().strip_suffix('=') else {
                return false;
            };
            let name = name.trim_end();
            let prefix = name
                .bytes()
                .rev()
                .take_while(|b| b.is_ascii_alphanumeric() || b":_-.".contains(b))
                .count()
                .min(64);
            let is_xmlns = name
                .get(name.len() - prefix..)
                .is_some_and(|name| name == "xmlns" || name.starts_with("xmlns:"));
            is_xmlns && after.trim_start_matches('\\').starts_with(['"', '\''])
        })
    });
    let root = text.match_indices("ClinicalDocument").map(|(at, _)| at).find(|at| {
        let before = text.get(..*at).unwrap_or_default();
        let tag = before.strip_suffix(':').map_or(before, |prefixed| {
            prefixed.trim_end_matches(|c: char| c.is_ascii_alphanumeric())
        });
        let after = text.get(at + "ClinicalDocument".len()..).unwrap_or_default();
        // `<ClinicalDocument>` alone is what people write of it.
        tag.ends_with('<') && after.starts_with(|c: char| c.is_ascii_whitespace())
            || tag.ends_with('<')
                && after
                    .strip_prefix('>')
                    .is_some_and(|rest| rest.trim_start().starts_with('<'))
    });
    namespace.into_iter().chain(root).min()
}

fn slice(text: &str, span: Span) -> &str {
    text.get(span.start..span.end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FHIR: &str = r#"{"resourceType":"Patient","name":[{"family":"Quillfeather","given":["Zelda"]}]}"#;
    const PID: &str = "PID|1||AB778899^^^OG^MR||Quillfeather^Zelda||19520314|F";

    fn hl7() -> String {
        format!("MSH|^~\\&|L|B|C|D|20240108||ORU^R01|1|P|2.5.1\r{PID}\rOBX|1|NM|4548-4^A1c^LN||7.2\r")
    }

    /// One letter a piece: `t`ext, `f`hir, `h`l7; `!` for an error.
    fn shape(text: &str) -> String {
        let Ok(segments) = find(text, Budget::RECORD) else {
            return "!".to_owned();
        };
        let whole: String = segments
            .iter()
            .map(|segment| match segment {
                Segment::Text(text) | Segment::Record(_, text) => *text,
            })
            .collect();
        assert_eq!(whole, text);
        let letter = |segment: &Segment<'_>| match segment {
            Segment::Text(_) => 't',
            Segment::Record(Kind::Hl7, _) => 'h',
            Segment::Record(..) => 'f',
        };
        segments.iter().map(letter).collect()
    }

    fn check(text: &str, expect: &str) {
        assert_eq!(shape(text), expect, "{}", text.chars().take(200).collect::<String>());
    }

    #[test]
    fn finds_resources_wherever_they_stand() {
        for (text, expect) in [
            (FHIR.to_owned(), "f"),
            (format!("How old is she?\n{FHIR}"), "tf"),
            (format!("How old is she? {FHIR}"), "tf"),
            (format!("Patient record:\n{FHIR}\n\nHow old is she?"), "tft"),
            (format!("Hi.\n\n{FHIR}\n\nHow old is she?"), "tft"),
            (format!("```json\n{FHIR}\n```\n"), "tft"),
            (format!("[{FHIR}]"), "tft"),
            (format!("[{FHIR}, {FHIR}]"), "tftft"),
            (format!("{FHIR}\n{FHIR}"), "ftf"),
            (format!(r#"{{"data":{{"patient":{FHIR}}}}}"#), "tft"),
            (FHIR.replace("resourceType", r"resource\u0054ype"), "f"),
            (
                format!("x {}", FHIR.replace("resourceType", r"\u0072esourceType")),
                "tf",
            ),
            (
                format!(
                    r#"{{"name":[{{"family":"Q"}}],{},"resourceType":"Patient"}}"#,
                    "\"a\":1"
                ),
                "f",
            ),
            (FHIR.replace(":[{", ":\n\n [ {"), "f"),
            (format!("Lists such as [1, 2] and [see {FHIR}] and {{x}}"), "tft"),
            (format!("// hi\n{FHIR} signed"), "tft"),
            (format!("\u{feff}{FHIR}"), "tf"),
            (
                format!(r#"{{"resourceType":"Bundle","entry":[{{"resource":{FHIR}}}]}}"#),
                "f",
            ),
            (r#"{"resourceType":7}"#.to_owned(), "f"),
            (format!("{{\"a\":{FHIR}"), "tf"),
        ] {
            check(&text, expect);
        }
    }

    #[test]
    fn refuses_what_only_nearly_is_a_resource() {
        for text in [
            FHIR.replace("}]}", "}]"),
            format!("See {}", FHIR.replace("\"Zelda\"", "\"Zel\nda\"")),
            FHIR.replace('"', "'"),
            FHIR.replace('"', "&quot;"),
            FHIR.replace('"', "\u{201c}"),
            FHIR.replace('"', "\\\""),
            FHIR.replace("\"resourceType\"", "resourceType"),
            FHIR.replace("resourceType", r"resource\u0054ype").replace("}]}", "}]"),
            format!(r#"{{"payload":"{}"}}"#, FHIR.replace('"', "\\\"")),
            "\"resourceType\" : \"Patient\", \"name\": \"Zelda\"".to_owned(),
            "<Patient xmlns=\"http://hl7.org/fhir\"><name/></Patient>".to_owned(),
            "<f:Patient xmlns:f='http://hl7.org/fhir'/>".to_owned(),
            "<?xml version=\"1.0\"?>\n<ClinicalDocument xmlns=\"urn:hl7-org:v3\">".to_owned(),
            "<ClinicalDocument><recordTarget>".to_owned(),
            "<cda:ClinicalDocument classCode='x'>".to_owned(),
        ] {
            check(&text, "!");
        }
    }

    #[test]
    fn finds_messages_wherever_they_stand() {
        let hl7 = hl7();
        for (text, expect) in [
            (hl7.clone(), "h"),
            (format!("How old is she?\n{hl7}"), "th"),
            (format!("How old is she? {hl7}"), "th"),
            (format!("{}\nHow old is she?", hl7.replace('\r', "\n")), "ht"),
            (format!("{}How old is she?", hl7.replace('\r', "\r\n")), "ht"),
            (format!("Message:\r\n{}", hl7.replace('\r', "\r\n\r\n")), "tht"),
            (format!("\u{b}{hl7}\u{1c}\r"), "tht"),
            (format!("Here: \n```\n{hl7}```\nok?"), "tht"),
            (format!("FHS|^~\\&|A\rBHS|^~\\&|A\r{hl7}BTS|1\rFTS|1\r"), "h"),
            (format!("{hl7}{hl7}"), "h"),
            (format!("x\n{}", hl7.replace('|', "*").replace("^~\\&", "+!%#")), "th"),
            (format!("  {hl7}"), "th"),
            (format!("{FHIR}\n{hl7}\nHow old?"), "ftht"),
        ] {
            check(&text, expect);
        }
    }

    #[test]
    fn refuses_segments_that_are_no_message() {
        let hl7 = hl7();
        for text in [
            PID.to_owned(),
            format!("Look:\n{PID}"),
            format!("Look: {PID}"),
            PID.to_lowercase(),
            hl7.to_lowercase(),
            hl7.replace("MSH", "msh"),
            hl7.replace("PID", "pid"),
            hl7.split('\r').map(|line| format!("> {line}\n")).collect(),
            hl7.split('\r').map(|line| format!("    {line}\n")).collect(),
            hl7.replace('\r', "\\r"),
            format!(r#"{{"msg":"{}"}}"#, hl7.replace('\\', "\\\\").replace('\r', "\\r")),
            hl7.replace("^Zelda", "\n^Zelda"),
            hl7.replace("||1952", "\n||1952"),
            hl7.replace("PID", "more of the note\rPID"),
            hl7.replace("7.2", FHIR),
            "NK1|1|Quillfeather^Ann|MTH".to_owned(),
            "GT1|1||Quillfeather^Ann".to_owned(),
        ] {
            check(&text, "!");
        }
    }

    #[test]
    fn leaves_talk_of_records_and_other_texts_alone() {
        for text in [
            "",
            "What does the \"resourceType\" element hold, and what is resourceType: in YAML?",
            "| resourceType | name |\n|---|---|\n| Patient | required |",
            "const kind = resource.resourceType; if (a[0] && {b}) { return kind }",
            r#"{"properties":{"resourceType":{"type":"string"}}}"#,
            r#"{"messages":[{"role":"user","content":"hi"}]}"#,
            r"C:\users and \u{1F600} and \u12",
            "What is in the PID|3 field? And PID|1||3?",
            "HL7 begins with MSH|^~\\&| and then names the sender.",
            "MSH, PID and PV1 are segments. MSH-3 is the sender; MSH: the header.",
            "| PID | 1 |\n| a | b |\n|PID|1|2|3|4|",
            "ps aux | grep pid | awk '{print $2}' | sort|uniq|head|tail",
            "PID|TTY|TIME|CMD\n4711|pts/0|00:00:01|bash",
            "2024-01-01T10:00:00|INFO|pid|4711|uid|0|started",
            "GET /fhir/Patient at http://hl7.org/fhir with xmlns",
            "The root is called ClinicalDocument, or <ClinicalDocument>.",
            "She said \"hi [there\" {and left",
        ] {
            check(text, if text.is_empty() { "" } else { "t" });
        }
    }

    #[test]
    fn hostile_brackets_and_headers_do_not_pile_up() {
        let many = 200_000;
        for (unit, expect) in [
            ("{", "t"),
            ("[", "t"),
            ("{\"a\":", "t"),
            ("[{\"", "t"),
            ("MSH!", "t"),
            (" MSH|^", "!"),
            ("-|", "t"),
            ("PID|x|", "t"),
            ("\\u0041", "t"),
            ("xmlns=\"", "t"),
        ] {
            let text = unit.repeat(many);
            check(&text, expect);
            // With the key in the text, brackets are looked at.
            check(&format!("resourceType {text}"), expect);
            // A resource after them is found, or the whole refused.
            assert_ne!(shape(&format!("{text}\n{FHIR}")), "t", "{unit}");
        }
    }

    proptest! {
        #[test]
        fn pieces_are_the_text(text in "(\\{|\\}|\\[|\\]|\"|:|,|\\\\u0054|\"resourceType\":\"Patient\"|resourceType|MSH\\|\\^~\\\\&\\|a\\|b\\|c\\|d\\|e\\|\\|f\\|g|PID\\|1\\|\\|x\\||\r|\n|a| |é){0,40}") {
            shape(&text);
        }

        #[test]
        fn no_name_is_left_beside_a_resource(before in "[a-z {}\\[\\]\n\".,]{0,30}", after in "[a-z {}\\[\\]\n\".,]{0,30}") {
            let text = format!("{before}{FHIR}{after}");
            if let Ok(segments) = find(&text, Budget::RECORD) {
                for segment in segments {
                    if let Segment::Text(text) = segment {
                        prop_assert!(!text.contains("Quillfeather"));
                    }
                }
            }
        }
    }
}
