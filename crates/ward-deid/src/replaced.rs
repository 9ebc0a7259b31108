//! Text with what stands for its values, and where each stands.

use ward_formats::{OffsetMap, Span};

use crate::find::Hit;
use crate::{Class, Tally};

/// De-identified text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replaced {
    /// The text with placeholders or stand-ins.
    pub text: String,
    /// What was replaced, counted.
    pub tally: Tally,
    /// Offsets in `text` back to offsets in the original.
    pub map: OffsetMap,
    /// Every replacement, in the order of the text.
    pub applied: Vec<Applied>,
}

/// One replacement, without the value: fit for a manifest that anybody may read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// Where it is in a document: `entry[2].resource.name[0].family`, `PID-5.1`. Empty for plain text.
    pub place: String,
    /// Bytes of the original.
    pub old: Span,
    /// Bytes of the result.
    pub new: Span,
    /// What it is.
    pub class: Class,
    /// The rule that found it: a recogniser's id, `known-..` for values of the record, `field` for what the format
    /// itself says.
    pub rule: &'static str,
    /// How sure the rule is, 0 to 100.
    pub score: u8,
}

/// `text` with each of `hits` replaced by what `stand_in` says. Hits that overlap an earlier one, leave the text or
/// cut a character are trimmed to what is left of them; hits with nothing left are passed over.
pub(crate) fn apply(text: &str, hits: &[Hit], mut stand_in: impl FnMut(&Hit, &str) -> String) -> Replaced {
    let mut out = String::with_capacity(text.len());
    let mut tally = Tally::default();
    let mut map = OffsetMap::new();
    let mut applied = Vec::with_capacity(hits.len());
    let mut at = 0;
    for hit in hits {
        let start = on_character(text, hit.span.start.max(at));
        let end = on_character(text, hit.span.end);
        let Some(value) = text.get(start..end).filter(|value| !value.is_empty()) else {
            continue;
        };
        out.push_str(text.get(at..start).unwrap_or_default());
        let new_start = out.len();
        out.push_str(&stand_in(hit, value));
        let (old, new) = (Span::new(start, end), Span::new(new_start, out.len()));
        map.push(new, old);
        tally.add(hit.class);
        applied.push(Applied {
            place: String::new(),
            old,
            new,
            class: hit.class,
            rule: hit.rule,
            score: hit.score,
        });
        at = end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    Replaced {
        text: out,
        tally,
        map,
        applied,
    }
}

/// `hits` without what overlaps an earlier one, leaves the text or cuts a character, as [`apply`] sees them.
pub(crate) fn disjoint(text: &str, hits: &[Hit]) -> Vec<Hit> {
    let mut kept = Vec::with_capacity(hits.len());
    let mut at = 0;
    for hit in hits {
        let span = Span::new(
            on_character(text, hit.span.start.max(at)),
            on_character(text, hit.span.end).max(at),
        );
        if span.start < span.end {
            kept.push(Hit { span, ..*hit });
            at = span.end;
        }
    }
    kept
}

/// The first character boundary at or after `at`.
fn on_character(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_hits_of_any_quality() {
        let hit = |start, end| Hit {
            span: Span::new(start, end),
            class: Class::Name,
            rule: "r",
            score: 90,
        };
        let hits = [hit(0, 2), hit(1, 4), hit(3, 3), hit(5, 6), hit(7, 99), hit(50, 60)];
        let done = apply("abcdéfgh", &hits, |_, value| format!("<{value}>"));
        assert_eq!(done.text, "<ab><cd>éf<gh>");
        assert_eq!(done.tally.get(Class::Name), 3);
        assert_eq!(done.applied.len(), 3);
        for one in &done.applied {
            assert_eq!(done.map.to_old(one.new), one.old);
        }
    }
}
