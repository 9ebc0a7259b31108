//! Reading: the outline of a file (PS3.10 section 7) and the elements of a data set (PS3.5 section 7).

use super::{DicomFile, Node, Shape, Syntax, Tag, Vr, ascii, dictionary, inflate};
use crate::{Budget, Error, ErrorKind, Problem, Span};

/// Implicit VR Little Endian.
pub(super) const IMPLICIT_LITTLE: &str = "1.2.840.10008.1.2";
/// Explicit VR Little Endian.
pub(super) const EXPLICIT_LITTLE: &str = "1.2.840.10008.1.2.1";
/// Explicit VR Big Endian.
pub(super) const BIG_ENDIAN: &str = "1.2.840.10008.1.2.2";

/// Deflated data sets: Deflated Explicit VR Little Endian, JPIP Referenced Deflate, JPIP HTJ2K Referenced Deflate.
const DEFLATED: &[&str] = &[
    "1.2.840.10008.1.2.1.99",
    "1.2.840.10008.1.2.4.95",
    "1.2.840.10008.1.2.4.205",
];

/// A private syntax of one vendor that is implicit with pixel data of the other byte order.
const IMPLICIT_PRIVATE: &str = "1.2.840.113619.5.2";

/// An undefined length.
const UNDEFINED: u32 = u32::MAX;

/// A deflated data set may grow to this many times its size (and 1 MiB for small ones). RFC 1951 can do 1,032; images and
/// their attributes do not come near.
const GROWTH: usize = 200;

/// True when the bytes look like DICOM: the magic word after the preamble, or two elements of the first groups in order.
#[must_use]
pub fn sniff(bytes: &[u8]) -> bool {
    if bytes.get(128..132) == Some(b"DICM") {
        return true;
    }
    let bytes = bytes.strip_prefix(b"DICM").unwrap_or(bytes);
    let Some(syntax) = guess(bytes) else {
        return false;
    };
    let Some(first) = header(bytes, 0, bytes.len(), syntax) else {
        return false;
    };
    let starts = matches!(first.tag.group(), 2 | 8) && dictionary::vr(first.tag).is_some();
    let next = first
        .length
        .try_into()
        .ok()
        .and_then(|length: usize| first.end.checked_add(length));
    let Some(next) = next.filter(|next| starts && *next <= bytes.len()) else {
        return false;
    };
    let second = header(bytes, next, bytes.len(), syntax);
    let agrees = |vr: Vr, said: Option<Vr>| said.is_none_or(|said| said == vr);
    second.is_some_and(|second| {
        let orderly = second.tag > first.tag && second.tag.group() <= 0x7fe0;
        orderly && dictionary::vr(second.tag).is_some_and(|vr| agrees(vr, second.vr))
    })
}

/// How a data set without file meta information is encoded, by its first element.
fn guess(bytes: &[u8]) -> Option<Syntax> {
    let [a, b, _, _, v, w, ..] = *bytes else {
        return None;
    };
    let (little, big) = (u16::from_le_bytes([a, b]), u16::from_be_bytes([a, b]));
    let explicit = Vr([v, w]).is_known();
    match (explicit, little <= big) {
        (true, true) => Some(Syntax::EXPLICIT),
        (true, false) => Some(Syntax::BIG),
        (false, _) => (little <= 0x7fe0).then_some(Syntax::IMPLICIT),
    }
}

/// How a data set of a transfer syntax is encoded: all that are not listed are explicit (PS3.5 Annex A). `None` when none is
/// given.
pub(super) fn declared(uid: &str) -> Option<Syntax> {
    match uid {
        "" => None,
        IMPLICIT_LITTLE | IMPLICIT_PRIVATE => Some(Syntax::IMPLICIT),
        BIG_ENDIAN => Some(Syntax::BIG),
        _ => Some(Syntax::EXPLICIT),
    }
}

/// Collects problems, one of each sort.
struct Problems(Vec<Problem>);

