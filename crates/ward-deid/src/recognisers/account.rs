use super::labelled::{self, Cue, cue, strict};
use super::{Recogniser, SAFE_HARBOR, Trigger};
use crate::Class;
use crate::lexicon::ACCOUNT;

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
        ("IBAN GB29NWBK60161331926819", "GB29NWBK60161331926819"),
    ],
    no: &[
        "account for 50% of cases",
        "visit 3 of 4",
        "claim denied in 2023",
        "last visit: stable",
    ],
    strong: true,
    trigger: Trigger::Word(ACCOUNT, |scan, i, hits| {
        labelled::find(scan, i, CUES, Class::Account, 4, hits)
    }),
};
