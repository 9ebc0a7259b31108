//! What the keys of JSON, XML, YAML and tables say of their values.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::Class;
use crate::lex::Scan;
use crate::lexicon::{self, STOP};
use crate::names::{self, Sign};

/// Longest key read, in bytes.
pub(crate) const LONGEST_KEY: usize = 40;

/// What a key promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Key {
    /// The class of the value.
    pub(crate) class: Class,
    /// True when the key stands for other things as well, so that the value or the keys around it
    /// must speak for it too.
    pub(crate) vague: bool,
}

/// Class, vague or not, keys: small letters and digits only.
const KEYS: &[(Class, bool, &str)] = &[
    (
        Class::Name,
        false,
        "family familyname lastname lname surname given givenname givennames firstname fname forename middlename
         maidenname mothersmaidenname fullname patientname ptname membername subscribername guarantorname nameofpatient
         contactname nextofkin emergencycontact providername physicianname doctorname attendingphysician
         referringphysician primarycarephysician nachname vorname familienname prenom nomdefamille apellido apellidos",
    ),
    (
        Class::Name,
        true,
        "name patient names member client physician doctor provider attending nurse author nom nombre",
    ),
    (
        Class::Place,
        false,
        "city town village street streetaddress streetname addressline addressline1 addressline2 address1 address2
         homeaddress postaladdress mailingaddress patientaddress postalcode zip zipcode postcode birthplace
         placeofbirth ort wohnort strasse plz ville codepostal ciudad calle",
    ),
    (Class::Place, true, "address addr line county district adresse"),
    (
        Class::Phone,
        false,
        "phone phonenumber phoneno telephone mobile mobilephone cellphone homephone workphone telecom fax faxnumber
         telefon telefono",
    ),
    (Class::Phone, true, "tel cell home work"),
    (
        Class::Mrn,
        false,
        "mrn medicalrecordnumber medicalrecordno patientid patientnumber patientno patientidentifier chartnumber
         hospitalnumber",
    ),
    (
        Class::Birth,
        false,
        "dob dateofbirth birthdate birthtime birthday patientdob geburtsdatum datedenaissance fechadenacimiento
         deathdate dateofdeath deceaseddatetime",
    ),
    (
        Class::Ssn,
        false,
        "ssn socialsecuritynumber socialsecurity socialsecurityno nationalid nhsnumber nino",
    ),
    (
        Class::Plan,
        false,
        "memberid membernumber subscriberid policynumber insuranceid insurancenumber healthplannumber",
    ),
    (
        Class::Account,
        false,
        "accountnumber accountno acctno acctnumber visitnumber claimnumber",
    ),
    (
        Class::Licence,
        false,
        "npi dea passport passportnumber licensenumber licencenumber driverslicense",
    ),
];

static TABLE: LazyLock<HashMap<&str, Key>> = LazyLock::new(|| {
    let keys = KEYS.iter().flat_map(|(class, vague, keys)| {
        let key = Key {
            class: *class,
            vague: *vague,
        };
        keys.split_ascii_whitespace().map(move |word| (word, key))
    });
    keys.collect()
});

/// What the key `text` promises; none when it says nothing of a person.
pub(crate) fn key(text: &str) -> Option<Key> {
    if text.len() > LONGEST_KEY || text.len() < 3 {
        return None;
    }
    let last = text.rsplit([':', '.', '/']).find(|part| !part.trim().is_empty())?;
    let mut folded = [0_u8; LONGEST_KEY];
    let letters = last.bytes().filter(u8::is_ascii_alphanumeric);
    let mut len = 0;
    for (slot, b) in folded.iter_mut().zip(letters) {
        *slot = b.to_ascii_lowercase();
        len += 1;
    }
    let folded = std::str::from_utf8(folded.get(..len)?).ok()?;
    let find = |wanted: &str| TABLE.get(wanted).copied();
    find(folded).or_else(|| {
        // "patient_city", "PatientLastName"
        let rest = ["patient", "pt", "guarantor", "member", "subscriber", "contact"]
            .iter()
            .find_map(|owner| folded.strip_prefix(owner))?;
        find(rest).map(|key| Key { vague: false, ..key })
    })
}

/// True when `value` can be what the key promises.
pub(crate) fn fits(class: Class, value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let letters = value.chars().any(char::is_alphabetic);
    let nothing = ["null", "none", "unknown", "true", "false", "n/a", "na", "nan", "string"];
    if value.len() > 200 || nothing.iter().any(|word| value.eq_ignore_ascii_case(word)) {
        return false;
    }
    match class {
        Class::Name if lexicon::tags(value) & STOP != 0 && value.chars().all(char::is_lowercase) => false,
        Class::Name => {
            letters && value.split_whitespace().count() <= 6 && digits <= 3 && !value.contains(['[', '<', '{'])
        }
        Class::Place => letters || digits >= 4,
        Class::Phone => digits >= 5 || value.contains('@'),
        Class::Birth | Class::Ssn => digits >= 4,
        _ => digits >= 2,
    }
}

/// True when `value` is a name and nothing else, of `least` words or more.
pub(crate) fn is_name(value: &str, least: usize) -> bool {
    let scan = Scan::new(value);
    let Some(last) = names::forward(&scan, 0, Sign::Strong) else {
        return false;
    };
    let mut end = last;
    if matches!(scan.gap(last), ", " | ",")
        && let Some(given) = names::forward(&scan, last + 1, Sign::Strong)
    {
        end = given;
    }
    scan.tokens.len() == end + 1 && scan.tokens.len() >= least
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_keys() {
        for (text, class) in [
            ("lastName", Some(Class::Name)),
            ("last_name", Some(Class::Name)),
            ("Last Name", Some(Class::Name)),
            ("PATIENT-CITY", Some(Class::Place)),
            ("patient.name", Some(Class::Name)),
            ("hl7:family", Some(Class::Name)),
            ("DOB", Some(Class::Birth)),
            ("dose", None),
            ("status", None),
            (":", None),
        ] {
            assert_eq!(key(text).map(|key| key.class), class, "{text}");
        }
        assert!(is_name("Zelda Quillfeather", 2) && is_name("Quillfeather, Zelda", 2));
        assert!(!is_name("Zelda", 2) && !is_name("Hemoglobin A1c", 2) && !is_name("blood pressure", 2));
    }
}
