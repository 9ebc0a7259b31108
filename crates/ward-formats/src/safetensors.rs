//! safetensors: a JSON header of tensors, then their bytes.
//!
//! Source: the format's own description in the repository of its authors (huggingface/safetensors, "Format"): eight bytes
//! little-endian length of the header, the header as JSON beginning with `{`, names to `dtype`, `shape` and
//! `data_offsets` relative to the end of the header; no duplicate keys, no holes, no overlaps, all of the file used; the
//! header is at most 100 MB.

use std::io;

use crate::{
    Budget,
    input::Input,
    json::{JsonKind, NodeId, Tree},
    window::Window,
};

/// The longest header that loaders accept, bytes.
pub const LONGEST_HEADER: u64 = 100_000_000;

/// What is wrong with a file, if anything: why it cannot be read or must not be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Shorter than its header says, or than eight bytes.
    Cut,
    /// The header is longer than 100 MB.
    HeaderTooLong,
    /// The header is no JSON object of the described shape.
    HeaderUnreadable,
    /// A name stands twice: loaders differ in which they take.
    DuplicateName,
    /// An entry lacks its type, its shape or its place, or has others than the format knows.
    BadEntry,
    /// A tensor's bytes lie outside of the file.
    OutOfBounds,
    /// Two tensors share bytes.
    Overlap,
    /// Bytes that belong to no tensor.
    Hole,
    /// A tensor's shape and type need another number of bytes than it has.
    WrongSize,
}

impl Fault {
    /// A sentence for people.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Fault::Cut => "the file is shorter than it says",
            Fault::HeaderTooLong => "the header claims more than 100 MB, which no loader accepts",
            Fault::HeaderUnreadable => "the header is not a JSON object of tensors",
            Fault::DuplicateName => "a tensor's name stands twice, and loaders differ in which they take",
            Fault::BadEntry => "a tensor lacks its type, shape or place, or has an unknown type",
            Fault::OutOfBounds => "a tensor's bytes lie outside of the file",
            Fault::Overlap => "two tensors share bytes",
            Fault::Hole => "there are bytes that belong to no tensor",
            Fault::WrongSize => "a tensor's shape and type do not fit the number of its bytes",
        }
    }
}

/// True when the beginning of a file looks like the format: a length, then `{`.
#[must_use]
pub fn sniff(head: &[u8]) -> bool {
    let length = head
        .get(..8)
        .and_then(|bytes| bytes.try_into().ok())
        .map(u64::from_le_bytes);
    matches!(length, Some(2..=LONGEST_HEADER)) && head.get(8) == Some(&b'{')
}

/// What was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checked {
    /// Every kind of fault once.
    pub faults: Vec<Fault>,
    /// Tensors in the table.
    pub tensors: usize,
    /// The texts of `__metadata__`.
    pub metadata: Vec<String>,
}

impl From<Fault> for Checked {
    fn from(fault: Fault) -> Self {
        Self {
            faults: vec![fault],
            ..Self::default()
        }
    }
}

/// Checks everything that the format promises.
///
/// # Errors
/// What the reader says.
pub fn check(input: &Input<'_>) -> io::Result<Checked> {
    let mut window = Window::new(*input);
    let Some(length) = window.u64(0)? else {
        return Ok(Fault::Cut.into());
    };
    if length > LONGEST_HEADER {
        return Ok(Fault::HeaderTooLong.into());
    }
    let Some(data) = 8_u64.checked_add(length).filter(|data| *data <= input.len()) else {
        return Ok(Fault::Cut.into());
    };
    let header = input.at(8, usize::try_from(length).unwrap_or(usize::MAX))?;
    let budget = Budget {
        bytes: usize::try_from(LONGEST_HEADER).unwrap_or(usize::MAX),
        depth: 8,
        items: 4_000_000,
    };
    let Ok(tree) = Tree::parse(&header, budget) else {
        return Ok(Fault::HeaderUnreadable.into());
    };
    if tree.kind(tree.root()) != JsonKind::Object {
        return Ok(Fault::HeaderUnreadable.into());
    }
    let mut faults = Vec::new();
    let mut add = |fault: Fault| {
        if !faults.contains(&fault) {
            faults.push(fault);
        }
    };
    if !tree.duplicate_keys().is_empty() {
        add(Fault::DuplicateName);
    }
    let mut places = Vec::new();
    for (_, node) in tree.members(tree.root()).filter(|(name, _)| *name != "__metadata__") {
        match entry(&tree, node) {
            Some((start, end, needs)) => {
                if end > input.len() - data || start > end {
                    add(Fault::OutOfBounds);
                } else if needs != Some(end - start) {
                    add(Fault::WrongSize);
                }
                places.push((start, end));
            }
            None => add(Fault::BadEntry),
        }
    }
    let tensors = places.len();
    places.sort_unstable();
    let mut at = 0;
    for (start, end) in places {
        if start < at && end > start {
            add(Fault::Overlap);
        } else if start > at {
            add(Fault::Hole);
        }
        at = at.max(end);
    }
    if at < input.len() - data {
        add(Fault::Hole);
    }
    let metadata = tree
        .get(tree.root(), "__metadata__")
        .map(|node| {
            tree.members(node)
                .filter_map(|(_, value)| tree.str(value))
                .map(str::to_owned)
                .collect()
        })
        .unwrap_or_default();
    Ok(Checked {
        faults,
        tensors,
        metadata,
    })
}

