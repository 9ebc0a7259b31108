//! The wire format of Protocol Buffers, without a schema: fields one after the other, in place.
//!
//! Source: Protocol Buffers documentation, "Encoding". Groups (wire types 3 and 4) are not part of any format read here;
//! readers pass over them, as over any field that they do not know.

use std::io;

use crate::{input::Input, window::Window};

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value {
    /// A varint (wire type 0).
    Number(u64),
    /// Eight bytes (wire type 1) or four (wire type 5).
    Fixed,
    /// Bytes `start..end` of the input: a string, bytes, a message or a packed list (wire type 2).
    Bytes(Range),
    /// Fields between two marks (wire types 3 and 4).
    Group,
}

/// Bytes of the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// First byte.
    pub start: u64,
    /// One past the last byte.
    pub end: u64,
}

impl Range {
    /// Length in bytes.
    #[must_use]
    pub fn len(self) -> u64 {
        self.end.saturating_sub(self.start)
    }

    /// True when it covers nothing.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.end <= self.start
    }
}

/// A field of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Its number.
    pub number: u64,
    /// What it holds.
    pub value: Value,
    /// Where the next field begins.
    pub next: u64,
}

/// Reads the field at `at` of a message that ends at `end`. `Ok(None)`: what stands there is no field.
///
/// # Errors
/// What the reader says.
pub fn field(window: &mut Window<'_>, at: u64, end: u64) -> io::Result<Option<Field>> {
    let Some((number, kind, at)) = tag(window, at, end)? else {
        return Ok(None);
    };
    if kind == GROUP {
        let next = after_group(window, number, at, end)?;
        return Ok(next.map(|next| Field {
            number,
            value: Value::Group,
            next,
        }));
    }
    plain(window, number, kind, at, end)
}

/// True for bytes that fields may go on behind: the beginning of a longer message. Marks of groups need not fit each other.
#[must_use]
pub fn begins(head: &[u8]) -> bool {
    /// The most bytes of a number that may be cut.
    const LONGEST: u64 = 10;
    let mut window = Window::new(Input::of_bytes(head));
    let (mut at, end) = (0, head.len() as u64);
    while at < end {
        let Ok(Some((number, kind, after))) = tag(&mut window, at, u64::MAX) else {
            return end - at < LONGEST;
        };
        at = match kind {
            GROUP | END_OF_GROUP => after,
            _ => match plain(&mut window, number, kind, after, u64::MAX) {
                Ok(Some(one)) => one.next,
                _ => return end.saturating_sub(after) < LONGEST && kind < GROUP,
            },
        };
    }
    true
}

/// The wire types of a group's marks.
const GROUP: u64 = 3;
const END_OF_GROUP: u64 = 4;

/// Groups in groups that are followed: readers refuse more.
const DEEPEST: usize = 100;

/// Where the group ends whose first mark, of the field `number`, stands before `at`.
fn after_group(window: &mut Window<'_>, number: u64, mut at: u64, end: u64) -> io::Result<Option<u64>> {
    let mut open = vec![number];
    while let Some((number, kind, after)) = tag(window, at, end)? {
        at = match kind {
            GROUP if open.len() < DEEPEST => {
                open.push(number);
                after
            }
            END_OF_GROUP if open.pop() == Some(number) => {
                if open.is_empty() {
                    return Ok(Some(after));
                }
                after
            }
            _ => match plain(window, number, kind, after, end)? {
                Some(one) => one.next,
                None => return Ok(None),
            },
        };
    }
    Ok(None)
}

/// The number and the wire type of the field at `at`, and where its value begins.
fn tag(window: &mut Window<'_>, at: u64, end: u64) -> io::Result<Option<(u64, u64, u64)>> {
    let key = varint(window, at, end)?;
    Ok(key
        .map(|(key, at)| (key >> 3, key & 7, at))
        .filter(|(number, ..)| (1..1 << 29).contains(number)))
}

