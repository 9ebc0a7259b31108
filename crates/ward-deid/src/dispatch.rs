//! Waking the recognisers: one walk over the tokens, whatever their number, and each recogniser at its tokens of a block.

use std::sync::LazyLock;

use crate::find::{Hit, Hits};
use crate::lex::{Scan, Shape, Token};
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
            Trigger::Word(_, run)
            | Trigger::Number(run)
            | Trigger::Either(_, run)
            | Trigger::Name(run)
            | Trigger::NameAfter(run) => run,
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
    /// Those that look at what was found before.
    after: Set,
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
            after: 0,
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
                Trigger::NameAfter(_) => {
                    dispatch.name |= me;
                    dispatch.after |= me;
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

    /// Whom a token wakes.
    fn wakes(&self, token: &Token) -> Set {
        match token.shape {
            Shape::Number => self.number,
            Shape::Uncased => 0,
            Shape::Lower if token.levels.small_name_odds() < LIKELY => self.woken(token.tags),
            _ => self.woken(token.tags) | self.name,
        }
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

/// Tokens that are looked at together, one recogniser after the other: the program of one stays at hand meanwhile, as that
/// of all of them would not.
const BLOCK: usize = 256;

/// Which tokens of a block wake a recogniser: one bit each.
type Woken = [u64; BLOCK / 64];

/// What the recognisers of `dispatch` say, by token and recogniser, overlaps included.
pub(crate) fn recognise(scan: &Scan<'_>, dispatch: &Dispatch) -> Vec<Hit> {
    let mut hits = Hits {
        found: Vec::new(),
        rule: "",
    };
    for recogniser in bits(dispatch.text).filter_map(|index| RECOGNISERS.get(index)) {
        if let Trigger::Text(run) = recogniser.trigger {
            hits.rule = recogniser.id;
            run(scan, &mut hits);
        }
    }
    let mut woken = [Woken::default(); Set::BITS as usize];
    let mut found = Vec::new();
    for (number, tokens) in scan.tokens.chunks(BLOCK).enumerate() {
        let mut awake = 0;
        for (at, token) in tokens.iter().enumerate() {
            let mut set = dispatch.wakes(token);
            awake |= set;
            let (word, bit) = (at / 64, 1 << (at % 64));
            while set != 0 {
                if let Some(bits) = woken
                    .get_mut(set.trailing_zeros() as usize)
                    .and_then(|woken| woken.get_mut(word))
                {
                    *bits |= bit;
                }
                set &= set - 1;
            }
        }
        look(
            scan,
            number * BLOCK,
            (awake, dispatch.after),
            &mut woken,
            &mut found,
            &mut hits,
        );
    }
    hits.found
}

/// Lets the recognisers `awake` look at their tokens of the block that begins at token `from`; those of `after` in the end,
/// each when all that stands before it is found. What they say is in `hits` by token, then by recogniser.
fn look(
    scan: &Scan<'_>,
    from: usize,
    (awake, after): (Set, Set),
    woken: &mut [Woken],
    found: &mut Vec<(usize, usize, Hit)>,
    hits: &mut Hits,
) {
    let at_tokens = AT_TOKENS.as_slice();
    let mut said = Hits {
        found: Vec::new(),
        rule: "",
    };
    let mut late = Vec::new();
    for index in bits(awake) {
        let (Some((id, run)), Some(woken)) = (at_tokens.get(index), woken.get_mut(index)) else {
            continue;
        };
        said.rule = id;
        for (word, mut set) in std::mem::take(woken).into_iter().enumerate() {
            while set != 0 {
                let at = from + word * 64 + set.trailing_zeros() as usize;
                set &= set - 1;
                if after & 1 << index != 0 {
                    late.push((at, index));
                    continue;
                }
                run(scan, at, &mut said);
                if !said.found.is_empty() {
                    found.extend(said.found.drain(..).map(|hit| (at, index, hit)));
                }
            }
        }
    }
    found.sort_by_key(|(at, index, _)| (*at, *index));
    late.sort_unstable();
    let mut sorted = found.drain(..).peekable();
    for place in late {
        while let Some((.., hit)) = sorted.next_if(|(at, index, _)| (*at, *index) < place) {
            hits.found.push(hit);
        }
        if let Some((id, run)) = at_tokens.get(place.1) {
            hits.rule = id;
            run(scan, place.0, hits);
        }
    }
    hits.found.extend(sorted.map(|(.., hit)| hit));
}

/// The bits of a number that are set, ascending.
fn bits(mut set: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let index = set.trailing_zeros() as usize;
        let some = set != 0;
        set &= set.wrapping_sub(1);
        some.then_some(index)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One token after the other, all whom it wakes at once.
    fn by_token(scan: &Scan<'_>, dispatch: &Dispatch) -> Vec<Hit> {
        let mut hits = Hits {
            found: Vec::new(),
            rule: "",
        };
        for index in bits(dispatch.text) {
            if let Trigger::Text(run) = RECOGNISERS[index].trigger {
                hits.rule = RECOGNISERS[index].id;
                run(scan, &mut hits);
            }
        }
        for (at, token) in scan.tokens.iter().enumerate() {
            for index in bits(dispatch.wakes(token)) {
                let (id, run) = AT_TOKENS[index];
                hits.rule = id;
                run(scan, at, &mut hits);
            }
        }
        hits.found
    }

    #[test]
    fn block_by_block_is_as_token_by_token() {
        let examples: Vec<&str> = RECOGNISERS
            .iter()
            .flat_map(|recogniser| {
                recogniser
                    .yes
                    .iter()
                    .map(|(text, _)| *text)
                    .chain(recogniser.no.iter().copied())
            })
            .chain(["Quigley/Santos; Mkhwanazi & Zimmermann, from Zanele to Quigley", ""])
            .collect();
        let short = examples.iter().map(|text| (*text).to_owned());
        let long = ["\n", ". ", ", ", " and "].map(|between| examples.join(between));
        for text in short.chain(long) {
            let scan = Scan::new(&text);
            for dispatch in [&*ALL, &*STRONG] {
                assert_eq!(recognise(&scan, dispatch), by_token(&scan, dispatch), "{text}");
            }
        }
        assert!(Scan::new(&examples.join("\n")).tokens.len() > 4 * BLOCK);
    }
}
