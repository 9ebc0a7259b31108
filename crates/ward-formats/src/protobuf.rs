//! The wire format of Protocol Buffers, without a schema: fields one after the other, in place.
//!
//! Source: Protocol Buffers documentation, "Encoding". Groups (wire types 3 and 4) are not part of any format read here
//! and end the reading with an error.

use std::io;

use crate::window::Window;

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value {
    /// A varint (wire type 0).
    Number(u64),
    /// Eight bytes (wire type 1) or four (wire type 5).
    Fixed,
    /// Bytes `start..end` of the input: a string, bytes, a message or a packed list (wire type 2).
    Bytes(Range),
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
    let Some((key, at)) = varint(window, at, end)? else {
        return Ok(None);
    };
    let number = key >> 3;
    if number == 0 || number >= 1 << 29 {
        return Ok(None);
    }
    let fixed = |len: u64| {
        let next = at.checked_add(len).filter(|next| *next <= end)?;
        Some(Field {
            number,
            value: Value::Fixed,
            next,
        })
    };
    Ok(match key & 7 {
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
    use crate::input::Input;

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
    fn lies_end_the_reading() {
        for bytes in [
            &[0x12, 0xff, 0xff, 0xff, 0xff, 0x0f, 1][..],
            &[0x0b],
            &[0x00],
            &[0x80; 12],
            &[0x09, 1, 2],
            &[0x08],
        ] {
            assert_eq!(fields(bytes).last(), Some(&None), "{bytes:?}");
        }
    }
}
