//! Plain text, whole or in pieces.

use ward_deid::{Hit, find};
use ward_formats::Span;

use super::{
    context::{self, Context, utf8},
    fault::Stop,
    notes::{Done, Shown},
    pieces::Piece,
    subjects::Shared,
};

/// De-identifies a piece of text. What is found across its ends is replaced in both pieces.
pub(super) fn piece(context: &Context, file: &str, subject: &Shared, piece: &Piece) -> Result<Done, Stop> {
    let text = utf8(&piece.bytes, piece.at)?;
    let before = valid_end(&piece.before);
    let after = valid_start(&piece.after);
    let whole;
    let all = if before.is_empty() && after.is_empty() {
        text
    } else {
        whole = [before, text, after].concat();
        &whole
    };
    let known = context.known([all]);
    let mut hits: Vec<Hit> = find(all, &known)
        .into_iter()
        .filter_map(|hit| {
            let start = hit.span.start.max(before.len()) - before.len();
            let end = hit.span.end.min(before.len() + text.len()).saturating_sub(before.len());
            (start < end).then_some(Hit {
                span: Span::new(start, end),
                ..hit
            })
        })
        .collect();
    let mut done = Done::default();
    // A text that is worked on in pieces is also reviewed in pieces.
    let is_whole = piece.at <= 3 && after.is_empty();
    let place = if is_whole {
        String::new()
    } else {
        format!("from byte {}", piece.at)
    };
    if let Some(corrections) = context.corrections(file) {
        corrections.correct(&place, text, &mut hits, &mut done.notes);
    }
    let replaced = context::replace((!context.spans).then_some(subject), text, &hits);
    if context.show {
        done.notes.shown.push(Shown::of(&place, text, &replaced));
    }
    done.points = if context.spans { text.chars().count() as u64 } else { 0 };
    done.text = context.spans.then(|| text.to_owned());
    done.notes.records = 1;
    done.notes
        .apply("", replaced.applied, if context.spans { 0 } else { piece.at });
    done.bytes = replaced.text.into_bytes();
    Ok(done)
}

/// What of `bytes` is text at their end: a character may have been cut at their start.
fn valid_end(bytes: &[u8]) -> &str {
    (0..4)
        .filter_map(|skip| bytes.get(skip..))
        .find_map(|rest| std::str::from_utf8(rest).ok())
        .unwrap_or("")
}

/// What of `bytes` is text at their start.
fn valid_start(bytes: &[u8]) -> &str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => bytes
            .get(..error.valid_up_to())
            .and_then(|valid| std::str::from_utf8(valid).ok())
            .unwrap_or(""),
    }
}
