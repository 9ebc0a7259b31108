//! Small reads from an [`Input`] that may be a large file: a window of bytes that moves along.

use std::borrow::Cow;
use std::io;

use crate::input::Input;

/// Bytes fetched at a time.
const WINDOW: usize = 64 << 10;

/// Reads little-endian numbers and short runs of bytes anywhere in an input. Never past its end.
pub struct Window<'a> {
    input: Input<'a>,
    start: u64,
    bytes: Cow<'a, [u8]>,
}

impl<'a> Window<'a> {
    /// Over all of `input`.
    #[must_use]
    pub fn new(input: Input<'a>) -> Self {
        Self {
            input,
            start: 0,
            bytes: Cow::Borrowed(&[]),
        }
    }

    /// The input's length in bytes.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.input.len()
    }

    /// True when there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.input.is_empty()
    }

    /// The `len` bytes at `at`, or `None` when the input ends before. `len` is for short runs: it is allocated.
    ///
    /// # Errors
    /// What the reader says.
    pub fn bytes(&mut self, at: u64, len: usize) -> io::Result<Option<&[u8]>> {
        if at.checked_add(len as u64).is_none_or(|end| end > self.input.len()) {
            return Ok(None);
        }
        let inside = |start: u64, held: usize| {
            let offset = usize::try_from(at.checked_sub(start)?).ok()?;
            (offset.checked_add(len)? <= held).then_some(offset)
        };
        let offset = match inside(self.start, self.bytes.len()) {
            Some(offset) => offset,
            None => {
                self.bytes = self.input.at(at, len.max(WINDOW))?;
                self.start = at;
                0
            }
        };
        Ok(self.bytes.get(offset..offset + len))
    }

    /// One byte.
    ///
    /// # Errors
    /// What the reader says.
    pub fn u8(&mut self, at: u64) -> io::Result<Option<u8>> {
        Ok(self.bytes(at, 1)?.and_then(|bytes| bytes.first().copied()))
    }

    /// A little-endian number of two bytes.
    ///
    /// # Errors
    /// What the reader says.
    pub fn u16(&mut self, at: u64) -> io::Result<Option<u16>> {
        Ok(self.array(at)?.map(u16::from_le_bytes))
    }

    /// A little-endian number of four bytes.
    ///
    /// # Errors
    /// What the reader says.
    pub fn u32(&mut self, at: u64) -> io::Result<Option<u32>> {
        Ok(self.array(at)?.map(u32::from_le_bytes))
    }

    /// A little-endian number of eight bytes.
    ///
    /// # Errors
    /// What the reader says.
    pub fn u64(&mut self, at: u64) -> io::Result<Option<u64>> {
        Ok(self.array(at)?.map(u64::from_le_bytes))
    }

    fn array<const N: usize>(&mut self, at: u64) -> io::Result<Option<[u8; N]>> {
        Ok(self.bytes(at, N)?.and_then(|bytes| bytes.try_into().ok()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_anywhere_and_never_past_the_end() {
        let bytes: Vec<u8> = (0..=255_u8).cycle().take(200_000).collect();
        let mut window = Window::new(Input::of_bytes(&bytes));
        for at in [0_u64, 199_992, 5, 100_000, 65_530, 65_536] {
            let start = usize::try_from(at).unwrap();
            let expect = u64::from_le_bytes(bytes[start..start + 8].try_into().unwrap());
            assert_eq!(window.u64(at).unwrap(), Some(expect));
        }
        assert_eq!(window.u64(199_993).unwrap(), None);
        assert_eq!(window.u32(u64::MAX).unwrap(), None);
        assert_eq!(window.u8(199_999).unwrap(), Some(bytes[199_999]));
    }
}
