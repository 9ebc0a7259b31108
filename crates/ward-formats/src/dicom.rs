//! DICOM files (PS3.10) and data sets (PS3.5): elements, sequences at any depth, encapsulated pixel data.
//!
//! The reader keeps every byte: a [`DicomFile`] is a list of [`Node`]s that lie side by side over the input, so
//! [`DicomFile::write`] gives the input back. It reads explicit and implicit value representations, both byte orders and
//! deflated data sets, with or without preamble and file meta information. Nothing is allocated by a length that the
//! input claims, and nesting uses a stack of its own, bounded by [`Budget::depth`](crate::Budget).
//!
//! What is cut or contradicts itself is a [`Problem`] and the node says so ([`Node::broken`]); what cannot be read in any
//! way is an [`Error`]. A file of media directories (DICOMDIR) is read as any other.

mod charset;
mod dictionary;
mod parse;
mod vr;

use std::fmt;

use crate::{Budget, Error, Problem, Span};

pub use charset::Charset;
pub use dictionary::vr as dictionary_vr;
pub use parse::sniff;
pub use vr::Vr;

/// What one DICOM file may cost: 2 GiB (also after inflating), 128 levels (a nested sequence is two: the sequence and
/// its item), 4 million elements.
pub const BUDGET: Budget = Budget {
    bytes: 2 << 30,
    depth: 128,
    items: 4_000_000,
};

/// The tag of a data element: group and element number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(pub u32);

impl Tag {
    /// Item of a sequence.
    pub const ITEM: Tag = Tag(0xfffe_e000);
    /// End of an item of undefined length.
    pub const ITEM_END: Tag = Tag(0xfffe_e00d);
    /// End of a sequence of undefined length.
    pub const SEQUENCE_END: Tag = Tag(0xfffe_e0dd);
    /// Pixel Data.
    pub const PIXELS: Tag = Tag(0x7fe0_0010);
    /// Specific Character Set.
    pub const CHARSET: Tag = Tag(0x0008_0005);
    /// Transfer Syntax UID.
    pub const TRANSFER_SYNTAX: Tag = Tag(0x0002_0010);

    /// From group and element number.
    #[must_use]
    pub fn new(group: u16, element: u16) -> Self {
        Self(u32::from(group) << 16 | u32::from(element))
    }

    /// The group number.
    #[must_use]
    pub fn group(self) -> u16 {
        (self.0 >> 16) as u16
    }

    /// The element number.
    #[must_use]
    pub fn element(self) -> u16 {
        self.0 as u16
    }

    /// True for elements that some vendor defined.
    #[must_use]
    pub fn is_private(self) -> bool {
        self.group() % 2 == 1
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({:04X},{:04X})", self.group(), self.element())
    }
}

impl fmt::Debug for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// How elements are encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Syntax {
    /// Elements say their value representation.
    pub explicit: bool,
    /// Numbers are big-endian.
    pub big: bool,
}

impl Syntax {
    /// Implicit VR Little Endian.
    pub const IMPLICIT: Syntax = Syntax {
        explicit: false,
        big: false,
    };
    /// Explicit VR Little Endian.
    pub const EXPLICIT: Syntax = Syntax {
        explicit: true,
        big: false,
    };
    /// Explicit VR Big Endian.
    pub const BIG: Syntax = Syntax {
        explicit: true,
        big: true,
    };

    /// The transfer syntax of a data set that is encoded so, without compression.
    #[must_use]
    pub fn transfer_syntax(self) -> &'static str {
        match self {
            Syntax { big: true, .. } => parse::BIG_ENDIAN,
            Syntax { explicit: true, .. } => parse::EXPLICIT_LITTLE,
            _ => parse::IMPLICIT_LITTLE,
        }
    }

    /// Two bytes as a number.
    #[must_use]
    pub fn u16(self, bytes: [u8; 2]) -> u16 {
        if self.big {
            u16::from_be_bytes(bytes)
        } else {
            u16::from_le_bytes(bytes)
        }
    }

    /// A number as two bytes.
    #[must_use]
    pub fn put16(self, n: u16) -> [u8; 2] {
        if self.big { n.to_be_bytes() } else { n.to_le_bytes() }
    }

    /// A number as four bytes.
    #[must_use]
    pub fn put32(self, n: u32) -> [u8; 4] {
        if self.big { n.to_be_bytes() } else { n.to_le_bytes() }
    }
}

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shape {
    /// An element with a value.
    Value,
    /// Encapsulated pixel data: the value holds items and the delimiter, as they stand.
    Fragments,
    /// A sequence. Its items follow, up to [`Node::end`].
    Sequence,
    /// An item of a sequence. Its elements follow, up to [`Node::end`].
    Item,
    /// Bytes that are no element. No tag, no header.
    Rest,
}

/// One element, item or piece of a data set. Nodes stand in the order of the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node {
    /// The tag.
    pub tag: Tag,
    /// The value representation: as it stands, or of the dictionary where none stands; UN when neither knows.
    pub vr: Vr,
    /// How this node's header is encoded (the element's own value representation may be missing in an explicit set).
    pub syntax: Syntax,
    /// What it is.
    pub shape: Shape,
    /// Tag, value representation and length, as they stand.
    pub header: Span,
    /// The value. For sequences and items: empty, their content follows as nodes.
    pub value: Span,
    /// The delimiter that ended a sequence or an item of undefined length.
    pub closing: Span,
    /// No value representation stands where one should: the element is read as an implicit one.
    pub bare: bool,
    /// The length was given as undefined.
    pub undefined: bool,
    /// The length says more than there is, or the content is not what it must be.
    pub broken: bool,
    /// Sequences and items around it.
    pub depth: u16,
    /// Index of the first node after it and its content.
    pub end: usize,
}

