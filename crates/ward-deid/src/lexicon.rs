//! Words that mean something to the recognisers, as data.
//!
//! One line per group in [`GROUPS`]: a tag and its words, in lower case. A word may have several
//! tags. Written for Ward from general knowledge of English clinical prose.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::LazyLock;

use self::groups::GROUPS;

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
}

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
    | ACCOUNT;

/// A word of up to 24 small letters, packed, so that looking it up touches no other memory.
type Packed = (u64, u64, u64);

/// Multiply and rotate: the keys of the table are fixed, nobody can choose them to collide.
#[derive(Default)]
struct Mix(u64);

impl Hasher for Mix {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }
    fn write(&mut self, bytes: &[u8]) {
        for b in bytes {
            self.write_u64(u64::from(*b));
        }
    }
    fn write_u64(&mut self, n: u64) {
        self.0 = (self.0.rotate_left(23) ^ n).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

static TABLE: LazyLock<HashMap<Packed, Tags, BuildHasherDefault<Mix>>> = LazyLock::new(|| {
    let mut table = HashMap::default();
    for (tag, words) in GROUPS {
        for word in words.split_ascii_whitespace() {
            if let Some(key) = pack(word) {
                *table.entry(key).or_insert(0) |= tag;
            }
        }
    }
    table
});

/// The longest word in the lexicon.
const LONGEST: usize = 20;

/// Packs a word of letters, in any case. Letters beyond ASCII give a key no word of the lexicon has.
fn pack(word: &str) -> Option<Packed> {
    if word.len() > LONGEST {
        return None;
    }
    let mut bytes = [0_u8; 24];
    for (to, from) in bytes.iter_mut().zip(word.bytes()) {
        *to = from | 0x20;
    }
    let part = |at: usize| -> u64 {
        let chunk = bytes.get(at..at + 8).and_then(|chunk| chunk.try_into().ok());
        u64::from_le_bytes(chunk.unwrap_or_default())
    };
    Some((part(0), part(8), part(16)))
}

/// The tags of `word`, in any case.
pub(crate) fn tags(word: &str) -> Tags {
    pack(word).and_then(|key| TABLE.get(&key)).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_can_be_found() {
        for (tag, words) in GROUPS {
            for word in words.split_ascii_whitespace() {
                assert!(word.len() <= LONGEST && word.is_ascii(), "{word}");
                assert!(tags(&word.to_ascii_uppercase()) & tag != 0, "{word}");
            }
        }
        assert_eq!(tags("Zebedee"), 0);
    }
}
