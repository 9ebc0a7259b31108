//! Putting edited text back: one walk for every format.

use crate::{Edit, Error, ErrorKind, Field, OffsetMap, Span, Spliced, hl7, json, xml};

/// How a field's text is written in the source.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Encoding<'a> {
    /// As it is.
    Plain,
    /// Inside a JSON string.
    JsonString,
    /// A JSON number or boolean: an edit turns it into a JSON string, unless it is another number without sign or exponent or
    /// [`Edit::AT_LEAST_90`].
    JsonLiteral,
    /// An HL7 v2 leaf.
    Hl7(&'a hl7::Delimiters),
    /// Text of an XML element, or of an attribute between these quotes.
    Xml(Option<u8>),
    /// A comment or CDATA section of XML.
    XmlPlain,
    /// Not to be edited, and why.
    Fixed(&'static str),
}

impl Encoding<'_> {
    fn unit(self, rest: &[u8]) -> json::Unit {
        match self {
            Encoding::JsonString => json::unit(rest),
            Encoding::Hl7(delimiters) => hl7::unit(delimiters, rest),
            Encoding::Xml(_) => xml_unit(rest),
            Encoding::Plain | Encoding::JsonLiteral | Encoding::XmlPlain | Encoding::Fixed(_) => plain(rest.len()),
        }
    }

    fn encode(self, text: &str, out: &mut Vec<u8>) -> Result<(), &'static str> {
        match self {
            Encoding::Plain => out.extend_from_slice(text.as_bytes()),
            Encoding::JsonString | Encoding::JsonLiteral => {
                let mut encoded = String::with_capacity(text.len());
                json::escape_into(text, &mut encoded);
                out.extend_from_slice(encoded.as_bytes());
            }
            Encoding::Hl7(delimiters) => hl7::encode(delimiters, text, out)?,
            Encoding::Xml(quote) => xml::escape_into(text, quote, out),
            Encoding::XmlPlain if ["]]>", "--", "?>"].iter().any(|end| text.contains(end)) => {
                return Err("an edit would end the comment or CDATA section that it stands in");
            }
            Encoding::XmlPlain => out.extend_from_slice(text.as_bytes()),
            Encoding::Fixed(why) => return Err(why),
        }
        Ok(())
    }
}

/// True for what may stand in place of a JSON number as it is.
fn is_literal(with: &str) -> bool {
    let (whole, fraction) = with.split_once('.').unwrap_or((with, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let number = with.len() <= 15 && digits(whole) && digits(fraction) && (whole.len() == 1 || !whole.starts_with('0'));
    number || with == Edit::AT_LEAST_90
}

/// Bytes that stand for themselves.
fn plain(len: usize) -> json::Unit {
    json::Unit {
        raw: len,
        decoded: len,
        cut: json::Cut::Anywhere,
    }
}

/// The unit that `rest`, the inside of an XML text, begins with: plain bytes, or one reference.
fn xml_unit(rest: &[u8]) -> json::Unit {
    let before = memchr::memchr(b'&', rest).unwrap_or(rest.len());
    if before > 0 {
        return plain(before);
    }
    match xml::reference(rest) {
        Some((c, raw)) => json::Unit {
            raw,
            decoded: c.len_utf8(),
            cut: json::Cut::Nowhere,
        },
        // An ampersand that begins no reference stands for itself.
        None => plain(rest.len().min(1)),
    }
}

/// `source` with the edits applied. `fields` stand in source order and do not overlap.
pub(crate) fn splice<'a>(
    source: &[u8],
    fields: &[Field],
    edits: &[Edit],
    encoding: impl Fn(usize) -> Encoding<'a>,
) -> Result<Spliced, Error> {
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    sorted.sort_by_key(|edit| (edit.field, edit.span));
    let added: usize = edits.iter().map(|edit| edit.with.len()).sum();
    let mut out = Output {
        source,
        bytes: Vec::with_capacity(source.len() + added),
        map: OffsetMap::new(),
        copied: 0,
    };
    for group in sorted.chunk_by(|a, b| a.field == b.field) {
        let Some(index) = group.first().map(|edit| edit.field) else {
            continue;
        };
        let field = fields
            .get(index)
            .ok_or_else(|| Error::new(ErrorKind::Edit, "an edit names no field of the document", 0))?;
        check(field, group)?;
        out.field(field, group, encoding(index))?;
    }
    out.copy_to(source.len());
    Ok(Spliced {
        bytes: out.bytes,
        map: out.map,
    })
}

/// Every edit lies on characters of the text, and none on another.
fn check(field: &Field, edits: &[&Edit]) -> Result<(), Error> {
    let wrong = |what| Err(Error::new(ErrorKind::Edit, what, field.raw.start));
    for edit in edits {
        if field.text.get(edit.span.start..edit.span.end).is_none() {
            return wrong("an edit leaves its field or cuts a character");
        }
    }
    for pair in edits.windows(2) {
        if let [a, b] = pair
            && (b.span.start < a.span.end || b.span == a.span)
        {
            return wrong("two edits overlap");
        }
    }
    Ok(())
}

struct Output<'a> {
    source: &'a [u8],
    bytes: Vec<u8>,
    map: OffsetMap,
    /// Everything of the source before this is written.
    copied: usize,
}

