//! Unpacking zlib streams (RFC 1950) whose size is known.

use flate2::{Decompress, FlushDecompress, Status};

use super::delta::MAX_OBJECT;

/// Unpacks one stream after another without making its tables anew.
pub(super) struct Inflater {
    state: Decompress,
}

/// Deflate cannot make more of a byte (RFC 1951: 258 bytes by two bits).
const MOST_RATIO: usize = 1_032;

impl Inflater {
    pub(super) fn new() -> Self {
        Self {
            state: Decompress::new(true),
        }
    }

    /// Unpacks exactly `size` bytes into `out`. None when the stream is damaged, shorter or longer.
    pub(super) fn exact(&mut self, packed: &[u8], size: usize, out: &mut Vec<u8>) -> Option<()> {
        out.clear();
        if size > MAX_OBJECT || size > packed.len().saturating_mul(MOST_RATIO) {
            return None;
        }
        self.state.reset(true);
        // One byte more, so that a stream that is longer than announced shows.
        out.reserve(size + 1);
        loop {
            let (read, made) = (self.state.total_in(), out.len());
            let rest = packed.get(usize::try_from(read).ok()?..)?;
            let status = self.state.decompress_vec(rest, out, FlushDecompress::Finish).ok()?;
            if out.len() > size {
                return None;
            }
            match status {
                Status::StreamEnd => return (out.len() == size).then_some(()),
                _ if self.state.total_in() == read && out.len() == made => return None,
                _ => {}
            }
        }
    }

    /// Unpacks the first bytes, at most `most`, of a stream of any size.
    pub(super) fn start(&mut self, packed: &[u8], most: usize, out: &mut Vec<u8>) -> Option<()> {
        out.clear();
        out.reserve(most);
        self.state.reset(true);
        self.state.decompress_vec(packed, out, FlushDecompress::None).ok()?;
        out.truncate(most);
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    #[test]
    fn only_the_announced_size_will_do() {
        let text = b"hello hello hello hello".repeat(9);
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(&text).unwrap();
        let packed = encoder.finish().unwrap();
        let mut inflater = Inflater::new();
        let mut out = Vec::new();
        for _ in 0..2 {
            assert_eq!(inflater.exact(&packed, text.len(), &mut out), Some(()));
            assert_eq!(out, text);
            assert_eq!(inflater.exact(&packed, text.len() - 1, &mut out), None);
            assert_eq!(inflater.exact(&packed, text.len() + 1, &mut out), None);
            assert_eq!(inflater.exact(&packed, usize::MAX, &mut out), None);
            assert_eq!(inflater.exact(&packed[..9], text.len(), &mut out), None);
            assert_eq!(inflater.start(&packed, 5, &mut out), Some(()));
            assert_eq!(out, b"hello");
        }
        for at in 0..packed.len() {
            let mut bad = packed.clone();
            bad[at] ^= 0x10;
            assert_eq!(inflater.exact(&bad, text.len(), &mut out), None, "byte {at}");
        }
    }
}