/// Start, end, and the bytes that shape and type need; `None` for that when they are too many for any file.
fn entry(tree: &Tree, node: NodeId) -> Option<(u64, u64, Option<u64>)> {
    let number = |node: NodeId| tree.text(node)?.parse::<u64>().ok();
    let bits: u64 = match tree.str(tree.get(node, "dtype")?)? {
        "F4" => 4,
        "F6_E2M3" | "F6_E3M2" => 6,
        "BOOL" | "U8" | "I8" | "F8_E5M2" | "F8_E4M3" | "F8_E8M0" | "F8_E4M3FNUZ" | "F8_E5M2FNUZ" => 8,
        "I16" | "U16" | "F16" | "BF16" => 16,
        "I32" | "U32" | "F32" => 32,
        "I64" | "U64" | "F64" | "C64" => 64,
        _ => return None,
    };
    let mut count = Some(1_u64);
    for size in tree.items(tree.get(node, "shape")?) {
        let size = number(size)?;
        count = count.and_then(|count| count.checked_mul(size));
    }
    let offsets: Vec<u64> = tree
        .items(tree.get(node, "data_offsets")?)
        .map(number)
        .collect::<Option<_>>()?;
    let [start, end] = offsets.as_slice() else { return None };
    let needs = count
        .and_then(|count| count.checked_mul(bits))
        .map(|bits| bits.div_ceil(8));
    Some((*start, *end, needs))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn verdict(header: &str, data: usize, expect: &[Fault]) {
        let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
        bytes.extend_from_slice(header.as_bytes());
        bytes.resize(bytes.len() + data, 0);
        assert_eq!(check(&Input::of_bytes(&bytes)).unwrap().faults, expect, "{header}");
    }

    #[test]
    fn what_the_format_promises() {
        let a = r#""a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}"#;
        verdict(&format!("{{{a}}}"), 16, &[]);
        verdict(
            &format!(
                r#"{{"__metadata__":{{"format":"pt"}},{a},"b":{{"dtype":"BF16","shape":[],"data_offsets":[16,18]}}}}   "#
            ),
            18,
            &[],
        );
        verdict(&format!("{{{a}}}"), 20, &[Fault::Hole]);
        verdict(&format!("{{{a}}}"), 8, &[Fault::OutOfBounds]);
        verdict(&format!("{{{a},{a}}}"), 16, &[Fault::DuplicateName, Fault::Overlap]);
        verdict(
            &format!(r#"{{{a},"b":{{"dtype":"U8","shape":[8],"data_offsets":[8,16]}}}}"#),
            16,
            &[Fault::Overlap],
        );
        verdict(
            &format!(r#"{{{a},"b":{{"dtype":"U8","shape":[8],"data_offsets":[24,32]}}}}"#),
            32,
            &[Fault::Hole],
        );
        verdict(
            r#"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,16]}}"#,
            16,
            &[Fault::WrongSize],
        );
        verdict(
            r#"{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,16]}}"#,
            16,
            &[Fault::WrongSize],
        );
        verdict(
            r#"{"a":{"dtype":"EVIL","shape":[4],"data_offsets":[0,16]}}"#,
            16,
            &[Fault::BadEntry, Fault::Hole],
        );
        verdict(
            r#"{"a":{"dtype":"U8","shape":[-4],"data_offsets":[0,4]}}"#,
            4,
            &[Fault::BadEntry, Fault::Hole],
        );
        verdict("[]", 0, &[Fault::HeaderUnreadable]);
        verdict("{}", 0, &[]);
    }

    #[test]
    fn lengths_that_lie() {
        for (bytes, fault) in [
            (&b"abc"[..], Fault::Cut),
            (&u64::MAX.to_le_bytes()[..], Fault::HeaderTooLong),
            (&1000_u64.to_le_bytes()[..], Fault::Cut),
        ] {
            assert_eq!(check(&Input::of_bytes(bytes)).unwrap().faults, [fault]);
        }
    }
}
