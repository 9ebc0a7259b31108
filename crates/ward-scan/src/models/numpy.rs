//! NumPy's own files (`.npy`, and the members of `.npz`): an array of objects is a pickle after a header.
//!
//! Source: the specification in `numpy/lib/format.py`.

use ward_evidence::Severity;

use super::{Walk, blob_at, pickle, rules};
use crate::{
    Blob,
    report::{Found, More, Value},
};

const MAGIC: &[u8] = b"\x93NUMPY";
/// Longest header that is read; NumPy itself refuses one over 10,000 characters unless told otherwise.
const LONGEST: usize = 1 << 20;

/// True for a NumPy array.
pub(super) fn sniffed(_: &Blob<'_>, head: &[u8]) -> bool {
    head.starts_with(MAGIC)
}

/// Arrays in one file that are read, one after the other.
const MOST: usize = 100_000;

/// What a header says.
#[derive(Debug, PartialEq, Eq)]
struct Header {
    /// Where the data begins.
    data: u64,
    /// True when an item holds objects.
    objects: bool,
    /// Bytes of the data, when the type of the items says so.
    bytes: Option<u64>,
}

/// Looks at the arrays of a file: `numpy.save` may be called several times on one, and so may `pickle.dump` after it.
pub(super) fn scan(blob: &Blob<'_>, walk: &mut Walk<'_>) {
    let mut at = 0;
    for _ in 0..MOST {
        match one(blob, at, walk) {
            Some(next) => at = next,
            None => return,
        }
    }
    walk.findings
        .not_examined(blob.place.clone(), "it holds more arrays than are read");
}

/// Looks at the array that begins at `start`. Where the next one begins, if there is one.
fn one(blob: &Blob<'_>, start: u64, walk: &mut Walk<'_>) -> Option<u64> {
    let content = blob.content.part(start, u64::MAX);
    // Headers are short; a long one is read when the file has one.
    let mut head = content.at(0, 4096).unwrap_or_default();
    if matches!(header(&head), Err(Fault::Cut)) && head.len() == 4096 {
        head = content.at(0, LONGEST + 12).unwrap_or_default();
    }
    match header(&head) {
        Ok(header) if header.objects => pickle::run(blob.content, start + header.data, &blob.place, true, walk),
        Ok(header) => match header.bytes {
            Some(bytes) => return after(blob, start.saturating_add(header.data).saturating_add(bytes), walk),
            None => walk.findings.not_examined(
                blob.place.clone(),
                "the type of its items is unknown, so that nobody can tell where they end",
            ),
        },
        Err(Fault::Cut) => walk
            .findings
            .not_examined(blob.place.clone(), "its header is cut or too long"),
        Err(Fault::Odd(data)) => {
            let data = start + data;
            walk.findings.found.push(Found {
                rule: &rules::LIES,
                severity: Severity::Medium,
                at: blob.place.clone(),
                note: "its header is no plain dictionary of descr, fortran_order and shape: old readers evaluate it"
                    .into(),
                details: Vec::new(),
                value: Value::new("npy header"),
                more: More::default(),
            });
            pickle::run(blob.content, data, &blob.place, false, walk);
        }
    }
    None
}

/// Looks at what stands after the data of an array. Where the next array begins, if there is one.
fn after(blob: &Blob<'_>, end: u64, walk: &mut Walk<'_>) -> Option<u64> {
    let at = pickle::skip_padding(blob.content, end);
    let rest = blob.content.part(at, u64::MAX);
    if rest.is_empty() {
        return None;
    }
    if rest.at(0, MAGIC.len()).is_ok_and(|head| *head == *MAGIC) {
        return Some(at);
    }
    let place = blob.place.clone().inside(&format!("bytes@{at}"));
    if !walk.inside(&blob_at(place, rest)) {
        pickle::tail(blob.content, at, &blob.place, "the data of its last array", walk);
    }
    None
}

enum Fault {
    Cut,
    /// With where the data begins.
    Odd(u64),
}

