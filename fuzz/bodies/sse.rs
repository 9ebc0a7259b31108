//! Any bytes as server-sent events: no panic, and the events do not depend on how the bytes arrive.

use ward_serve::upstream::sse::{Data, Reader, TooLarge};

/// Reads `data[1..]` whole and in pieces of `data[0]` bytes.
pub fn run(data: &[u8]) {
    let Some((size, bytes)) = data.split_first() else {
        return;
    };
    let whole = read(bytes, bytes.len().max(1));
    let pieces = read(bytes, usize::from(*size).max(1));
    assert_eq!(whole, pieces);
    if let Ok(events) = whole {
        assert!(events.iter().map(Vec::len).sum::<usize>() <= bytes.len());
    }
}

fn read(bytes: &[u8], size: usize) -> Result<Vec<Data>, TooLarge> {
    let mut reader = Reader::default();
    let mut events = Vec::new();
    for piece in bytes.chunks(size) {
        events.extend(reader.push(piece)?);
    }
    Ok(events)
}
