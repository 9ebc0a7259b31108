use super::labelled::{self, Cue, cue, strict};
use super::{Recogniser, SAFE_HARBOR, Trigger};
use crate::Class;
use crate::dates;
use crate::find::Hits;
use crate::lex::{Scan, Shape};
use crate::lexicon::{ACCOUNT, UNIT};

/// Least figures of a number that needs no label.
const LONG: usize = 7;

const CUES: &[Cue] = &[
    cue("account"),
    cue("accounts"),
    cue("acct"),
    cue("csn"),
    cue("hsn"),
    cue("iban"),
    cue("credit card"),
    cue("debit card"),
    cue("bank account"),
    cue("routing"),
    strict("encounter"),
    strict("visit"),
    strict("fin"),
    strict("claim"),
    strict("invoice"),
    strict("billing"),
    strict("card"),
];

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "account",
    class: Class::Account,
    what: "Account, visit, claim and bank numbers after the words for them.",
    why: "An account number names one account holder.",
    source: SAFE_HARBOR,
    yes: &[
        ("(Acct#: GRM-998877)", "GRM-998877"),
        ("with his account number BA-98765432?", "BA-98765432"),
        ("Visit ID: 0012345", "0012345"),
        ("Encounter 10023341 was", "10023341"),
        ("account ending in 9921", "9921"),
        ("IBAN GB29NWBK60161331926819", "GB29NWBK60161331926819"),
    ],
    no: &[
        "account for 50% of cases",
        "visit 3 of 4",
        "encounter 3000",
        "Encounter 20240108",
        "claim 2000000 units",
        "claim denied in 2023",
        "last visit: stable",
    ],
    strong: true,
    trigger: Trigger::Word(ACCOUNT, |scan, i, hits| {
        labelled::find(scan, i, CUES, Class::Account, 4, hits);
        // "Encounter 10023341": so many figures are no count, if they are no day.
        let long = scan.gap(i) == " " && scan.digits(i + 1) >= LONG && !scan.has(i + 2, UNIT);
        let named = ["encounter", "visit", "claim", "invoice"]
            .iter()
            .any(|word| scan.is(i, word));
        let alone = scan.gap(i + 1).is_empty() && i + 2 < scan.tokens.len();
        if long && named && !alone && dates::at(scan, i + 1).is_none() {
            hits.push(scan.start(i + 1), scan.end(i + 1), Class::Account, 86);
        }
    }),
};

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const IBAN: Recogniser = Recogniser {
    id: "iban",
    class: Class::Account,
    what: "International bank account numbers, together or in groups of four, by their check digits.",
    why: "An account number names one account holder.",
    source: "45 CFR 164.514(b)(2)(i)(J); ISO 13616 (IBAN), ISO/IEC 7064 (MOD 97-10)",
    yes: &[
        ("iban DE89 3704 0044 0532 0130 00 is", "DE89 3704 0044 0532 0130 00"),
        ("GB29NWBK60161331926819", "GB29NWBK60161331926819"),
        (
            "FR14 2004 1010 0505 0001 3M02 606.",
            "FR14 2004 1010 0505 0001 3M02 606",
        ),
    ],
    no: &[
        "DE89 3704 0044 0532 0130 01",
        "GB29 NWBK",
        "CT12 3704 0044 0532 0130 00",
        "AB 12 34",
    ],
    strong: true,
    trigger: Trigger::Number(iban),
};

fn iban(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    let Some(before) = i.checked_sub(1) else { return };
    let country =
        scan.shape(before) == Some(Shape::Upper) && scan.word(before).len() == 2 && scan.gap(before).is_empty();
    let free = before == 0 || !scan.gap_before(before).is_empty();
    if !country
        || !free
        || !(scan.digits(i) == 2 || scan.digits(i) > 10 || scan.gap(i).is_empty() && scan.digits(i) >= 2)
    {
        return;
    }
    let mut all = String::with_capacity(36);
    let mut best = None;
    for at in before..before + 24 {
        all.push_str(scan.word(at));
        if all.len() > 34 || !all.is_ascii() {
            break;
        }
        let closed = !scan.gap(at).is_empty() || at + 1 >= scan.tokens.len();
        if closed && all.len() >= 15 && checks(&all) {
            best = Some(at);
        }
        if !matches!(scan.gap(at), "" | " ") {
            break;
        }
    }
    if let Some(last) = best {
        hits.push(scan.start(before), scan.end(last), Class::Account, 88);
    }
}

/// True when the number, its first four characters moved to the end and letters read as 10 to 35, leaves 1 modulo 97.
fn checks(iban: &str) -> bool {
    let rest = iban
        .bytes()
        .skip(4)
        .chain(iban.bytes().take(4))
        .map(|b| b.to_ascii_uppercase());
    let sum = rest.fold(0_u32, |sum, b| match b {
        b'0'..=b'9' => (sum * 10 + u32::from(b - b'0')) % 97,
        b'A'..=b'Z' => (sum * 100 + u32::from(b - b'A') + 10) % 97,
        _ => 0,
    });
    sum == 1
}