/// The field whose value, of any wire type but a group's, stands at `at`.
fn plain(window: &mut Window<'_>, number: u64, kind: u64, at: u64, end: u64) -> io::Result<Option<Field>> {
    let fixed = |len: u64| {
        let next = at.checked_add(len).filter(|next| *next <= end)?;
        Some(Field {
            number,
            value: Value::Fixed,
            next,
        })
    };
    Ok(match kind {
        0 => varint(window, at, end)?.map(|(value, next)| Field {
            number,
            value: Value::Number(value),
            next,
        }),
        1 => fixed(8),
        5 => fixed(4),
        2 => varint(window, at, end)?.and_then(|(len, start)| {
            let next = start.checked_add(len).filter(|next| *next <= end)?;
            Some(Field {
                number,
                value: Value::Bytes(Range { start, end: next }),
                next,
            })
        }),
        _ => None,
    })
}

fn varint(window: &mut Window<'_>, mut at: u64, end: u64) -> io::Result<Option<(u64, u64)>> {
    let mut value = 0_u64;
    for shift in (0..70).step_by(7) {
        if at >= end {
            return Ok(None);
        }
        let Some(byte) = window.u8(at)? else { return Ok(None) };
        at += 1;
        if shift < 64 {
            value |= u64::from(byte & 0x7f) << shift;
        }
        if byte & 0x80 == 0 {
            return Ok(Some((value, at)));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(bytes: &[u8]) -> Vec<Option<Field>> {
        let mut window = Window::new(Input::of_bytes(bytes));
        let end = bytes.len() as u64;
        let mut at = 0;
        let mut all = Vec::new();
        while at < end {
            let one = field(&mut window, at, end).unwrap();
            all.push(one);
            match one {
                Some(one) => at = one.next,
                None => break,
            }
        }
        all
    }

    #[test]
    fn every_wire_type() {
        let got = fields(&[
            0x08, 0x96, 0x01, 0x12, 0x02, b'h', b'i', 0x1d, 0, 0, 0, 0, 0x21, 0, 0, 0, 0, 0, 0, 0, 0,
        ]);
        let values: Vec<_> = got.iter().map(|one| one.map(|one| (one.number, one.value))).collect();
        assert_eq!(
            values,
            [
                Some((1, Value::Number(150))),
                Some((2, Value::Bytes(Range { start: 5, end: 7 }))),
                Some((3, Value::Fixed)),
                Some((4, Value::Fixed)),
            ]
        );
    }

    #[test]
    fn groups_are_passed_over() {
        for group in [&[0x0b, 0x0c][..], &[0x0b, 0x12, 1, 0x0c, 0x13, 0x14, 0x08, 1, 0x0c]] {
            let got = fields(&[group, &[0x10, 5]].concat());
            let values: Vec<_> = got.iter().map(|one| one.map(|one| (one.number, one.value))).collect();
            assert_eq!(values, [Some((1, Value::Group)), Some((2, Value::Number(5)))]);
        }
        let deep = [[0x0b_u8; 101], [0x0c; 101]].concat();
        assert_eq!(fields(&deep), [None]);
        assert_eq!(fields(&[0x0b; 3_000_000]), [None]);
    }

    #[test]
    fn a_message_that_is_cut_begins_as_one() {
        let whole = [
            &[0x08, 0x96, 0x01, 0x9b, 0x06, 0x10, 1, 0x9c, 0x06, 0x12, 0x80, 1][..],
            &[b'x'; 128],
        ]
        .concat();
        for len in 0..=whole.len() {
            assert!(begins(&whole[..len]), "{len}");
        }
        let text = "# Settings of a program, one a line.\nname = value\n".repeat(8);
        for other in [
            &[0; 40][..],
            &[0xff; 40],
            text.as_bytes(),
            b"\x80\x04\x95\x20\0\0\0\0\0\0\0}\x94\x8c\x01x\x94K\x01s.",
        ] {
            assert!(!begins(other), "{other:?}");
        }
    }

    #[test]
    fn lies_end_the_reading() {
        for bytes in [
            &[0x12, 0xff, 0xff, 0xff, 0xff, 0x0f, 1][..],
            &[0x0b],
            &[0x0b, 0x13, 0x0c, 0x14],
            &[0x0b, 0x08, 0x01],
            &[0x0c],
            &[0x00],
            &[0x80; 12],
            &[0x09, 1, 2],
            &[0x08],
        ] {
            assert_eq!(fields(bytes).last(), Some(&None), "{bytes:?}");
        }
    }
}
