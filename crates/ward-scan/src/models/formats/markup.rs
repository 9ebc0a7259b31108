//! PMML: models as XML.
//!
//! Source: Data Mining Group, PMML 4.4; XML 1.0 (5th ed.) 4.2 (entities).

use ward_evidence::{RuleMeta, Severity, controls::MOD_1A};

use super::{found, not_read};
use crate::{Blob, Findings};

/// Entities, scripts and references to elsewhere.
pub(crate) static ENTITY: RuleMeta = RuleMeta {
    id: "models/markup-reaches",
    severity: Severity::High,
    controls: &[MOD_1A],
    summary: "The XML of this model declares entities, carries a script or refers to other files.",
    docs: "A model in PMML needs no document type declaration. One that declares entities can make a reader open files and addresses, or \
        unfold a few bytes into gigabytes; an extension that holds a script is run by some products.\n\n\
        Example: `<!ENTITY x SYSTEM \"file:///etc/passwd\">`.\n\n\
        Instead: do not load it; ask for a file without a document type declaration.\n\n\
        Source: CWE-611, CWE-776; PMML 4.4, `Extension`.",
};

/// The longest file that is read, bytes.
const LONGEST: usize = 256 << 20;

/// XML whose first element is that of PMML, or the name.
pub(crate) fn sniff(blob: &Blob<'_>, head: &[u8]) -> bool {
    blob.name().ends_with(".pmml") || begins(head)
}

/// True when the first element is `PMML`, after a byte order mark, instructions, comments and a document type.
fn begins(head: &[u8]) -> bool {
    let mut rest = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    loop {
        rest = rest.trim_ascii_start();
        let end: &[u8] = if rest.starts_with(b"<?") {
            b"?>"
        } else if rest.starts_with(b"<!--") {
            b"-->"
        } else if rest.starts_with(b"<!") {
            // The declarations inside a document type stand in brackets, and may be longer than what is looked at.
            let bracket = memchr::memchr2(b'[', b'>', rest).is_some_and(|at| rest.get(at) == Some(&b'['));
            if bracket && memchr::memmem::find(rest, b"]").is_none() {
                return rest
                    .get(2..)
                    .is_some_and(|rest| rest.trim_ascii().starts_with(b"DOCTYPE PMML"));
            }
            let from = if bracket {
                memchr::memchr(b']', rest).unwrap_or(0)
            } else {
                0
            };
            rest = rest.get(from..).unwrap_or_default();
            b">"
        } else {
            let Some(name) = rest.strip_prefix(b"<") else {
                return false;
            };
            let len = name
                .iter()
                .take_while(|byte| !byte.is_ascii_whitespace() && !matches!(byte, b'>' | b'/'))
                .count();
            let name = name.get(..len).unwrap_or_default();
            return name == b"PMML" || name.ends_with(b":PMML");
        };
        let Some(at) = memchr::memmem::find(rest, end) else {
            return false;
        };
        rest = rest.get(at + end.len()..).unwrap_or_default();
    }
}

pub(crate) fn scan(blob: &Blob<'_>, findings: &mut Findings) {
    let bytes = match blob.content.whole(LONGEST) {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return findings.not_examined(blob.place.clone(), "the file is longer than 256 MiB"),
        Err(_) => return not_read(blob, findings),
    };
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") || bytes.contains(&0) {
        return findings.not_examined(
            blob.place.clone(),
            "the XML is in UTF-16 or UTF-32; save it as UTF-8 and scan again",
        );
    }
    if memchr::memmem::find(&bytes, b"<PMML").is_none() {
        findings.not_examined(blob.place.clone(), "the file has the name of a PMML model and is none");
    }
    let lower = bytes.to_ascii_lowercase();
    let has = |part: &[u8]| memchr::memmem::find(&lower, part).is_some();
    for (part, note) in [
        (&b"<!entity"[..], "it declares entities"),
        (b"<!doctype", "it has a document type declaration"),
        (b"<xi:include", "it includes other files"),
        (b"<?xml-stylesheet", "it names a style sheet, which some readers load"),
        (b"java.lang.runtime", "it names a class of Java that runs commands"),
        (b"processbuilder", "it names a class of Java that runs commands"),
        (b"javascript:", "it holds a script"),
        (b"<script", "it holds a script"),
    ] {
        if has(part) {
            found(blob, findings, &ENTITY, Severity::High, note.to_owned(), note);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_begins_with_its_element() {
        for (text, expect) in [
            (
                "\u{feff}<?xml version='1.0'?>\n<!-- <a> --><!DOCTYPE p [<!ENTITY x 'y'>]>\n<PMML version='4.4'>",
                true,
            ),
            ("<p:PMML xmlns:p='x'/>", true),
            ("<!DOCTYPE PMML [<!ENTITY x 'y'", true),
            ("let x = b\"<PMML\"; // <!ENTITY", false),
            ("<html><PMML/></html>", false),
            ("<PMMLish/>", false),
            ("<!-- <PMML>", false),
        ] {
            assert_eq!(sniff(&Blob::of_bytes("a.xml", b""), text.as_bytes()), expect, "{text}");
        }
    }

    #[test]
    fn declarations_and_scripts() {
        for (text, count, unread) in [
            ("<?xml version=\"1.0\"?><PMML version=\"4.4\"><Header/></PMML>", 0, 0),
            ("<!DOCTYPE p [<!ENTITY x SYSTEM 'file:///x'>]><PMML/>", 2, 0),
            ("<PMML><Extension value='java.lang.Runtime.exec'/></PMML>", 1, 0),
            ("no xml", 0, 1),
        ] {
            let mut findings = Findings::default();
            scan(&Blob::of_bytes("m.pmml", text.as_bytes()), &mut findings);
            assert_eq!(
                (findings.found.len(), findings.not_examined.len()),
                (count, unread),
                "{text}"
            );
        }
    }
}
