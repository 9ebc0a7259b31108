//! Character sets (PS3.3 C.12.1.1.2, PS3.5 section 6.1): what the bytes of a text say.

use encoding_rs::Encoding;

/// The character set of a data set, from its Specific Character Set (0008,0005).
#[derive(Clone, Copy)]
pub struct Charset {
    /// One encoding for everything, without code extensions.
    whole: Option<&'static Encoding>,
    /// What stands in the lower half at first.
    low: Low,
    /// What stands in the upper half at first.
    high: High,
    /// Escape sequences may change the halves (ISO 2022).
    escapes: bool,
    /// A set this version does not know: nothing but ASCII can be read.
    unknown: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Low {
    Ascii,
    /// JIS X 0201 with yen sign and overline.
    Roman,
    /// JIS X 0208, two bytes.
    Kanji,
    /// JIS X 0212, two bytes.
    MoreKanji,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum High {
    None,
    Latin1,
    /// Another part of ISO 8859 or TIS 620: one byte.
    Table(&'static Encoding),
    /// Halfwidth katakana of JIS X 0201.
    Katakana,
    /// Two bytes: KS X 1001 as EUC-KR, GB 2312 as GBK.
    Pairs(&'static Encoding),
}

impl Default for Charset {
    fn default() -> Self {
        Self {
            whole: None,
            low: Low::Ascii,
            high: High::None,
            escapes: false,
            unknown: false,
        }
    }
}

impl Charset {
    /// From the value of Specific Character Set: terms with backslashes between them.
    #[must_use]
    pub fn new(value: &[u8]) -> Self {
        let value = std::str::from_utf8(value).unwrap_or("?");
        let mut set = Charset::default();
        let mut terms = value.split('\\').map(|term| term.trim_matches([' ', '\0']));
        let first = terms.next().unwrap_or_default();
        set.escapes = terms.next().is_some() || first.starts_with("ISO 2022");
        // Writers spell it in many ways: ISO_IR 100, ISO IR 100, ISO-IR 100, ISO 2022 IR 100.
        let spelled: String = first
            .chars()
            .map(|c| if matches!(c, '_' | '-') { ' ' } else { c })
            .collect();
        let number = spelled
            .strip_prefix("ISO IR ")
            .or_else(|| spelled.strip_prefix("ISO 2022 IR "));
        match (first, number) {
            ("", _) | (_, Some("6")) => {}
            ("GB18030", _) => set.whole = Some(encoding_rs::GB18030),
            ("GBK", _) => set.whole = Some(encoding_rs::GBK),
            (_, Some("192")) => set.whole = Some(encoding_rs::UTF_8),
            (_, Some("13")) => (set.low, set.high) = (Low::Roman, High::Katakana),
            (_, Some("87" | "159")) => {}
            (_, Some("149")) => set.high = High::Pairs(encoding_rs::EUC_KR),
            (_, Some("58")) => set.high = High::Pairs(encoding_rs::GBK),
            (_, Some(number)) => match table(number) {
                Some(high) => set.high = high,
                None => set.unknown = true,
            },
            _ => set.unknown = true,
        }
        set
    }

    /// True when this version knows the set. Text in another is ASCII or cannot be read.
    #[must_use]
    pub fn is_known(&self) -> bool {
        !self.unknown
    }

    /// The text of a value; `name` says that it is a person's name, in which `^` and `=` end what an escape sequence
    /// began. `None` when the bytes are no text of this set: control characters, broken pairs, unknown escape sequences.
    #[must_use]
    pub fn decode(&self, bytes: &[u8], name: bool) -> Option<String> {
        let plain = |b: &u8| matches!(b, b' '..=b'~' | b'\t' | b'\n' | b'\r' | 0x0c);
        if self.low == Low::Ascii && bytes.iter().all(plain) {
            return String::from_utf8(bytes.to_vec()).ok();
        }
        if let Some(encoding) = self.whole {
            let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
            let control = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}');
            return (!text.contains(control)).then(|| text.into_owned());
        }
        self.iso2022(bytes, name)
    }

    fn iso2022(&self, bytes: &[u8], name: bool) -> Option<String> {
        let mut out = String::with_capacity(bytes.len());
        let (mut low, mut high) = (self.low, self.high);
        let mut rest = bytes;
        while let Some((&byte, tail)) = rest.split_first() {
            rest = tail;
            match byte {
                0x1b if self.escapes => rest = escape(rest, &mut low, &mut high)?,
                b'\t' | b'\n' | b'\r' | 0x0c => {
                    (low, high) = (self.low, self.high);
                    out.push(char::from(byte));
                }
                b' ' => out.push(' '),
                0x21..=0x7e => match low {
                    Low::Ascii | Low::Roman => {
                        if byte == b'\\' || (name && matches!(byte, b'^' | b'=')) {
                            (low, high) = (self.low, self.high);
                        }
                        out.push(if byte == b'~' && low == Low::Roman {
                            '\u{203e}'
                        } else {
                            char::from(byte)
                        });
                    }
                    Low::Kanji | Low::MoreKanji => {
                        let (&second, tail) = rest.split_first()?;
                        rest = tail;
                        let (first, second) = (byte | 0x80, second | 0x80);
                        let pair = [0x8f, first, second];
                        let pair = if low == Low::Kanji { pair.get(1..)? } else { &pair };
                        push(&mut out, encoding_rs::EUC_JP, pair)?;
                    }
                },
                0xa0..=0xff => match high {
                    High::Latin1 => out.push(char::from(byte)),
                    High::Table(encoding) => push(&mut out, encoding, &[byte])?,
                    High::Katakana if (0xa1..=0xdf).contains(&byte) => {
                        out.push(char::from_u32(0xff61 + u32::from(byte - 0xa1))?);
                    }
                    High::Pairs(encoding) => {
                        let (&second, tail) = rest.split_first()?;
                        rest = tail;
                        push(&mut out, encoding, &[byte, second])?;
                    }
                    High::None | High::Katakana => return None,
                },
                _ => return None,
            }
        }
        Some(out)
    }
}

fn push(out: &mut String, encoding: &'static Encoding, bytes: &[u8]) -> Option<()> {
    out.push_str(&encoding.decode_without_bom_handling_and_without_replacement(bytes)?);
    Some(())
}

/// The upper half by its number in the ISO registry.
fn table(number: &str) -> Option<High> {
    Some(match number {
        "100" => High::Latin1,
        "101" => High::Table(encoding_rs::ISO_8859_2),
        "109" => High::Table(encoding_rs::ISO_8859_3),
        "110" => High::Table(encoding_rs::ISO_8859_4),
        "144" => High::Table(encoding_rs::ISO_8859_5),
        "127" => High::Table(encoding_rs::ISO_8859_6),
        "126" => High::Table(encoding_rs::ISO_8859_7),
        "138" => High::Table(encoding_rs::ISO_8859_8),
        "148" => High::Table(encoding_rs::WINDOWS_1254),
        "203" => High::Table(encoding_rs::ISO_8859_15),
        "166" => High::Table(encoding_rs::WINDOWS_874),
        _ => return None,
    })
}

/// Reads what follows an escape character (PS3.3 table C.12-3 and C.12-4).
fn escape<'a>(rest: &'a [u8], low: &mut Low, high: &mut High) -> Option<&'a [u8]> {
    let (tail, number) = match rest {
        [b'(', b'B', tail @ ..] => {
            *low = Low::Ascii;
            return Some(tail);
        }
        [b'(', b'J', tail @ ..] => {
            *low = Low::Roman;
            return Some(tail);
        }
        [b'$', b'B' | b'@', tail @ ..] => {
            *low = Low::Kanji;
            return Some(tail);
        }
        [b'$', b'(', b'D', tail @ ..] => {
            *low = Low::MoreKanji;
            return Some(tail);
        }
        [b')', b'I', tail @ ..] => {
            *high = High::Katakana;
            return Some(tail);
        }
        [b'$', b')', b'C', tail @ ..] => {
            *high = High::Pairs(encoding_rs::EUC_KR);
            return Some(tail);
        }
        [b'$', b')', b'A', tail @ ..] => {
            *high = High::Pairs(encoding_rs::GBK);
            return Some(tail);
        }
        [b'-', b'A', tail @ ..] => (tail, "100"),
        [b'-', b'B', tail @ ..] => (tail, "101"),
        [b'-', b'C', tail @ ..] => (tail, "109"),
        [b'-', b'D', tail @ ..] => (tail, "110"),
        [b'-', b'L', tail @ ..] => (tail, "144"),
        [b'-', b'G', tail @ ..] => (tail, "127"),
        [b'-', b'F', tail @ ..] => (tail, "126"),
        [b'-', b'H', tail @ ..] => (tail, "138"),
        [b'-', b'M', tail @ ..] => (tail, "148"),
        [b'-', b'b', tail @ ..] => (tail, "203"),
        [b'-', b'T', tail @ ..] => (tail, "166"),
        _ => return None,
    };
    *high = table(number)?;
    Some(tail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(set: &str, bytes: &[u8], expect: Option<&str>) {
        assert_eq!(
            Charset::new(set.as_bytes()).decode(bytes, true).as_deref(),
            expect,
            "{set}"
        );
    }

    #[test]
    fn reads_the_sets_of_the_standard() {
        check("", b"Quill^Zelda", Some("Quill^Zelda"));
        check("", b"M\xfcller", None);
        check("", b"a\0b", None);
        check("", b"a\x1b(Bb", None);
        check("ISO_IR 6", b"abc", Some("abc"));
        check("ISO_IR 100", b"M\xfcller", Some("Müller"));
        check("ISO_IR 100 ", b"M\x9cller", None);
        check("ISO_IR 101", b"Wa\xb3\xeasa", Some("Wałęsa"));
        check("ISO_IR 144", b"\xbb\xee\xdaceXXX".get(..3).unwrap(), Some("Люк"));
        check("ISO_IR 192", "Łódź 東京".as_bytes(), Some("Łódź 東京"));
        check("ISO_IR 192", b"\xc5\x9a\xff", None);
        check("GB18030", b"\xcd\xf5\x5e\xd0\xa1", Some("王^小"));
        check("ISO_IR 13", b"\xd4\xcf\xc0\xde^\xc0\xdb\xb3", Some("ﾔﾏﾀﾞ^ﾀﾛｳ"));
        check(
            "\\ISO 2022 IR 87",
            b"Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B",
            Some("Yamada^Tarou=山田^太郎"),
        );
        check(
            "\\ISO 2022 IR 149",
            b"Hong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7",
            Some("Hong=洪^吉洞"),
        );
        check("ISO 2022 IR 6\\ISO 2022 IR 126", b"a\x1b-F\xc4\xe9^\xc4", None);
        check("ISO 2022 IR 6\\ISO 2022 IR 126", b"a\x1b-F\xc4\xe9", Some("aΔι"));
        check("\\ISO 2022 IR 87", b"\x1b$B;", None);
        check("\\ISO 2022 IR 87", b"\x1b?", None);
        check("EBCDIC", b"abc", Some("abc"));
        check("EBCDIC", b"ab\xc3", None);
        assert!(!Charset::new(b"EBCDIC").is_known() && Charset::new(b"ISO 2022 IR 100").is_known());
    }
}
