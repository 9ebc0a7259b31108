//! LightGBM's text: trees as lines of numbers, and parameters. It holds nothing that runs; what is no text in it was put
//! there by somebody else.
//!
//! Source: what LightGBM's `Booster.save_model` writes.

use crate::{
    Blob,
    models::{Walk, pickle},
};

/// The first lines of every such file.
pub(crate) fn sniff(_: &Blob<'_>, head: &[u8]) -> bool {
    head.starts_with(b"tree\nversion=") || head.starts_with(b"tree\r\nversion=")
}

/// Looks for the end of the text.
pub(crate) fn scan(blob: &Blob<'_>, walk: &mut Walk<'_>) {
    const STEP: usize = 1 << 20;
    let mut at = 0;
    loop {
        let Ok(bytes) = blob.content.at(at, STEP) else {
            return super::not_read(blob, walk.findings);
        };
        if bytes.is_empty() {
            return;
        }
        // Names of features may be in any language; no text has control characters.
        let control = bytes
            .iter()
            .position(|byte| matches!(byte, 0..=8 | 11 | 12 | 14..=31 | 0x7f));
        if let Some(found) = control {
            let line = bytes.get(..found).and_then(|before| memchr::memrchr(b'\n', before));
            let found = line.map_or(0, |line| line + 1);
            return pickle::tail(
                blob.content,
                at + found as u64,
                &blob.place,
                "the text of its trees",
                walk,
            );
        }
        at += bytes.len() as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Findings;

    #[test]
    fn what_is_no_text_is_looked_at() {
        let text = b"tree\nversion=v4\nfeature_names=a \xc3\xa4\n\nend of trees\n".to_vec();
        let harm = [&text[..], b"\x80\x04cos\nsystem\nX\x02\0\0\0id\x85R."].concat();
        for (bytes, found, left) in [(&text, 0, 0), (&harm, 1, 1)] {
            let mut findings = Findings::default();
            let blob = Blob::of_bytes("lgb.txt", bytes);
            assert!(sniff(&blob, bytes));
            scan(&blob, &mut Walk::new(&mut findings));
            assert_eq!((findings.found.len(), findings.not_examined.len()), (found, left));
        }
    }
}
