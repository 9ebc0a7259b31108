//! Waking the recognisers: one walk over the tokens, whatever their number.

use std::sync::LazyLock;

use crate::find::{Hit, Hits};
use crate::lex::{Scan, Shape};
use crate::recognisers::{RECOGNISERS, Trigger};

/// A set of recognisers, by index: one bit each.
type Set = u64;

const _: () = assert!(RECOGNISERS.len() <= Set::BITS as usize);

/// What a recogniser does at a token.
type AtToken = fn(&Scan<'_>, usize, &mut Hits);

/// Of each recogniser its id and what it does at a token, close together: they are looked at for every word.
static AT_TOKENS: LazyLock<Vec<(&'static str, AtToken)>> = LazyLock::new(|| {
    let one = |recogniser: &crate::Recogniser| {
        let run: AtToken = match recogniser.trigger {
            Trigger::Word(_, run) | Trigger::Number(run) | Trigger::Either(_, run) | Trigger::Name(run) => run,
            Trigger::Text(_) => |_, _, _| {},
        };
        (recogniser.id, run)
    };
    RECOGNISERS.iter().map(one).collect()
});

/// Which recognisers to wake for what.
pub(crate) struct Dispatch {
    text: Set,
    number: Set,
    name: Set,
    /// For each bit of the tags.
    tag: [Set; 64],
    /// Tags that wake anybody.
    tags: u64,
}

/// All recognisers.
pub(crate) static ALL: LazyLock<Dispatch> = LazyLock::new(|| Dispatch::of(|_| true));

/// Those that need no record to be believed.
pub(crate) static STRONG: LazyLock<Dispatch> =
    LazyLock::new(|| Dispatch::of(|i| RECOGNISERS.get(i).is_some_and(|recogniser| recogniser.strong)));

impl Dispatch {
    /// The recognisers chosen by `wanted`.
    pub(crate) fn of(wanted: impl Fn(usize) -> bool) -> Self {
        let mut dispatch = Self {
            text: 0,
            number: 0,
            name: 0,
            tag: [0; 64],
            tags: 0,
        };
        for (index, recogniser) in RECOGNISERS.iter().enumerate().filter(|(index, _)| wanted(*index)) {
            let me = 1 << index;
            let tags = match recogniser.trigger {
                Trigger::Text(_) => {
                    dispatch.text |= me;
                    0
                }
                Trigger::Number(_) => {
                    dispatch.number |= me;
                    0
                }
                Trigger::Name(_) => {
                    dispatch.name |= me;
                    0
                }
                Trigger::Either(tags, _) => {
                    dispatch.number |= me;
                    tags
                }
                Trigger::Word(tags, _) => tags,
            };
            dispatch.tags |= tags;
            for (bit, set) in dispatch.tag.iter_mut().enumerate() {
                if tags & (1 << bit) != 0 {
                    *set |= me;
                }
            }
        }
        dispatch
    }

    /// Whom a word with `tags` wakes.
    fn woken(&self, tags: u64) -> Set {
        let mut tags = tags & self.tags;
        let mut set = 0;
        while tags != 0 {
            set |= self.tag.get(tags.trailing_zeros() as usize).copied().unwrap_or(0);
            tags &= tags - 1;
        }
        set
    }
}

/// Odds from which on a word in small letters wakes the recognisers of names.
const LIKELY: i32 = 5;

/// What the recognisers of `dispatch` say, in no order, overlaps included.
pub(crate) fn recognise(scan: &Scan<'_>, dispatch: &Dispatch) -> Vec<Hit> {
    let mut hits = Hits {
        found: Vec::new(),
        rule: "",
    };
    for recogniser in chosen(dispatch.text).filter_map(|index| RECOGNISERS.get(index)) {
        if let Trigger::Text(run) = recogniser.trigger {
            hits.rule = recogniser.id;
            run(scan, &mut hits);
        }
    }
    let at_tokens = AT_TOKENS.as_slice();
    for (i, token) in scan.tokens.iter().enumerate() {
        let set = match token.shape {
            Shape::Number => dispatch.number,
            Shape::Uncased => continue,
            Shape::Lower if token.levels.small_name_odds() < LIKELY => dispatch.woken(token.tags),
            _ => dispatch.woken(token.tags) | dispatch.name,
        };
        for (id, run) in chosen(set).filter_map(|index| at_tokens.get(index)) {
            hits.rule = id;
            run(scan, i, &mut hits);
        }
    }
    hits.found
}

/// The places of the recognisers of a set.
fn chosen(mut set: Set) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let index = set.trailing_zeros() as usize;
        let some = set != 0;
        set &= set.wrapping_sub(1);
        some.then_some(index)
    })
}
