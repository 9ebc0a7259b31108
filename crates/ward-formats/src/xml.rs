//! XML 1.0 as fields: the texts, attribute values and comments of a document, each with the way to it. Made for clinical
//! documents (HL7 CDA), reads any.
//!
//! No schema, no namespaces beyond leaving prefixes out of names, and no document type declarations: entities that a
//! document defines itself are the classic way to make a reader run out of memory, so a document that brings any is
//! refused.

mod parse;

use std::fmt;

use crate::splice::{self, Encoding};
use crate::{Budget, Edit, Error, Field, Spliced};

/// An XML document. Its `Debug` does not show the content.
#[derive(Clone)]
pub struct Elements {
    source: String,
    fields: Vec<Field>,
    /// For each field: the way to it, as an index into `ways`, how it is written, and how it goes on from the text before.
    places: Vec<(u32, Written, Flow)>,
    ways: Vec<String>,
}

/// How a text goes on from the one before it, for who reads the document without its tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// It is no text: the value of an attribute, a comment, an instruction.
    Apart,
    /// Something else than words stands between: a new paragraph, or an element that holds no text to read.
    Begins,
    /// A cell of the same table stands before it, or white space.
    Spaced,
    /// Nothing, or tags such as those for bold words: a word may stand in both.
    Joined,
}

/// How a field is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Written {
    /// With entities: text and attribute values.
    Escaped,
    /// As it is: a CDATA section, which must not hold `]]>`, or a comment, which must not hold `--`.
    Plain,
}

impl Elements {
    /// Reads `bytes` as an XML document. Each tag, attribute and text is one item of the budget.
    ///
    /// # Errors
    /// [`Malformed`](crate::ErrorKind::Malformed) when it is not well-formed or declares its own entities,
    /// [`Encoding`](crate::ErrorKind::Encoding) when it is not UTF-8, [`Budget`](crate::ErrorKind::Budget) when it costs
    /// too much.
    pub fn parse(bytes: &[u8], budget: Budget) -> Result<Elements, Error> {
        parse::parse(bytes, budget)
    }

    /// The bytes it was parsed from.
    #[must_use]
    pub fn source(&self) -> &[u8] {
        self.source.as_bytes()
    }

    /// Texts that are not only white space, attribute values, comments and CDATA sections, in source order, decoded.
    #[must_use]
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The ways that occur: names of elements without prefixes, and of an attribute at the end, with dots between:
    /// `ClinicalDocument.recordTarget.patientRole.id.extension`. That of a comment ends with `#comment`.
    #[must_use]
    pub fn ways(&self) -> &[String] {
        &self.ways
    }

    /// The way to field `index`, as an index into [`ways`](Elements::ways).
    #[must_use]
    pub fn way(&self, index: usize) -> usize {
        self.places.get(index).map_or(0, |(way, _, _)| *way as usize)
    }

    /// How field `index` goes on from the text before it.
    #[must_use]
    pub fn flow(&self, index: usize) -> Flow {
        self.places.get(index).map_or(Flow::Apart, |(_, _, flow)| *flow)
    }

    /// The source with the edits applied and everything else byte-identical.
    ///
    /// # Errors
    /// [`Edit`](crate::ErrorKind::Edit) when an edit names no field, leaves its text, overlaps another, or would end the
    /// comment or CDATA section that it stands in.
    pub fn splice(&self, edits: &[Edit]) -> Result<Spliced, Error> {
        splice::splice(self.source.as_bytes(), &self.fields, edits, |index| {
            match self.places.get(index) {
                Some((_, Written::Escaped, _)) => Encoding::Xml(self.quote(index)),
                _ => Encoding::XmlPlain,
            }
        })
    }

    /// The quote before field `index`, when it is the value of an attribute.
    fn quote(&self, index: usize) -> Option<u8> {
        let before = self.fields.get(index)?.raw.start.checked_sub(1)?;
        let quote = self.source.as_bytes().get(before)?;
        matches!(quote, b'"' | b'\'').then_some(*quote)
    }
}

impl fmt::Debug for Elements {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Elements")
            .field("len", &self.source.len())
            .field("fields", &self.fields.len())
            .finish_non_exhaustive()
    }
}

/// The character that the reference at the start of `rest` stands for, and the bytes it takes.
pub(crate) fn reference(rest: &[u8]) -> Option<(char, usize)> {
    let end = rest.iter().take(12).position(|b| *b == b';')?;
    let name = std::str::from_utf8(rest.get(1..end)?).ok()?;
    let c = match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let number = name.strip_prefix('#')?;
            let digits = |text: &str, radix| {
                let right = !text.is_empty() && text.chars().all(|c| c.is_digit(radix));
                if right {
                    u32::from_str_radix(text, radix).ok()
                } else {
                    None
                }
            };
            let code = match number.strip_prefix('x') {
                Some(hex) => digits(hex, 16),
                None => digits(number, 10),
            };
            char::from_u32(code?).filter(|c| is_char(*c))?
        }
    };
    Some((c, end + 1))
}

