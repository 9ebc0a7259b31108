//! Plain text: the whole of it is one field.

use std::fmt;

use crate::{
    Budget, Document, Edit, Error, ErrorKind, Field, Kind, Parsed, Role, Span, Spliced,
    splice::{self, Encoding},
};

/// The UTF-8 byte-order mark. It is kept, outside the field.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// UTF-8 text as one field. Line ends and NUL bytes stand as they are.
#[derive(Clone)]
pub struct TextDoc {
    source: Vec<u8>,
    fields: Vec<Field>,
}

impl TextDoc {
    /// Reads `bytes` as UTF-8 text.
    ///
    /// # Errors
    /// [`ErrorKind::Encoding`] with the offset of the first byte that is not UTF-8,
    /// [`ErrorKind::Budget`] when there are too many bytes.
    pub fn parse(bytes: &[u8], budget: Budget) -> Result<Parsed<TextDoc>, Error> {
        if bytes.len() > budget.bytes {
            return Err(Error::new(
                ErrorKind::Budget,
                "the text is larger than the byte budget",
                budget.bytes,
            ));
        }
        let start = if bytes.starts_with(MARK) { MARK.len() } else { 0 };
        let body = bytes.get(start..).unwrap_or_default();
        let text = std::str::from_utf8(body).map_err(|e| {
            Error::new(
                ErrorKind::Encoding,
                "the text is not UTF-8; convert it to UTF-8",
                start + e.valid_up_to(),
            )
        })?;
        Ok(Parsed {
            document: TextDoc {
                source: bytes.to_vec(),
                fields: vec![Field {
                    text: text.to_owned(),
                    role: Role::Text,
                    raw: Span::new(start, bytes.len()),
                }],
            },
            problems: Vec::new(),
        })
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &str {
        self.fields.first().map_or("", |f| &f.text)
    }

    /// Where a byte of the source stands, for people: `line 7`, counted from 1.
    #[must_use]
    pub fn line(&self, at: usize) -> String {
        let before = self.source.get(..at).unwrap_or(&self.source);
        format!("line {}", 1 + memchr::memchr_iter(b'\n', before).count())
    }
}

impl fmt::Debug for TextDoc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TextDoc")
            .field("len", &self.source.len())
            .finish_non_exhaustive()
    }
}

impl Document for TextDoc {
    fn kind(&self) -> Kind {
        Kind::Text
    }

    fn source(&self) -> &[u8] {
        &self.source
    }

    fn fields(&self) -> &[Field] {
        &self.fields
    }

    fn place(&self, index: usize) -> String {
        self.line(self.fields.get(index).map_or(0, |field| field.raw.start))
    }

    fn splice(&self, edits: &[Edit]) -> Result<Spliced, Error> {
        splice::splice(&self.source, &self.fields, edits, |_| Encoding::Plain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doc(bytes: &[u8]) -> TextDoc {
        TextDoc::parse(bytes, Budget::RECORD).unwrap().document
    }

    fn edit(start: usize, end: usize, with: &str) -> Edit {
        Edit {
            field: 0,
            span: Span::new(start, end),
            with: with.to_owned(),
        }
    }

    #[test]
    fn keeps_every_byte() {
        for bytes in [
            &b""[..],
            b"\xef\xbb\xbf",
            b"\xef\xbb\xbfa\r\nb\0c\n",
            "é\u{feff}".as_bytes(),
        ] {
            assert_eq!(doc(bytes).splice(&[]).unwrap().bytes, bytes);
        }
        assert_eq!(doc(b"\xef\xbb\xbfab").text(), "ab");
        assert_eq!(doc(b"a\nb\nc").line(4), "line 3");
    }

    #[test]
    fn says_where_it_is_not_utf8() {
        let at = |bytes: &[u8]| TextDoc::parse(bytes, Budget::RECORD).map(|_| ()).map_err(|e| e.at());
        assert_eq!(at(b"ab\xe9c"), Err(2));
        assert_eq!(at(b"\xef\xbb\xbfab\xff"), Err(5));
    }

    #[test]
    fn splices_and_maps_back() {
        let doc = doc(b"\xef\xbb\xbfJane Doe saw Jane");
        let spliced = doc
            .splice(&[edit(13, 17, "Y"), edit(0, 8, "X"), edit(8, 8, "!")])
            .unwrap();
        assert_eq!(spliced.bytes, b"\xef\xbb\xbfX! saw Y");
        assert_eq!(spliced.map.to_old(Span::new(3, 4)), Span::new(3, 11));
        assert_eq!(spliced.map.to_old(Span::new(6, 9)), Span::new(12, 15));
        assert_eq!(spliced.map.to_old(Span::new(10, 11)), Span::new(16, 20));
    }

    #[test]
    fn refuses_edits_that_do_not_fit() {
        let doc = doc("aé".as_bytes());
        let field = Edit {
            field: 1,
            ..edit(0, 0, "")
        };
        for bad in [
            vec![field],
            vec![edit(0, 4, "")],
            vec![edit(2, 3, "")],
            vec![edit(1, 0, "")],
            vec![edit(0, 1, "x"), edit(0, 3, "y")],
            vec![edit(1, 1, "x"), edit(1, 1, "y")],
        ] {
            assert_eq!(doc.splice(&bad).unwrap_err().kind(), ErrorKind::Edit);
        }
    }
}