impl Problems {
    fn add(&mut self, what: &'static str, at: usize, broken: bool) {
        if !self.0.iter().any(|problem| problem.what == what) {
            let place = format!("byte {at}");
            self.0.push(Problem { place, what, broken });
        }
    }
}

pub(super) fn file(bytes: &[u8], budget: Budget) -> Result<DicomFile<'_>, Error> {
    if bytes.len() > budget.bytes {
        return Err(Error::new(
            ErrorKind::Budget,
            "the file is larger than the budget",
            budget.bytes,
        ));
    }
    let mut problems = Problems(Vec::new());
    let prefix = if bytes.get(128..132) == Some(b"DICM") {
        132
    } else if bytes.starts_with(b"DICM") {
        4
    } else {
        0
    };
    if prefix != 132 {
        problems.add("there is no preamble", 0, false);
    }
    let (meta, start) = meta(bytes, prefix, budget, &mut problems)?;
    let said = meta.iter().find(|node| node.tag == Tag::TRANSFER_SYNTAX);
    let said = ascii(
        said.and_then(|node| bytes.get(node.value.start..node.value.end))
            .unwrap_or_default(),
    );
    if said.is_empty() {
        problems.add(
            "the transfer syntax is not given; it was guessed from the first element",
            start,
            false,
        );
    }
    let mut inflated = None;
    if DEFLATED.contains(&said) {
        let packed = bytes.get(start..).unwrap_or_default();
        let limit = budget
            .bytes
            .min(packed.len().saturating_mul(GROWTH).saturating_add(1 << 20));
        let Some(data) = inflate(packed, limit) else {
            let what = "the deflated data set cannot be inflated within the budget";
            return Err(Error::new(ErrorKind::Malformed, what, start));
        };
        inflated = Some(data);
    }
    let data = inflated.as_deref().unwrap_or(bytes);
    let first = if inflated.is_some() { 0 } else { start };
    let content = data.get(first..).unwrap_or_default();
    let looks = guess(content);
    let syntax = declared(said).or(looks);
    let Some(mut syntax) = syntax.or(content.is_empty().then_some(Syntax::EXPLICIT)) else {
        return Err(Error::new(ErrorKind::Malformed, "this is not a DICOM file", start));
    };
    // A group whose two bytes are equal does not tell the byte order.
    let order = content.first() != content.get(1);
    let differs = |looks: &Syntax| looks.explicit != syntax.explicit || (order && looks.big != syntax.big);
    if let Some(looks) = looks.filter(differs) {
        problems.add("the data set is not encoded as the transfer syntax says", start, true);
        syntax = looks;
    }
    if prefix == 0 && meta.is_empty() && !plausible(content, syntax) {
        return Err(Error::new(ErrorKind::Malformed, "this is not a DICOM file", start));
    }
    let nodes = Reader::new(data, budget, &mut problems).data_set(first, syntax)?;
    Ok(DicomFile {
        bytes,
        prefix: Span::new(0, prefix),
        meta,
        start,
        inflated,
        nodes,
        syntax,
        problems: problems.0,
    })
}

/// Without the magic word a file must begin with an element of the standard that lies within it.
fn plausible(content: &[u8], syntax: Syntax) -> bool {
    header(content, 0, content.len(), syntax).is_some_and(|first| {
        let fits = first.length == UNDEFINED || first.end as u64 + u64::from(first.length) <= content.len() as u64;
        dictionary::vr(first.tag).is_some() && !first.tag.is_private() && fits
    })
}