/// A walk through a field's units. It never passes where it is asked for, so that all edits of a field
/// cost one walk.
struct Cursor {
    at: Point,
    /// The unit that begins at `at`, once it is known.
    unit: Option<json::Unit>,
}

/// A place in a field: the same point in the source and in the decoded text.
#[derive(Clone, Copy)]
struct Point {
    raw: usize,
    decoded: usize,
}

/// A change being written.
struct Change {
    /// Where it begins in the output.
    new: usize,
    /// Where it begins in the source.
    old: usize,
    /// The end of the last unit it touches.
    end: Point,
    /// How much of the decoded text is written.
    written: usize,
}

impl Output<'_> {
    fn copy_to(&mut self, end: usize) {
        self.bytes
            .extend_from_slice(self.source.get(self.copied..end).unwrap_or_default());
        self.copied = end;
    }

    fn field(&mut self, field: &Field, edits: &[&Edit], encoding: Encoding<'_>) -> Result<(), Error> {
        // A number that becomes a number needs no quotation marks.
        let whole = |edit: &Edit| edit.span == Span::new(0, field.text.len()) && is_literal(&edit.with);
        let bare = matches!(encoding, Encoding::JsonLiteral) && matches!(edits, [one] if whole(one));
        let encoding = if bare { Encoding::Plain } else { encoding };
        let literal = matches!(encoding, Encoding::JsonLiteral);
        if literal {
            self.copy_to(field.raw.start);
            self.quote();
        }
        let mut cursor = Cursor {
            at: Point {
                raw: field.raw.start,
                decoded: 0,
            },
            unit: None,
        };
        let mut change: Option<Change> = None;
        for edit in edits {
            let (mut from, _) = self.locate(field, encoding, &mut cursor, edit.span.start);
            if !edit.span.is_empty() && from.decoded == edit.span.start {
                self.pass_marks(field, encoding, &mut cursor);
                from = cursor.at;
            }
            let mut current = match change.take() {
                // The last change touches the same escape: go on in it.
                Some(last) if from.raw < last.end.raw => {
                    self.encode(field, encoding, last.written, edit.span.start)?;
                    last
                }
                last => {
                    if let Some(last) = last {
                        self.end(field, encoding, &last)?;
                    }
                    self.copy_to(from.raw);
                    let new = self.bytes.len();
                    self.encode(field, encoding, from.decoded, edit.span.start)?;
                    Change {
                        new,
                        old: from.raw,
                        end: from,
                        written: 0,
                    }
                }
            };
            self.write(field, encoding, &edit.with)?;
            let (_, to) = self.locate(field, encoding, &mut cursor, edit.span.end);
            current.end = to;
            current.written = edit.span.end;
            change = Some(current);
        }
        if let Some(last) = change {
            self.end(field, encoding, &last)?;
        }
        if literal {
            self.copy_to(field.raw.end);
            self.quote();
        }
        Ok(())
    }

    /// A quotation mark that the source does not have.
    fn quote(&mut self) {
        let new = self.bytes.len();
        self.bytes.push(b'"');
        self.map
            .push(Span::new(new, new + 1), Span::new(self.copied, self.copied));
    }

    /// Ends a change: what is left of the last escape it cut, then its place in the map.
    fn end(&mut self, field: &Field, encoding: Encoding<'_>, change: &Change) -> Result<(), Error> {
        self.encode(field, encoding, change.written, change.end.decoded)?;
        self.copied = change.end.raw;
        self.map.push(
            Span::new(change.new, self.bytes.len()),
            Span::new(change.old, change.end.raw),
        );
        Ok(())
    }

    fn encode(&mut self, field: &Field, encoding: Encoding<'_>, from: usize, to: usize) -> Result<(), Error> {
        let text = field.text.get(from..to).unwrap_or_default();
        self.write(field, encoding, text)
    }

    fn write(&mut self, field: &Field, encoding: Encoding<'_>, text: &str) -> Result<(), Error> {
        encoding
            .encode(text, &mut self.bytes)
            .map_err(|what| Error::new(ErrorKind::Edit, what, field.raw.start))
    }

    /// Goes on past the escapes of HL7 that stand for no text (`\H\`: highlighting begins): what is replaced begins after
    /// them.
    fn pass_marks(&self, field: &Field, encoding: Encoding<'_>, cursor: &mut Cursor) {
        while matches!(encoding, Encoding::Hl7(_)) && cursor.unit.is_none() {
            let rest = self.source.get(cursor.at.raw..field.raw.end).unwrap_or_default();
            let unit = encoding.unit(rest);
            if rest.is_empty() || unit.decoded > 0 || unit.raw == 0 {
                return;
            }
            cursor.at.raw += unit.raw;
        }
    }

    /// The last point at or before `target` and the first at or after it that cut no escape.
    fn locate(&self, field: &Field, encoding: Encoding<'_>, cursor: &mut Cursor, target: usize) -> (Point, Point) {
        while cursor.at.decoded < target {
            let at = cursor.at;
            let unit = match cursor.unit {
                Some(unit) => unit,
                None => {
                    let rest = self.source.get(at.raw..field.raw.end).unwrap_or_default();
                    if rest.is_empty() {
                        break;
                    }
                    *cursor.unit.insert(encoding.unit(rest))
                }
            };
            let after = Point {
                raw: at.raw + unit.raw,
                decoded: at.decoded + unit.decoded,
            };
            let ahead = target - at.decoded;
            match unit.cut {
                json::Cut::Anywhere if unit.decoded > ahead => {
                    cursor.at = Point {
                        raw: at.raw + ahead,
                        decoded: target,
                    };
                    cursor.unit = Some(json::Unit {
                        raw: unit.raw - ahead,
                        decoded: unit.decoded - ahead,
                        ..unit
                    });
                }
                json::Cut::Open => return (at, after),
                json::Cut::Nowhere if unit.decoded > ahead => return (at, after),
                _ => {
                    *cursor = Cursor { at: after, unit: None };
                }
            }
        }
        (cursor.at, cursor.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Role;

    /// Edits of one JSON string or HL7 leaf that stands alone in its source.
    fn check(encoding: Encoding<'_>, raw: &str, text: &str, edits: &[(usize, usize, &str)], expect: &str) {
        let fields = [Field {
            text: text.to_owned(),
            role: Role::Text,
            raw: Span::new(0, raw.len()),
        }];
        let edits: Vec<Edit> = edits
            .iter()
            .map(|(start, end, with)| Edit {
                field: 0,
                span: Span::new(*start, *end),
                with: (*with).to_owned(),
            })
            .collect();
        let spliced = splice(raw.as_bytes(), &fields, &edits, |_| encoding).unwrap();
        assert_eq!(String::from_utf8(spliced.bytes).unwrap(), expect);
    }

    #[test]
    fn edits_around_and_inside_of_escapes() {
        let json = Encoding::JsonString;
        check(json, r"a\nb", "a\nb", &[(1, 2, "-")], "a-b");
        check(json, r"a\nb", "a\nb", &[(0, 1, "\""), (2, 3, "\t")], r#"\"\n\t"#);
        check(json, r"\u00e9x", "éx", &[(2, 2, "é"), (3, 3, "!")], r"\u00e9éx!");
        let delimiters = hl7::Delimiters::read(b'|', br"^~\&").unwrap();
        let hl7 = Encoding::Hl7(&delimiters);
        check(hl7, r"a\F\b", "a|b", &[(1, 2, "&")], r"a\T\b");
        // What highlights a value stays around it.
        check(hl7, r"a \H\b\N\ c", "a b c", &[(2, 3, "-")], r"a \H\-\N\ c");
        check(hl7, r"\H\\F\b", "|b", &[(0, 1, "-"), (1, 2, "+")], r"\H\-+");
        // Two characters in one escape, of which one is edited, then both.
        check(hl7, r"\X4142\", "AB", &[(0, 1, "x")], "xB");
        check(hl7, r"\X4142\", "AB", &[(0, 1, "x"), (1, 2, "y")], "xy");
        check(hl7, r"\X4142\", "AB", &[(1, 1, "-")], "A-B");
        // An escape character without its partner must not find one in what is put after it.
        check(hl7, r"a\F", "a\\F", &[(3, 3, "|")], r"a\E\F\F\");
        check(Encoding::JsonLiteral, "125", "125", &[(1, 2, "\"")], r#""1\"5""#);
        check(Encoding::JsonLiteral, "125", "125", &[(0, 3, "90")], "90");
        check(Encoding::JsonLiteral, "125", "125", &[(0, 3, "090")], r#""090""#);
        check(Encoding::JsonLiteral, "125", "125", &[(0, 2, "90")], r#""905""#);
        check(
            Encoding::JsonLiteral,
            "125",
            "125",
            &[(0, 3, Edit::AT_LEAST_90)],
            r#"90,"comparator":">=""#,
        );
    }

    #[test]
    fn many_edits_cost_one_walk() {
        let text = "word ".repeat(40_000);
        let edits: Vec<_> = (0..40_000).map(|i| (i * 5, i * 5 + 4, "w")).collect();
        check(Encoding::JsonString, &text, &text, &edits, &"w ".repeat(40_000));
    }
}