/// A DICOM file that was read.
///
/// Offsets of nodes of [`meta`](DicomFile::meta) are of the file, those of [`nodes`](DicomFile::nodes) are of
/// [`data`](DicomFile::data), which is the file itself or the inflated data set. Has no `Debug` that shows values.
pub struct DicomFile<'a> {
    bytes: &'a [u8],
    prefix: Span,
    meta: Vec<Node>,
    start: usize,
    inflated: Option<Vec<u8>>,
    nodes: Vec<Node>,
    syntax: Syntax,
    problems: Vec<Problem>,
}

impl<'a> DicomFile<'a> {
    /// Reads a file.
    ///
    /// # Errors
    /// [`Malformed`](crate::ErrorKind::Malformed) when it is not DICOM or its structure makes no sense,
    /// [`Budget`](crate::ErrorKind::Budget) when it is too large, too deep, or inflates to too much.
    pub fn parse(bytes: &'a [u8], budget: Budget) -> Result<Self, Error> {
        parse::file(bytes, budget)
    }

    /// The bytes that nodes of the data set point into.
    #[must_use]
    pub fn data(&self) -> &[u8] {
        self.inflated.as_deref().unwrap_or(self.bytes)
    }

    /// The elements of the file meta information (group 0002), without those of the data set.
    #[must_use]
    pub fn meta(&self) -> &[Node] {
        &self.meta
    }

    /// The data set.
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// How the data set is encoded.
    #[must_use]
    pub fn syntax(&self) -> Syntax {
        self.syntax
    }

    /// How the data set is encoded as the transfer syntax says; `None` when none is given. Differs from
    /// [`syntax`](DicomFile::syntax) when the file lies.
    #[must_use]
    pub fn declared_syntax(&self) -> Option<Syntax> {
        parse::declared(self.meta_text(Tag::TRANSFER_SYNTAX))
    }

    /// True when the data set was deflated.
    #[must_use]
    pub fn is_deflated(&self) -> bool {
        self.inflated.is_some()
    }

    /// What is odd about the file.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The value of a node of the data set.
    #[must_use]
    pub fn value(&self, node: &Node) -> &[u8] {
        self.data().get(node.value.start..node.value.end).unwrap_or_default()
    }

    /// A value of the file meta information, without padding; empty when it is not there or no ASCII text.
    #[must_use]
    pub fn meta_text(&self, tag: Tag) -> &str {
        let found = self.meta.iter().find(|node| node.tag == tag);
        let value = found.and_then(|node| self.bytes.get(node.value.start..node.value.end));
        ascii(value.unwrap_or_default())
    }

    /// A value of the outermost data set as ASCII text without padding; empty when it is not there.
    #[must_use]
    pub fn text(&self, tag: Tag) -> &str {
        let found = self.nodes.iter().find(|node| node.depth == 0 && node.tag == tag);
        ascii(found.map(|node| self.value(node)).unwrap_or_default())
    }

    /// The transfer syntax: what the file says, else that of what was found.
    #[must_use]
    pub fn transfer_syntax(&self) -> &str {
        match self.meta_text(Tag::TRANSFER_SYNTAX) {
            "" => self.syntax.transfer_syntax(),
            said => said,
        }
    }

    /// The file, piece by piece from its nodes. The law: it is what was read.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.bytes.len());
        out.extend_from_slice(self.bytes.get(self.prefix.start..self.prefix.end).unwrap_or_default());
        put(&mut out, self.bytes, &self.meta);
        if self.inflated.is_some() {
            out.extend_from_slice(self.bytes.get(self.start..).unwrap_or_default());
        } else {
            put(&mut out, self.bytes, &self.nodes);
        }
        out
    }

    /// The data set, piece by piece from its nodes: [`data`](DicomFile::data) again, from where the data set begins.
    #[must_use]
    pub fn write_data(&self) -> Vec<u8> {
        let mut out = Vec::new();
        put(&mut out, self.data(), &self.nodes);
        out
    }
}

impl fmt::Debug for DicomFile<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DicomFile")
            .field("bytes", &self.bytes.len())
            .field("nodes", &self.nodes.len())
            .field("syntax", &self.syntax)
            .finish_non_exhaustive()
    }
}

/// Writes nodes as they stood: header, value, content, delimiter.
fn put(out: &mut Vec<u8>, bytes: &[u8], nodes: &[Node]) {
    let mut copy = |span: Span| out.extend_from_slice(bytes.get(span.start..span.end).unwrap_or_default());
    let mut open: Vec<&Node> = Vec::new();
    for (index, node) in nodes.iter().enumerate() {
        while let Some(last) = open.pop_if(|last| last.end <= index) {
            copy(last.closing);
        }
        copy(node.header);
        copy(node.value);
        open.push(node);
    }
    for node in open.iter().rev() {
        copy(node.closing);
    }
}

/// Text without the padding around it; empty when it is not ASCII.
fn ascii(bytes: &[u8]) -> &str {
    let text = std::str::from_utf8(bytes).ok().filter(|text| text.is_ascii());
    text.unwrap_or_default().trim_matches(['\0', ' '])
}

/// A data set without its transfer syntax's compression (RFC 1951). `limit` bounds the result.
pub(crate) fn inflate(bytes: &[u8], limit: usize) -> Option<Vec<u8>> {
    miniz_oxide::inflate::decompress_to_vec_with_limit(bytes, limit).ok()
}

/// A data set compressed as the deflated transfer syntax wants it (RFC 1951), padded to even length.
#[must_use]
pub fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut out = miniz_oxide::deflate::compress_to_vec(bytes, 6);
    if out.len() % 2 == 1 {
        out.push(0);
    }
    out
}