/// The elements of group 0002 and where they end. Always explicit little-endian.
fn meta(bytes: &[u8], from: usize, budget: Budget, problems: &mut Problems) -> Result<(Vec<Node>, usize), Error> {
    let mut nodes: Vec<Node> = Vec::new();
    let mut at = from;
    let mut claimed = None;
    while let Some(head) = header(bytes, at, bytes.len(), Syntax::EXPLICIT).filter(|head| head.tag.group() == 2) {
        if nodes.len() >= budget.items {
            return Err(Error::new(
                ErrorKind::Budget,
                "there are more elements than the budget allows",
                at,
            ));
        }
        let end = head.end as u64 + u64::from(head.length);
        let Some(end) = usize::try_from(end).ok().filter(|end| *end <= bytes.len()) else {
            let what = "a length in the file meta information leads out of the file";
            return Err(Error::new(ErrorKind::Malformed, what, at));
        };
        let value = Span::new(head.end, end);
        if head.tag.element() == 0 {
            let bytes = bytes
                .get(head.end..head.end + 4)
                .and_then(|b| <[u8; 4]>::try_from(b).ok());
            claimed = bytes
                .filter(|_| value.len() == 4)
                .map(|b| end as u64 + u64::from(u32::from_le_bytes(b)));
        }
        let index = nodes.len() + 1;
        nodes.push(Node {
            tag: head.tag,
            vr: head.vr.or_else(|| dictionary::vr(head.tag)).unwrap_or(Vr::UN),
            syntax: if head.vr.is_some() {
                Syntax::EXPLICIT
            } else {
                Syntax::IMPLICIT
            },
            shape: Shape::Value,
            header: Span::new(at, head.end),
            value,
            closing: Span::default(),
            bare: head.vr.is_none(),
            undefined: false,
            broken: false,
            depth: 0,
            end: index,
        });
        at = end;
    }
    if claimed.is_some_and(|claimed| claimed != at as u64) {
        problems.add("the length of the file meta information is wrong", from, false);
    }
    if nodes.is_empty() {
        problems.add("there is no file meta information", from, false);
    }
    Ok((nodes, at))
}

/// The header of an element.
struct Header {
    tag: Tag,
    /// `None` when none stands there.
    vr: Option<Vr>,
    length: u32,
    /// Where the value begins.
    end: usize,
    /// What stands for the value representation is none.
    odd: bool,
}

/// The header at `at`; `None` when it does not fit before `limit`.
fn header(bytes: &[u8], at: usize, limit: usize, syntax: Syntax) -> Option<Header> {
    let head: [u8; 8] = bytes.get(at..at.checked_add(8)?.min(limit))?.try_into().ok()?;
    let [a, b, c, d, v, w, x, y] = head;
    let tag = Tag::new(syntax.u16([a, b]), syntax.u16([c, d]));
    let four = |bytes: [u8; 4]| {
        if syntax.big {
            u32::from_be_bytes(bytes)
        } else {
            u32::from_le_bytes(bytes)
        }
    };
    let plain = |odd| Header {
        tag,
        vr: None,
        length: four([v, w, x, y]),
        end: at + 8,
        odd,
    };
    // Items and delimiters never have a value representation.
    if !syntax.explicit || tag.group() == 0xfffe && matches!(tag.element(), 0xe000 | 0xe00d | 0xe0dd) {
        return Some(plain(false));
    }
    let vr = Vr([v, w]);
    if !(v.is_ascii_uppercase() && w.is_ascii_uppercase()) {
        return Some(plain(true));
    }
    if !vr.is_long() {
        return Some(Header {
            tag,
            vr: Some(vr),
            length: u32::from(syntax.u16([x, y])),
            end: at + 8,
            odd: false,
        });
    }
    let length: [u8; 4] = bytes.get(at + 8..(at + 12).min(limit))?.try_into().ok()?;
    Some(Header {
        tag,
        vr: Some(vr),
        length: four(length),
        end: at + 12,
        odd: !vr.is_known(),
    })
}

/// A sequence or an item that is being read.
struct Frame {
    node: usize,
    /// Items are expected, or elements.
    items: bool,
    /// Where it ends, if its length was given.
    end: Option<usize>,
    /// Where it must have ended.
    limit: usize,
    syntax: Syntax,
    last: Tag,
}

