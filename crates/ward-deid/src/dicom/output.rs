//! Writing a data set and the file around it.

use ward_formats::Span;
use ward_formats::dicom::{Node, Shape, Syntax, Tag, Vr, deflate};

use super::IMPLEMENTATION_UID;

/// The longest value of a representation with a 16-bit length: the largest even number.
const SHORT: usize = 0xfffe;

/// A data set that grows.
pub(super) struct Output {
    bytes: Vec<u8>,
}

/// A sequence or an item that was begun.
pub(super) struct Begun {
    /// Where its length stands; `None` when that is undefined.
    length: Option<usize>,
    syntax: Syntax,
    shape: Shape,
}

impl Output {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            bytes: Vec::with_capacity(capacity),
        }
    }

    /// The header of `node` without its length, of the bytes it was read from.
    fn header(&mut self, node: &Node, raw: &[u8]) -> bool {
        let short = node.syntax.explicit && !node.vr.is_long();
        let end = raw.len().saturating_sub(if short { 2 } else { 4 });
        self.bytes.extend_from_slice(raw.get(..end).unwrap_or_default());
        short
    }

    /// An element that keeps its value, byte for byte.
    pub(super) fn same(&mut self, raw: &[u8], value: &[u8]) {
        self.bytes.extend_from_slice(raw);
        self.bytes.extend_from_slice(value);
    }

    /// The last bytes that were written.
    pub(super) fn last(&mut self, length: usize) -> &mut [u8] {
        let start = self.bytes.len().saturating_sub(length);
        self.bytes.get_mut(start..).unwrap_or_default()
    }

    /// An element with another value. `raw` is its header as it stood.
    pub(super) fn value(&mut self, node: &Node, raw: &[u8], value: &[u8], padding: u8) {
        let short = self.header(node, raw);
        let value = if short { within(value, SHORT) } else { value };
        let length = value.len() + value.len() % 2;
        if short {
            let length = node.syntax.put16(u16::try_from(length).unwrap_or(u16::MAX - 1));
            self.bytes.extend_from_slice(&length);
        } else {
            let length = node.syntax.put32(u32::try_from(length).unwrap_or(u32::MAX - 1));
            self.bytes.extend_from_slice(&length);
        }
        self.bytes.extend_from_slice(value);
        if value.len() % 2 == 1 {
            self.bytes.push(padding);
        }
    }

    /// Begins a sequence or an item.
    pub(super) fn begin(&mut self, node: &Node, raw: &[u8]) -> Begun {
        self.header(node, raw);
        let at = self.bytes.len();
        let length = if node.undefined { u32::MAX } else { 0 };
        self.bytes.extend_from_slice(&node.syntax.put32(length));
        Begun {
            length: (!node.undefined).then_some(at),
            syntax: node.syntax,
            shape: node.shape,
        }
    }

    /// Ends it.
    pub(super) fn end(&mut self, begun: &Begun, closing: &[u8]) {
        let Some(at) = begun.length else {
            if !closing.is_empty() {
                self.bytes.extend_from_slice(closing);
                return;
            }
            let tag = if begun.shape == Shape::Item {
                Tag::ITEM_END
            } else {
                Tag::SEQUENCE_END
            };
            self.tag(tag, begun.syntax);
            self.bytes.extend_from_slice(&[0; 4]);
            return;
        };
        let length = self.bytes.len().saturating_sub(at + 4);
        let length = begun.syntax.put32(u32::try_from(length).unwrap_or(u32::MAX - 1));
        if let Some(place) = self.bytes.get_mut(at..at + 4) {
            place.copy_from_slice(&length);
        }
    }

    fn tag(&mut self, tag: Tag, syntax: Syntax) {
        self.bytes.extend_from_slice(&syntax.put16(tag.group()));
        self.bytes.extend_from_slice(&syntax.put16(tag.element()));
    }

    /// An element that was not there before.
    pub(super) fn element(&mut self, tag: Tag, vr: Vr, value: &[u8], syntax: Syntax) {
        let node = Node {
            tag,
            vr,
            syntax,
            shape: Shape::Value,
            header: Span::default(),
            value: Span::default(),
            closing: Span::default(),
            bare: false,
            undefined: false,
            broken: false,
            depth: 0,
            end: 0,
        };
        self.value(&node, &header(tag, vr, syntax), value, vr.padding());
    }

    /// A sequence of items of text elements that was not there before.
    pub(super) fn sequence(&mut self, tag: Tag, items: &[Vec<(Tag, Vr, &str)>], syntax: Syntax) {
        let mut content = Output::new(0);
        for item in items {
            let mut inner = Output::new(0);
            for (tag, vr, value) in item {
                inner.element(*tag, *vr, value.as_bytes(), syntax);
            }
            content.tag(Tag::ITEM, syntax);
            let length = u32::try_from(inner.bytes.len()).unwrap_or(0);
            content.bytes.extend_from_slice(&syntax.put32(length));
            content.bytes.extend_from_slice(&inner.bytes);
        }
        self.element(tag, Vr::SQ, &content.bytes, syntax);
    }

    /// The file: preamble of zeros, file meta information (PS3.10 section 7.1), data set.
    pub(super) fn file(self, meta: &Meta<'_>) -> Vec<u8> {
        let mut group = Output::new(256);
        let le = Syntax::EXPLICIT;
        group.element(Tag(0x0002_0001), Vr(*b"OB"), &[0, 1], le);
        group.element(Tag(0x0002_0002), Vr(*b"UI"), meta.class.as_bytes(), le);
        group.element(Tag(0x0002_0003), Vr(*b"UI"), meta.instance.as_bytes(), le);
        group.element(Tag(0x0002_0010), Vr(*b"UI"), meta.transfer_syntax.as_bytes(), le);
        group.element(Tag(0x0002_0012), Vr(*b"UI"), IMPLEMENTATION_UID.as_bytes(), le);
        group.element(Tag(0x0002_0013), Vr(*b"SH"), b"WARD", le);
        let mut head = Output::new(self.bytes.len() + 512);
        head.bytes.resize(128, 0);
        head.bytes.extend_from_slice(b"DICM");
        let length = u32::try_from(group.bytes.len()).unwrap_or(0);
        head.element(Tag(0x0002_0000), Vr(*b"UL"), &length.to_le_bytes(), le);
        head.bytes.extend_from_slice(&group.bytes);
        if meta.deflated {
            head.bytes.extend_from_slice(&deflate(&self.bytes));
        } else {
            head.bytes.extend_from_slice(&self.bytes);
        }
        head.bytes
    }
}

/// What the file meta information says.
pub(super) struct Meta<'a> {
    pub(super) class: &'a str,
    pub(super) instance: &'a str,
    pub(super) transfer_syntax: &'a str,
    pub(super) deflated: bool,
}

/// The header of an element, with a length of zero.
pub(super) fn header(tag: Tag, vr: Vr, syntax: Syntax) -> Vec<u8> {
    let mut raw = Vec::with_capacity(12);
    raw.extend_from_slice(&syntax.put16(tag.group()));
    raw.extend_from_slice(&syntax.put16(tag.element()));
    if syntax.explicit {
        raw.extend_from_slice(&vr.0);
    }
    let zeros = match (syntax.explicit, vr.is_long()) {
        (true, true) => 6,
        (true, false) => 2,
        (false, _) => 4,
    };
    raw.resize(raw.len() + zeros, 0);
    raw
}

/// At most `limit` bytes, without cutting a character of UTF-8.
fn within(value: &[u8], limit: usize) -> &[u8] {
    let mut end = value.len().min(limit);
    while end > 0 && end < value.len() && value.get(end).is_some_and(|b| b & 0xc0 == 0x80) {
        end -= 1;
    }
    value.get(..end).unwrap_or_default()
}
