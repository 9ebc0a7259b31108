use super::{Recogniser, SAFE_HARBOR, Trigger};
use crate::Class;
use crate::find::Hits;
use crate::lex::Scan;
use crate::lexicon::HANDLE;

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "handle",
    class: Class::Id,
    what: "Names of accounts after \"username\", \"login\", \"Twitter\" and the like.",
    why: "The name of an account leads to the person's profile, and often spells the name.",
    source: SAFE_HARBOR,
    yes: &[
        ("username jdoe52 for", "jdoe52"),
        ("user name: jane_doe", "jane_doe"),
        ("login jdoe.52", "jdoe.52"),
        ("on twitter @janedoe52, says", "@janedoe52"),
        ("his Instagram is tom_q", "tom_q"),
        ("posts as @jane.makes.pots on Instagram", "@jane.makes.pots"),
        ("Venmo @jane-doe for", "@jane-doe"),
        ("IG @jane_doe_pdx.", "@jane_doe_pdx"),
        ("ig: @janedoe", "@janedoe"),
    ],
    no: &[
        "login failed twice",
        "user of tobacco",
        "twitter use",
        "IG: lambda_2",
        "Total IG 900",
        "ig gene v1.2",
        "10 mg @bedtime",
        "posts on Instagram",
        "a photo @ work on Instagram",
        "on facebook 3 hours",
        "username and password",
    ],
    strong: false,
    trigger: Trigger::Word(HANDLE, handle),
};

/// Longest name of an account.
const LONGEST: usize = 40;

/// "@jane.doe on Instagram"
fn named_before(scan: &Scan<'_>, i: usize) -> Option<(usize, usize)> {
    let on = i
        .checked_sub(1)
        .filter(|on| scan.is(*on, "on") && scan.gap(*on) == " ")?;
    let before = scan.text.get(..scan.start(on))?.strip_suffix(' ')?;
    let start = before.rfind(|c: char| !is_written(c))?;
    let name = before.get(start + 1..)?;
    let at = before.get(start..)?.starts_with('@') && name.len() >= 3 && name.chars().any(char::is_alphabetic);
    at.then_some((start, before.len()))
}

/// What names of accounts are written with.
fn is_written(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '_' | '-')
}

fn handle(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    if let Some((start, end)) = named_before(scan, i) {
        hits.push(start, end, Class::Id, 82);
    }
    let mut last = i;
    let mut labelled = false;
    for _ in 0..3 {
        labelled |= scan.gap(last).contains([':', '=', '@']);
        let filler = ["name", "id", "is", "handle", "account"]
            .iter()
            .any(|word| scan.is(last + 1, word));
        if !filler || !matches!(scan.gap(last), " " | ": " | "-") {
            break;
        }
        labelled |= scan.is(last + 1, "is") || scan.is(last + 1, "handle");
        last += 1;
    }
    let gap = scan.gap(last);
    // "IG @jane_doe", but not "Ig: 900"
    if scan.is(i, "ig") && !gap.ends_with('@') {
        return;
    }
    if gap.len() > 4 || !gap.bytes().all(|b| b" :=@\"'(".contains(&b)) || last + 1 >= scan.tokens.len() {
        return;
    }
    let start = scan.start(last + 1);
    let rest = scan.text.get(start..).unwrap_or_default();
    let len: usize = rest
        .chars()
        .take(LONGEST)
        .take_while(|c| is_written(*c))
        .map(char::len_utf8)
        .sum();
    let value = rest.get(..len).unwrap_or_default().trim_end_matches(['.', '-']);
    let letters = value.chars().any(char::is_alphabetic);
    let odd = value.contains('_') || value.bytes().any(|b| b.is_ascii_digit()) || value.trim_matches('.').contains('.');
    let believed = letters && value.len() >= 3 && (odd || gap.contains('@') || labelled && scan.tags(last + 1) == 0);
    if believed {
        let at = usize::from(gap.ends_with('@'));
        hits.push(start - at, start + value.len(), Class::Id, 82);
    }
}