struct Reader<'a> {
    data: &'a [u8],
    budget: Budget,
    problems: &'a mut Problems,
    nodes: Vec<Node>,
    stack: Vec<Frame>,
    at: usize,
}

const CUT: &str = "a length leads out of what holds it: the value is cut, or the length is wrong";

impl<'a> Reader<'a> {
    fn new(data: &'a [u8], budget: Budget, problems: &'a mut Problems) -> Self {
        Self {
            data,
            budget,
            problems,
            nodes: Vec::new(),
            stack: Vec::new(),
            at: 0,
        }
    }

    fn data_set(mut self, start: usize, syntax: Syntax) -> Result<Vec<Node>, Error> {
        self.at = start;
        let mut last = Tag(0);
        loop {
            if self.close_finished() {
                continue;
            }
            let limit = self.stack.last().map_or(self.data.len(), |frame| frame.limit);
            let (items, syntax) = self
                .stack
                .last()
                .map_or((false, syntax), |frame| (frame.items, frame.syntax));
            if self.at >= limit {
                // The content of an undefined length ends with what holds it.
                let Some(frame) = self.stack.pop() else {
                    return Ok(self.nodes);
                };
                self.problems
                    .add("the end of a sequence or an item is missing", self.at, true);
                self.finish(&frame, true);
                continue;
            }
            let Some(head) = header(self.data, self.at, limit, syntax) else {
                self.problems
                    .add("bytes that are too few for an element", self.at, true);
                self.rest(limit)?;
                continue;
            };
            if head.odd {
                self.problems
                    .add("an element has no value representation of the standard", self.at, false);
            }
            if items {
                self.item(&head, limit, syntax)?;
                continue;
            }
            match head.tag {
                Tag::ITEM_END if self.closes(head.length) => self.close(head.end),
                Tag::ITEM | Tag::ITEM_END | Tag::SEQUENCE_END => self.stray(&head, limit, syntax)?,
                tag => {
                    let last = self.stack.last_mut().map_or(&mut last, |frame| &mut frame.last);
                    if tag <= *last && *last != Tag(0) {
                        let what = if tag == *last {
                            "an element stands twice"
                        } else {
                            "elements are out of order"
                        };
                        self.problems.add(what, self.at, false);
                    }
                    *last = tag;
                    self.element(&head, limit, syntax)?;
                }
            }
        }
    }

    /// Ends a sequence or an item whose given length is used up.
    fn close_finished(&mut self) -> bool {
        let Some(frame) = self.stack.pop_if(|frame| frame.end == Some(self.at)) else {
            return false;
        };
        self.finish(&frame, false);
        true
    }

    fn finish(&mut self, frame: &Frame, broken: bool) {
        let end = self.nodes.len();
        if let Some(node) = self.nodes.get_mut(frame.node) {
            node.end = end;
            node.broken |= broken;
        }
    }

    /// True when the innermost frame waits for its delimiter. A delimiter has no length.
    fn closes(&mut self, length: u32) -> bool {
        if length != 0 {
            self.problems.add("a delimiter has a length", self.at, false);
        }
        self.stack.last().is_some_and(|frame| frame.end.is_none())
    }

    fn close(&mut self, end: usize) {
        if let Some(frame) = self.stack.pop() {
            if let Some(node) = self.nodes.get_mut(frame.node) {
                node.closing = Span::new(self.at, end);
            }
            self.finish(&frame, false);
        }
        self.at = end;
    }

    fn push(&mut self, head: &Header, syntax: Syntax, vr: Vr, shape: Shape, value: Span) -> Result<usize, Error> {
        let index = self.nodes.len();
        if index >= self.budget.items {
            return Err(Error::new(
                ErrorKind::Budget,
                "there are more elements than the budget allows",
                self.at,
            ));
        }
        self.nodes.push(Node {
            tag: head.tag,
            vr,
            syntax: Syntax {
                explicit: head.vr.is_some(),
                ..syntax
            },
            shape,
            header: Span::new(self.at, head.end),
            value,
            closing: Span::default(),
            bare: head.odd && head.vr.is_none(),
            undefined: head.length == UNDEFINED,
            broken: false,
            depth: u16::try_from(self.stack.len()).unwrap_or(u16::MAX),
            end: index + 1,
        });
        Ok(index)
    }