/// Characters that XML allows (production 2).
fn is_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// Writes text so that it can stand in an element, or between `quote`.
pub(crate) fn escape_into(text: &str, quote: Option<u8>, out: &mut Vec<u8>) {
    let closes = |c: char| quote.is_some_and(|quote| char::from(quote) == c);
    for c in text.chars() {
        match c {
            '<' => out.extend_from_slice(b"&lt;"),
            '>' => out.extend_from_slice(b"&gt;"),
            '&' => out.extend_from_slice(b"&amp;"),
            '"' if closes(c) => out.extend_from_slice(b"&quot;"),
            '\'' if closes(c) => out.extend_from_slice(b"&#39;"),
            c if !is_char(c) => out.extend_from_slice("\u{fffd}".as_bytes()),
            c => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ErrorKind, Span};

    fn check(text: &str, expect: &[(&str, &str)]) {
        let doc = Elements::parse(text.as_bytes(), Budget::RECORD).unwrap();
        let got: Vec<(&str, &str)> = (0..doc.fields().len())
            .map(|i| (doc.ways()[doc.way(i)].as_str(), doc.fields()[i].text.as_str()))
            .collect();
        assert_eq!(got, expect, "{text}");
        assert_eq!(doc.splice(&[]).unwrap().bytes, text.as_bytes());
    }

    #[test]
    fn gives_every_text_and_its_way() {
        check("<a/>", &[]);
        check("<?xml version=\"1.0\"?>\n<a>\n <b>x</b>\n</a>\n", &[("a.b", "x")]);
        check("<a x='1' p:y=\"2 &lt;\"/>", &[("a.x", "1"), ("a.y", "2 <")]);
        check("<cda:a>x &amp; y<b/> z&#233;</cda:a>", &[("a", "x & y"), ("a", " zé")]);
        check("<a><![CDATA[<Ann>]]></a>", &[("a", "<Ann>")]);
        check(
            "<!-- Ann --><a><!--Lee--></a>",
            &[("#comment", " Ann "), ("a.#comment", "Lee")],
        );
        check("<a>&nbsp;x</a>", &[("a", "&nbsp;x")]);
        check("<a b = \"c\" ></a >", &[("a.b", "c")]);
        check("<!DOCTYPE a><a>x</a>", &[("a", "x")]);
        check("<a><?php Ann ?></a>", &[("a.#instruction", "php Ann ")]);
    }

    #[test]
    fn refuses_what_is_not_well_formed() {
        for (text, kind) in [
            ("", ErrorKind::Malformed),
            ("text", ErrorKind::Malformed),
            ("<a>", ErrorKind::Malformed),
            ("<a></b>", ErrorKind::Malformed),
            ("</a>", ErrorKind::Malformed),
            ("<a/><b/>", ErrorKind::Malformed),
            ("<a b=c/>", ErrorKind::Malformed),
            ("<a b/>", ErrorKind::Malformed),
            ("<a b=\"<\"/>", ErrorKind::Malformed),
            ("<a b=\"x", ErrorKind::Malformed),
            ("<a><!-- x", ErrorKind::Malformed),
            ("<a><![CDATA[x</a>", ErrorKind::Malformed),
            ("<a>x", ErrorKind::Malformed),
            ("<a/>x", ErrorKind::Malformed),
            ("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", ErrorKind::Malformed),
        ] {
            let error = Elements::parse(text.as_bytes(), Budget::RECORD).unwrap_err();
            assert_eq!(error.kind(), kind, "{text}");
        }
        let deep = "<a>".repeat(100_000);
        let error = Elements::parse(deep.as_bytes(), Budget::RECORD).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Budget);
        assert_eq!(
            Elements::parse(b"<a>\xff</a>", Budget::RECORD).unwrap_err().kind(),
            ErrorKind::Encoding
        );
    }

    #[test]
    fn says_how_texts_go_on() {
        let source = "<r><text id='a'>Seen <b>Zebu</b>lon<!-- x -->. <content ID='c'>Dr.</content> <i>Lee</i><br/>\
            A<table><tr><td>MRN</td><td>77</td></tr><tr><td>B</td></tr></table></text></r>";
        let doc = Elements::parse(source.as_bytes(), Budget::RECORD).unwrap();
        let flows: Vec<(&str, Flow)> = (0..doc.fields().len())
            .map(|at| (doc.fields()[at].text.trim(), doc.flow(at)))
            .filter(|(_, flow)| *flow != Flow::Apart)
            .collect();
        assert_eq!(
            flows,
            [
                ("Seen", Flow::Begins),
                ("Zebu", Flow::Joined),
                ("lon", Flow::Joined),
                (".", Flow::Joined),
                ("Dr.", Flow::Joined),
                ("Lee", Flow::Spaced),
                ("A", Flow::Begins),
                ("MRN", Flow::Begins),
                ("77", Flow::Spaced),
                ("B", Flow::Begins),
            ]
        );
    }

    #[test]
    fn edits_are_written_as_xml() {
        let names = "<a b='N' c=\"N\">N</a>";
        let doc = Elements::parse(names.as_bytes(), Budget::RECORD).unwrap();
        let edits = (0..3).map(|field| Edit {
            field,
            span: Span::new(0, 1),
            with: "O'N\"".to_owned(),
        });
        assert_eq!(
            String::from_utf8(doc.splice(&edits.collect::<Vec<_>>()).unwrap().bytes).unwrap(),
            "<a b='O&#39;N\"' c=\"O'N&quot;\">O'N\"</a>"
        );
        let text = "<a b=\"Ann &amp; Lee\">x<![CDATA[Ann]]><!--Ann--></a>";
        let doc = Elements::parse(text.as_bytes(), Budget::RECORD).unwrap();
        let edit = |field, start, end, with: &str| Edit {
            field,
            span: Span::new(start, end),
            with: with.to_owned(),
        };
        let edits = [
            edit(0, 0, 3, "<\"N\">"),
            edit(1, 0, 1, "&"),
            edit(2, 0, 3, "]]x"),
            edit(3, 0, 3, "[N]"),
        ];
        assert_eq!(
            String::from_utf8(doc.splice(&edits).unwrap().bytes).unwrap(),
            "<a b=\"&lt;&quot;N&quot;&gt; &amp; Lee\">&amp;<![CDATA[]]x]]><!--[N]--></a>"
        );
        assert!(doc.splice(&[edit(2, 0, 3, "]]>")]).is_err());
        assert!(doc.splice(&[edit(3, 0, 3, "--")]).is_err());
    }
}
