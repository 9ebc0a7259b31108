//! Bytes that may be too many to hold: read where they are needed, never past their end.

use std::borrow::Cow;
use std::io;

/// Bytes in memory, or somewhere that can be read at any offset. This crate does no IO: whoever opened the file passes a
/// function that reads it.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    start: u64,
    len: u64,
    from: From<'a>,
}

/// Reads exactly the buffer's length at an offset.
pub type ReadAt<'a> = &'a (dyn Fn(u64, &mut [u8]) -> io::Result<()> + Sync);

#[derive(Clone, Copy)]
enum From<'a> {
    Bytes(&'a [u8]),
    Reader(ReadAt<'a>),
}

impl<'a> Input<'a> {
    /// Bytes in memory.
    #[must_use]
    pub fn of_bytes(bytes: &'a [u8]) -> Self {
        Self {
            start: 0,
            len: bytes.len() as u64,
            from: From::Bytes(bytes),
        }
    }

    /// `len` bytes that `read` fetches.
    #[must_use]
    pub fn of_reader(len: u64, read: ReadAt<'a>) -> Self {
        Self {
            start: 0,
            len,
            from: From::Reader(read),
        }
    }

    /// The bytes `start..start + len` as an input of their own, cut where this one ends.
    #[must_use]
    pub fn part(&self, start: u64, len: u64) -> Input<'a> {
        let start = start.min(self.len);
        Self {
            start: self.start + start,
            len: len.min(self.len - start),
            from: self.from,
        }
    }

    /// How many bytes there are.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.len
    }

    /// True when there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The bytes `start..start + len`, cut where the input ends.
    ///
    /// # Errors
    /// What the reader says: a file that was cut or cannot be read.
    pub fn at(&self, start: u64, len: usize) -> io::Result<Cow<'a, [u8]>> {
        let rest = self.len.saturating_sub(start);
        let len = usize::try_from(rest).unwrap_or(usize::MAX).min(len);
        // Past the end `len` is 0, and nothing is read.
        let start = self.start.saturating_add(start);
        match self.from {
            From::Bytes(bytes) => {
                let start = usize::try_from(start).unwrap_or(usize::MAX).min(bytes.len());
                Ok(Cow::Borrowed(bytes.get(start..start + len).unwrap_or_default()))
            }
            From::Reader(read) => {
                let mut buffer = vec![0; len];
                if len > 0 {
                    read(start, &mut buffer)?;
                }
                Ok(Cow::Owned(buffer))
            }
        }
    }

    /// All bytes, or `None` when there are more than `limit`.
    ///
    /// # Errors
    /// What the reader says.
    pub fn whole(&self, limit: usize) -> io::Result<Option<Cow<'a, [u8]>>> {
        match usize::try_from(self.len) {
            Ok(len) if len <= limit => self.at(0, len).map(Some),
            _ => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_past_the_end() {
        let bytes = b"0123456789";
        let read = |at: u64, buffer: &mut [u8]| {
            let at = usize::try_from(at).unwrap();
            buffer.copy_from_slice(&bytes[at..at + buffer.len()]);
            Ok(())
        };
        for input in [Input::of_bytes(bytes), Input::of_reader(10, &read)] {
            assert_eq!(&*input.at(2, 3).unwrap(), b"234");
            assert_eq!(&*input.at(8, 30).unwrap(), b"89");
            assert_eq!(&*input.at(u64::MAX, usize::MAX).unwrap(), b"");
            assert_eq!(input.whole(9).unwrap(), None);
            assert_eq!(input.whole(10).unwrap().as_deref(), Some(&bytes[..]));
            assert!(!input.is_empty());
            let part = input.part(2, 5);
            assert_eq!(part.len(), 5);
            assert_eq!(&*part.at(1, 30).unwrap(), b"3456");
            assert_eq!(&*part.part(3, u64::MAX).at(0, 9).unwrap(), b"56");
            assert_eq!(&*part.at(5, 1).unwrap(), b"");
            assert!(input.part(u64::MAX, u64::MAX).is_empty());
        }
    }
}