    /// Opens a sequence or an item.
    fn open(&mut self, node: usize, items: bool, head: &Header, limit: usize, syntax: Syntax) -> Result<(), Error> {
        if self.stack.len() >= self.budget.depth {
            return Err(Error::new(
                ErrorKind::Budget,
                "sequences are nested deeper than the budget allows",
                self.at,
            ));
        }
        let mut end = None;
        if head.length != UNDEFINED {
            let wanted = head.end as u64 + u64::from(head.length);
            let fits = usize::try_from(wanted).ok().filter(|end| *end <= limit);
            if fits.is_none() {
                self.problems.add(CUT, self.at, true);
                if let Some(node) = self.nodes.get_mut(node) {
                    node.broken = true;
                }
            }
            end = Some(fits.unwrap_or(limit));
        }
        self.stack.push(Frame {
            node,
            items,
            end,
            limit: end.unwrap_or(limit),
            syntax,
            last: Tag(0),
        });
        self.at = head.end;
        Ok(())
    }

    /// What stands where an item is expected.
    fn item(&mut self, head: &Header, limit: usize, syntax: Syntax) -> Result<(), Error> {
        match head.tag {
            Tag::ITEM => {
                let empty = Span::new(head.end, head.end);
                let node = self.push(head, syntax, Vr::UN, Shape::Item, empty)?;
                self.open(node, false, head, limit, syntax)
            }
            Tag::SEQUENCE_END if self.closes(head.length) => {
                self.close(head.end);
                Ok(())
            }
            _ => {
                let frame = self.stack.last();
                if frame.is_none_or(|frame| frame.end.is_none()) {
                    let what = "something other than an item stands in a sequence";
                    return Err(Error::new(ErrorKind::Malformed, what, self.at));
                }
                self.problems
                    .add("something other than an item stands in a sequence", self.at, true);
                self.rest(limit)
            }
        }
    }

    /// Bytes up to `limit` that are no element.
    fn rest(&mut self, limit: usize) -> Result<(), Error> {
        let head = Header {
            tag: Tag(0),
            vr: None,
            length: 0,
            end: self.at,
            odd: false,
        };
        let value = Span::new(self.at, limit);
        let node = self.push(&head, Syntax::IMPLICIT, Vr::UN, Shape::Rest, value)?;
        if let Some(node) = self.nodes.get_mut(node) {
            node.broken = true;
        }
        if let Some(frame) = self.stack.last()
            && let Some(node) = self.nodes.get_mut(frame.node)
        {
            node.broken = true;
        }
        self.at = limit;
        Ok(())
    }

    /// An item or a delimiter where elements are expected.
    fn stray(&mut self, head: &Header, limit: usize, syntax: Syntax) -> Result<(), Error> {
        let undefined = self.stack.last().is_some_and(|frame| frame.end.is_none());
        let what = "an item or a delimiter stands where none belongs";
        if undefined && head.tag == Tag::SEQUENCE_END {
            // The end of the sequence without the end of its item.
            self.problems
                .add("the end of a sequence or an item is missing", self.at, true);
            if let Some(frame) = self.stack.pop() {
                self.finish(&frame, true);
            }
            return Ok(());
        }
        if head.tag == Tag::ITEM || head.length != 0 {
            if self.stack.is_empty() || undefined {
                return Err(Error::new(ErrorKind::Malformed, what, self.at));
            }
            self.problems.add(what, self.at, true);
            return self.rest(limit);
        }
        self.problems.add(what, self.at, false);
        let empty = Span::new(head.end, head.end);
        let node = self.push(head, syntax, Vr::UN, Shape::Value, empty)?;
        if let Some(node) = self.nodes.get_mut(node) {
            node.broken = true;
        }
        self.at = head.end;
        Ok(())
    }