fn header(head: &[u8]) -> Result<Header, Fault> {
    let version = *head.get(6).ok_or(Fault::Cut)?;
    let (len, start) = if version == 1 {
        let len = head
            .get(8..10)
            .and_then(|b| b.first_chunk().copied())
            .ok_or(Fault::Cut)?;
        (usize::from(u16::from_le_bytes(len)), 10usize)
    } else {
        let len = head
            .get(8..12)
            .and_then(|b| b.first_chunk().copied())
            .ok_or(Fault::Cut)?;
        (u32::from_le_bytes(len) as usize, 12)
    };
    let text = head.get(start..start.saturating_add(len)).ok_or(Fault::Cut)?;
    let data = (start + len) as u64;
    let odd = || Fault::Odd(data);
    let literal = Literal { rest: text, depth: 0 }.whole().ok_or_else(odd)?;
    let Parsed::Dict(entries) = literal else {
        return Err(odd());
    };
    let mut keys: Vec<&str> = entries.iter().map(|(key, _)| key.as_str()).collect();
    keys.sort_unstable();
    if keys != ["descr", "fortran_order", "shape"] {
        return Err(odd());
    }
    let descr = entries.iter().find(|(key, _)| key == "descr").map(|(_, value)| value);
    let shape = entries.iter().find(|(key, _)| key == "shape").map(|(_, value)| value);
    Ok(Header {
        data,
        objects: descr.is_some_and(Parsed::names_objects),
        bytes: descr
            .and_then(Parsed::item_bytes)
            .zip(shape.and_then(Parsed::product))
            .map(|(item, count)| item.saturating_mul(count)),
    })
}

/// A Python literal, as far as headers have them.
#[derive(Debug)]
enum Parsed {
    Text(String),
    Number(u64),
    Other,
    List(Vec<Parsed>),
    Dict(Vec<(String, Parsed)>),
}

impl Parsed {
    /// True when a text among them is the code of an object: `|O`, `O`, `O8`.
    fn names_objects(&self) -> bool {
        let mut todo = vec![self];
        while let Some(value) = todo.pop() {
            match value {
                Parsed::Text(text) => {
                    let code = text.trim_start_matches(['|', '<', '>', '=']);
                    if matches!(code, "O" | "O4" | "O8" | "object") {
                        return true;
                    }
                }
                Parsed::List(items) => todo.extend(items),
                Parsed::Dict(entries) => todo.extend(entries.iter().map(|(_, value)| value)),
                Parsed::Number(_) | Parsed::Other => {}
            }
        }
        false
    }

    /// Bytes of one item of this type: `<f8`, or a list of fields `(name, type)` and `(name, type, shape)`. The depth of
    /// lists is bounded by the parser.
    fn item_bytes(&self) -> Option<u64> {
        match self {
            Parsed::Text(text) => {
                let code = text.trim_start_matches(['|', '<', '>', '=']);
                let (kind, digits) = code.split_at_checked(1)?;
                let digits = digits.split('[').next().unwrap_or(digits);
                let size: u64 = if digits.is_empty() && kind == "?" {
                    1
                } else {
                    digits.parse().ok()?
                };
                match kind {
                    "b" | "i" | "u" | "f" | "c" | "m" | "M" | "S" | "a" | "V" | "?" => Some(size),
                    "U" => size.checked_mul(4),
                    _ => None,
                }
            }
            Parsed::List(fields) => {
                let mut sum = 0_u64;
                for field in fields {
                    let Parsed::List(parts) = field else { return None };
                    let item = parts.get(1)?.item_bytes()?;
                    let count = parts.get(2).map_or(Some(1), Parsed::product)?;
                    sum = sum.checked_add(item.checked_mul(count)?)?;
                }
                Some(sum)
            }
            _ => None,
        }
    }

    /// The product of a shape.
    fn product(&self) -> Option<u64> {
        match self {
            Parsed::Number(number) => Some(*number),
            Parsed::List(items) => items.iter().try_fold(1_u64, |product, item| match item {
                Parsed::Number(number) => product.checked_mul(*number),
                _ => None,
            }),
            _ => None,
        }
    }
}

/// Reads texts, numbers, names, tuples, lists and dictionaries; nothing that is computed.
struct Literal<'a> {
    rest: &'a [u8],
    depth: u8,
}

