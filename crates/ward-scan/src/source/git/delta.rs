//! Differences between objects (gitformat-pack, "Deltified representation").

/// Largest object that is unpacked, in bytes.
pub const MAX_OBJECT: usize = 128 << 20;

/// Builds in `out` what `delta` makes of `base`. None when the delta is damaged, does not belong to the base, or makes
/// more than [`MAX_OBJECT`].
#[must_use]
pub fn apply(base: &[u8], mut delta: &[u8], out: &mut Vec<u8>) -> Option<()> {
    out.clear();
    if number(&mut delta)? != base.len() {
        return None;
    }
    let size = number(&mut delta)?;
    if size > MAX_OBJECT {
        return None;
    }
    out.reserve(size.min(base.len().saturating_add(delta.len())));
    while let Some((&command, rest)) = delta.split_first() {
        delta = rest;
        let piece = if command & 0x80 != 0 {
            let mut field = |bits: u8, shift: u32| -> Option<usize> {
                let mut value = 0;
                for bit in 0..shift {
                    if bits >> bit & 1 != 0 {
                        let (&byte, rest) = delta.split_first()?;
                        delta = rest;
                        value |= usize::from(byte) << (8 * bit);
                    }
                }
                Some(value)
            };
            let offset = field(command & 0x0f, 4)?;
            let len = match field(command >> 4 & 0x07, 3)? {
                0 => 0x1_0000,
                len => len,
            };
            base.get(offset..offset.checked_add(len)?)?
        } else {
            // A command of zero is reserved.
            let (piece, rest) = delta.split_at_checked(usize::from(command)).filter(|_| command != 0)?;
            delta = rest;
            piece
        };
        if out.len() + piece.len() > size {
            return None;
        }
        out.extend_from_slice(piece);
    }
    (out.len() == size).then_some(())
}

/// A size: seven bits a byte, the lowest first.
fn number(bytes: &mut &[u8]) -> Option<usize> {
    let mut value: usize = 0;
    for shift in (0..63).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(base: &[u8], delta: &[u8], expect: Option<&[u8]>) {
        let mut out = b"left over".to_vec();
        let made = apply(base, delta, &mut out).map(|()| out.as_slice());
        assert_eq!(made, expect, "{delta:?}");
    }

    #[test]
    fn copies_and_insertions() {
        let base = b"0123456789";
        check(base, &[10, 4, 4, b'a', b'b', b'c', b'd'], Some(b"abcd"));
        check(base, &[10, 5, 0x91, 2, 3, 2, b'x', b'y'], Some(b"234xy"));
        check(base, &[10, 3, 0x90, 3], Some(b"012"));
        check(base, &[10, 0], Some(b""));
        // Not this base; past its end; more or less than announced; cut; a reserved command.
        check(base, &[9, 0], None);
        check(base, &[10, 5, 0x91, 8, 5], None);
        check(base, &[10, 2, 0x90, 3], None);
        check(base, &[10, 4, 0x90, 3], None);
        check(base, &[10, 4, 4, b'a'], None);
        check(base, &[10, 1, 0], None);
        check(base, &[10, 1, 0x91], None);
        check(base, &[], None);
        check(base, &[0xff; 20], None);
        // A copy of length zero means 65,536.
        let big = vec![7; 65_536];
        check(&big, &[0x80, 0x80, 4, 0x80, 0x80, 4, 0x80], Some(&big));
    }
}