    fn element(&mut self, head: &Header, limit: usize, syntax: Syntax) -> Result<(), Error> {
        let defined = dictionary::vr(head.tag);
        let vr = head.vr.or(defined).unwrap_or(Vr::UN);
        let empty = Span::new(head.end, head.end);
        let bulk = matches!(&vr.0, b"OB" | b"OW" | b"OD" | b"OF" | b"OL" | b"OV");
        if head.length == UNDEFINED {
            if head.tag == Tag::PIXELS || bulk {
                return self.fragments(head, vr, limit, syntax);
            }
            // Of unknown representation: implicit little-endian, whatever the set is (PS3.5 6.2.2, note).
            let inner = match (head.vr, vr) {
                (Some(Vr::UN), _) => Syntax::IMPLICIT,
                (Some(Vr::SQ), _) | (None, Vr::SQ | Vr::UN) => syntax,
                _ => {
                    let what = "an element that is no sequence has no length";
                    return Err(Error::new(ErrorKind::Malformed, what, self.at));
                }
            };
            let node = self.push(head, syntax, vr, Shape::Sequence, empty)?;
            return self.open(node, true, head, limit, inner);
        }
        let unknown = vr == Vr::UN && defined == Some(Vr::SQ);
        if vr == Vr::SQ || unknown {
            let inner = if unknown { Syntax::IMPLICIT } else { syntax };
            let first = header(self.data, head.end, limit, inner).map(|first| first.tag);
            if head.length == 0 || matches!(first, Some(Tag::ITEM | Tag::SEQUENCE_END)) {
                let node = self.push(head, syntax, vr, Shape::Sequence, empty)?;
                return self.open(node, true, head, limit, inner);
            }
            self.problems
                .add("a sequence does not begin with an item", self.at, true);
        }
        let end = head.end as u64 + u64::from(head.length);
        let fits = usize::try_from(end).ok().filter(|end| *end <= limit);
        let broken = fits.is_none() || vr == Vr::SQ || unknown;
        if fits.is_none() {
            self.problems.add(CUT, self.at, true);
        } else if head.length % 2 == 1 {
            self.problems.add("a value has an odd length", self.at, false);
        }
        let end = fits.unwrap_or(limit);
        let node = self.push(head, syntax, vr, Shape::Value, Span::new(head.end, end))?;
        if let Some(node) = self.nodes.get_mut(node) {
            node.broken = broken;
        }
        self.at = end;
        Ok(())
    }

    /// Encapsulated pixel data (PS3.5 A.4): items up to the delimiter, kept as they stand.
    fn fragments(&mut self, head: &Header, vr: Vr, limit: usize, syntax: Syntax) -> Result<(), Error> {
        let mut at = head.end;
        let mut broken = false;
        loop {
            let Some(item) = header(self.data, at, limit, syntax) else {
                self.problems.add("encapsulated pixel data does not end", self.at, true);
                (at, broken) = (limit, true);
                break;
            };
            let end = item.end as u64 + u64::from(item.length);
            match (item.tag, usize::try_from(end).ok().filter(|end| *end <= limit)) {
                (Tag::SEQUENCE_END, _) => {
                    at = item.end;
                    break;
                }
                (Tag::ITEM, Some(end)) => at = end,
                (Tag::ITEM, None) => {
                    self.problems.add(CUT, at, true);
                    (at, broken) = (limit, true);
                    break;
                }
                _ => {
                    let what = "something other than an item stands in encapsulated pixel data";
                    return Err(Error::new(ErrorKind::Malformed, what, at));
                }
            }
        }
        let node = self.push(head, syntax, vr, Shape::Fragments, Span::new(head.end, at))?;
        if let Some(node) = self.nodes.get_mut(node) {
            node.broken = broken;
        }
        self.at = at;
        Ok(())
    }
}