impl Literal<'_> {
    fn whole(mut self) -> Option<Parsed> {
        let value = self.value()?;
        self.blank();
        self.rest.is_empty().then_some(value)
    }

    fn blank(&mut self) {
        self.rest = self.rest.trim_ascii_start();
    }

    fn take(&mut self, byte: u8) -> bool {
        self.blank();
        match self.rest.split_first() {
            Some((first, rest)) if *first == byte => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    // Recursion ends at a depth of 16; structures of structures are seldom deeper than 2.
    fn value(&mut self) -> Option<Parsed> {
        self.blank();
        if self.depth > 16 {
            return None;
        }
        self.depth += 1;
        let value = match *self.rest.first()? {
            b'\'' | b'"' => Parsed::Text(self.text()?),
            b'{' => {
                self.take(b'{');
                let mut entries = Vec::new();
                while !self.take(b'}') {
                    self.blank();
                    let key = self.text()?;
                    if !self.take(b':') {
                        return None;
                    }
                    entries.push((key, self.value()?));
                    if !self.take(b',') && self.rest.first() != Some(&b'}') {
                        return None;
                    }
                }
                Parsed::Dict(entries)
            }
            open @ (b'(' | b'[') => {
                self.take(open);
                let close = if open == b'(' { b')' } else { b']' };
                let mut items = Vec::new();
                while !self.take(close) {
                    items.push(self.value()?);
                    if !self.take(b',') && self.rest.first() != Some(&close) {
                        return None;
                    }
                }
                Parsed::List(items)
            }
            _ => {
                let end = self
                    .rest
                    .iter()
                    .position(|b| !b.is_ascii_alphanumeric() && *b != b'-')
                    .unwrap_or(self.rest.len());
                let (word, rest) = self.rest.split_at_checked(end)?;
                let number = word.strip_suffix(b"L").unwrap_or(word);
                let number = number.strip_prefix(b"-").unwrap_or(number);
                let known = matches!(word, b"True" | b"False" | b"None");
                if !known && (number.is_empty() || !number.iter().all(u8::is_ascii_digit)) {
                    return None;
                }
                self.rest = rest;
                let number = str::from_utf8(word.strip_suffix(b"L").unwrap_or(word));
                number
                    .ok()
                    .and_then(|text| text.parse().ok())
                    .map_or(Parsed::Other, Parsed::Number)
            }
        };
        self.depth -= 1;
        Some(value)
    }

    fn text(&mut self) -> Option<String> {
        let (quote, rest) = self.rest.split_first()?;
        if !matches!(quote, b'\'' | b'"') {
            return None;
        }
        let end = memchr::memchr(*quote, rest)?;
        let (text, after) = rest.split_at_checked(end)?;
        if memchr::memchr2(b'\\', b'\n', text).is_some() {
            return None;
        }
        self.rest = after.get(1..)?;
        Some(String::from_utf8_lossy(text).into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn npy(header: &str) -> Vec<u8> {
        let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
        bytes.extend(u16::try_from(header.len()).unwrap().to_le_bytes());
        bytes.extend(header.as_bytes());
        bytes
    }

    #[track_caller]
    fn check(text: &str, expect: Option<bool>) {
        let found = header(&npy(text)).ok().map(|header| header.objects);
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn the_length_of_the_data_is_known() {
        for (descr, shape, expect) in [
            ("'<f8'", "(3,)", Some(24)),
            ("'|b1'", "()", Some(1)),
            ("'<U5'", "(2, 2)", Some(80)),
            ("'<M8[ns]'", "(0,)", Some(0)),
            ("'|V2'", "(7,)", Some(14)),
            ("[('a', '<f4'), ('b', '<i2', (2, 3))]", "(2,)", Some(32)),
            ("[('a', [('b', '|S3')], (2,))]", "(1,)", Some(6)),
            ("'|T16'", "(1,)", None),
            ("'<f8'", "(99999999999, 99999999999)", None),
        ] {
            let text = format!("{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}");
            let bytes = header(&npy(&text)).ok().and_then(|header| header.bytes);
            assert_eq!(bytes, expect, "{text}");
        }
    }

    #[test]
    fn headers_are_read_strictly() {
        check("{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }", Some(false));
        check("{'descr': '|O', 'fortran_order': False, 'shape': (3L,)}\n", Some(true));
        check(
            "{'descr': [('a', '<f4'), ('b', '|O')], 'fortran_order': False, 'shape': ()}",
            Some(true),
        );
        check(
            "{'descr': [('a', [('c', 'O')], (2, 2))], 'fortran_order': True, 'shape': ()}",
            Some(true),
        );
        check("{'descr': '<f8', 'fortran_order': False, 'shape': (3,), 'x': 1}", None);
        check(
            "{'descr': __import__('os').system('id'), 'fortran_order': False, 'shape': ()}",
            None,
        );
        check("{'descr': '<f8', 'fortran_order': False, 'shape': (3,)", None);
        check("eval('1')", None);
        check(&"(".repeat(5000), None);
    }
}
