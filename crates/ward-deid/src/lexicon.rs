//! Words that mean something to the recognisers, as data.
//!
//! One line per group in [`GROUPS`]: a tag and its words, in lower case. A word may have several
//! tags. Written for Ward from general knowledge of English clinical prose.

use std::sync::LazyLock;

use self::groups::GROUPS;
use crate::gazetteer::Key;

mod groups;

/// A set of tags.
pub(crate) type Tags = u64;

macro_rules! tags {
    ($($(#[$doc:meta])* $name:ident = $bit:literal;)*) => {
        $($(#[$doc])* pub(crate) const $name: Tags = 1 << $bit;)*
    };
}

tags! {
    /// January, Jan
    MONTH = 0;
    /// Dr, Mrs
    HONORIFIC = 1;
    /// patient, nurse, surgeon: a person's part, before a name
    ROLE = 2;
    /// daughter, uncle
    KIN = 3;
    /// MD, RN: after a name
    CREDENTIAL = 4;
    /// named, called: before a name
    NAMED = 5;
    /// seen by, signed by, spoke with: the verb
    CONTACT_VERB = 6;
    /// Street, Ave
    STREET = 7;
    /// Hospital, Clinic
    FACILITY = 8;
    /// Cardiology, Outpatient: does not single out a facility
    DEPARTMENT = 9;
    /// US state in full or abbreviated
    STATE = 10;
    /// An ordinary word that is no name when capitalised
    STOP = 11;
    /// An ordinary word that is also a name or a place
    AMBIGUOUS = 12;
    /// A disease, sign or device named after somebody
    EPONYM = 13;
    /// phone, fax
    PHONE = 14;
    /// SSN, social
    SSN = 15;
    /// MRN, medical, chart
    MRN = 16;
    /// account, acct
    ACCOUNT = 17;
    /// insurance, member, policy
    PLAN = 18;
    /// license, NPI
    LICENCE = 19;
    /// VIN, plate
    VEHICLE = 20;
    /// serial, IMEI
    DEVICE = 21;
    /// ID, identifier, accession
    ID = 22;
    /// number, no, is: between a label and its value
    FILLER = 23;
    /// DOB, born
    BIRTH = 24;
    /// died, deceased
    DEATH = 25;
    /// years, yo
    YEARS = 26;
    /// mg, mmHg, tablets: after a clinical number
    UNIT = 27;
    /// de, van: inside a name
    PARTICLE = 28;
    /// seen, evaluated, admitted: before "at" and a place of care
    CARE_VERB = 29;
    /// lives, resides: before "in" and a place
    LIVE_VERB = 30;
    /// on, since, dated: before a date
    DATE_CUE = 31;
    /// ZIP, postal
    ZIP = 32;
    /// Jr, III: closes a name
    SUFFIX = 33;
    /// Name, Patient, Provider: labels of lines that hold a name
    NAME_LABEL = 34;
    /// Address, City: labels of lines that hold a place
    PLACE_LABEL = 35;
    /// Facility, Clinic, Employer: labels of lines that hold an organisation
    FACILITY_LABEL = 36;
    /// female, man: after an age, before a name
    SEX = 37;
    /// Box, Apt
    UNIT_OF_ADDRESS = 38;
    /// ending, last: before the last four digits of a number
    LAST_FOUR = 39;
    /// in, from, at: before a place
    PREPOSITION = 40;
    /// a, b, c: an initial when capital
    LETTER = 41;
    /// Canada, Mexico: kept like states
    COUNTRY = 42;
    /// Ada, Christian, Weeks: an ordinary word that is a name after a sign of a name
    WORD_NAME = 43;
    /// ninety, hundred: in an age over 89 that is written out
    NINETY = 44;
    /// syndrome, score: after the name of a discoverer or a town
    EPONYM_HEAD = 45;
    /// hepatitis, type: before a capital that is no initial
    LETTERED = 46;
    /// is, took: after the subject, a person as a rule
    DOES = 47;
    /// denies, says: after a person
    SAYS = 48;
    /// chart, labs: what a person has
    OWNED = 49;
    /// did, about: before a name in small letters
    LEAD = 50;
    /// com, org: the end of a web address
    TOP = 51;
    /// username, twitter: before the name of an account
    HANDLE = 52;
    /// jpg, pdf: the end of a file name
    FILE = 53;
    /// rue, calle: before the name of a street
    STREET_FIRST = 54;
    /// York, Dakota: the second word of a state
    STATE_END = 55;
    /// Christmas, Easter
    HOLIDAY = 56;
    /// password, pin: before a secret
    SECRET = 57;
    /// zero, nine, oh: a digit that is spoken
    DIGIT_WORD = 58;
    /// a, the, she: opens the next sentence and is nobody's name
    FUNCTION = 59;
    /// told, paged: before a person
    TAKES_PERSON = 60;
    /// underwent, vomited: after a person
    ACTS = 61;
    /// extubated, allergic: after "was" or "is" and a person
    PERSONAL = 62;
    /// Ozempic, apixaban
    DRUG = 63;
}

/// Tags that say something of the words around, not of the word: [`Scan::tags`](crate::lex::Scan::tags) leaves them out.
pub(crate) const BESIDE: Tags = EPONYM_HEAD
    | LETTERED
    | DOES
    | SAYS
    | OWNED
    | LEAD
    | TOP
    | FILE
    | STATE_END
    | HOLIDAY
    | SECRET
    | HANDLE
    | STREET_FIRST
    | DIGIT_WORD
    | FUNCTION
    | TAKES_PERSON
    | ACTS
    | PERSONAL;

/// What makes a capitalised word unfit to be part of a name.
pub(crate) const NOT_NAME: Tags = STOP
    | MONTH
    | CREDENTIAL
    | HONORIFIC
    | UNIT
    | FACILITY
    | DEPARTMENT
    | FILLER
    | NAMED
    | CONTACT_VERB
    | CARE_VERB
    | LIVE_VERB
    | BIRTH
    | DEATH
    | YEARS
    | SEX
    | ROLE
    | KIN
    | PHONE
    | SSN
    | MRN
    | PLAN
    | LICENCE
    | DEVICE
    | ID
    | DATE_CUE
    | ACCOUNT
    | DRUG;

/// The words by the hash of their key: an open-addressed table of hashes and tags, where tags of 0 mark a free slot. That
/// no two words of the lexicon share a hash is tested; what shares one with a word of the lexicon by chance is one word in
/// 10^15.
pub(crate) struct Lexicon {
    slots: Vec<(u64, Tags)>,
    /// For each slot a few bits of the hash of its word, never 0; 0 for a free one. A first look that needs little memory.
    looks: Vec<u8>,
}

/// Slots of the table, as a power of two: more than twice the words.
const SLOT_BITS: u32 = 13;

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let mut slots = vec![(0, 0); 1 << SLOT_BITS];
    for (tag, words) in GROUPS {
        for word in words.split_ascii_whitespace() {
            let Some(hash) = Key::of(word).hash() else { continue };
            let mut at = slot(hash);
            while let Some((other, tags)) = slots.get_mut(at) {
                if *tags == 0 || *other == hash {
                    (*other, *tags) = (hash, *tags | tag);
                    break;
                }
                at = (at + 1) & ((1 << SLOT_BITS) - 1);
            }
        }
    }
    let looks = slots
        .iter()
        .map(|(hash, tags)| if *tags == 0 { 0 } else { look(*hash) });
    let looks = looks.collect();
    Lexicon { slots, looks }
});

fn slot(hash: u64) -> usize {
    usize::try_from(hash >> (64 - SLOT_BITS)).unwrap_or(0)
}

/// What is kept of a hash for a first look.
fn look(hash: u64) -> u8 {
    (hash & 0xff) as u8 | 1
}

/// The lexicon, to look up many words.
pub(crate) fn lexicon() -> &'static Lexicon {
    &LEXICON
}

impl Lexicon {
    /// False when no word of the lexicon has this hash.
    pub(crate) fn may_have(&self, hash: u64) -> bool {
        let mut at = slot(hash);
        let sought = look(hash);
        loop {
            match self.looks.get(at).copied().unwrap_or(0) {
                0 => return false,
                found if found == sought => return true,
                _ => at = (at + 1) & ((1 << SLOT_BITS) - 1),
            }
        }
    }

    /// The tags of the word whose key has this hash.
    pub(crate) fn tags(&self, hash: u64) -> Tags {
        let mut at = slot(hash);
        while let Some((other, tags)) = self.slots.get(at).filter(|(_, tags)| *tags != 0) {
            if *other == hash {
                return *tags;
            }
            at = (at + 1) & ((1 << SLOT_BITS) - 1);
        }
        0
    }
}

/// The tags of `word`, in any case.
pub(crate) fn tags(word: &str) -> Tags {
    Key::of(word).hash().map_or(0, |hash| lexicon().tags(hash))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_can_be_found() {
        for (tag, words) in GROUPS {
            for word in words.split_ascii_whitespace() {
                assert!(word.is_ascii(), "{word}");
                assert!(tags(&word.to_ascii_uppercase()) & tag != 0, "{word}");
            }
        }
        assert_eq!(tags("Zebedee"), 0);
    }
}
