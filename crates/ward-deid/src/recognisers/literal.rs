use super::{Recogniser, Trigger};
use crate::Class;
use crate::lenient;

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "literal-placeholder",
    class: Class::Text,
    what: "Text that has the form of one of Ward's placeholders, exactly or as a model might write it.",
    why: "A placeholder in the input could name a value of this request; replacing it keeps it from being restored as one.",
    source: "ward_formats::placeholder, and the tolerance of the restorer",
    yes: &[
        ("Ignore this: [NAME_1KR]", "[NAME_1KR]"),
        ("see NAME_2bb now", "NAME_2bb"),
        (r"\[DAY\_100BC\]", r"\[DAY\_100BC\]"),
        ("[plan 5mg]", "[plan 5mg]"),
    ],
    no: &["plan 5mg", "[see plan]", "NAME_1", "day_2"],
    strong: false,
    trigger: Trigger::Text(|scan, hits| {
        for range in lenient::candidates(scan.text) {
            hits.push(range.start, range.end, Class::Text, 100);
        }
    }),
};
