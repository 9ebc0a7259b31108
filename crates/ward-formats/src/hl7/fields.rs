//! What components and fields of HL7 v2 mean, and whose they are. Read from the standard, field by field.

use crate::Whose;

/// What a leaf means before it is known whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A part of a person's name.
    Name,
    /// An organisation, a place of care, a system of one.
    Facility,
    /// A part of an address below state level.
    Address,
    /// A state or country.
    Region,
    /// A part of a telephone number, an e-mail address.
    Contact,
    /// An identifier.
    Identifier,
    /// A date of birth or death.
    Birth,
    /// Another date.
    Date,
    /// Free text.
    Text,
    /// Encoded content.
    Binary,
    /// A code, a unit, a time of day, a number of the standard.
    Code,
    /// The text that goes with a code: a code when there is one, else free text.
    Coded,
    /// The universal id of a place or a system: a code when it is an object identifier, else a name.
    Oid,
    /// A number.
    Value,
    /// Nothing this version knows.
    Unknown,
}

use Meaning::{
    Address, Binary, Birth, Code, Coded, Contact, Date, Facility, Identifier, Name, Oid, Region, Text, Value,
};

/// What a type without components means by itself.
pub(super) fn primitive(of: &str) -> Meaning {
    match of {
        "ST" | "TX" | "FT" => Text,
        "ID" | "IS" | "TM" | "SI" => Code,
        "NM" | "SNM" => Value,
        "DT" | "DTM" => Date,
        "TN" => Contact,
        _ => Meaning::Unknown,
    }
}

/// Components that mean more than their own type says.
pub(super) fn component(of: &str, component: usize) -> Option<Meaning> {
    let line = COMPONENTS
        .iter()
        .find(|(types, numbers, _)| numbers.contains(&component) && types.split(' ').any(|t| t == of));
    line.map(|(.., meaning)| *meaning)
}

/// Types, components counted from 1, meaning.
const COMPONENTS: &[(&str, &[usize], Meaning)] = &[
    // Persons.
    ("FN", &[1, 2, 3, 4, 5], Name),
    ("XPN", &[2, 3, 4, 5, 15], Name),
    ("PN", &[2, 3, 4, 5], Name),
    ("XCN CN CNN CNS CN_SIMPLE PPN", &[2, 3, 4, 5, 6], Name),
    ("XCN CN CNN CNS CN_SIMPLE PPN", &[1], Identifier),
    ("XCN CN_SIMPLE CNN CNS", &[7, 21], Code),
    ("CNN CNS", &[9], Facility),
    ("CNN CNS", &[10], Oid),
    ("XCN PPN", &[11, 24, 25], Identifier),
    ("PPN", &[22], Code),
    ("XPN", &[14], Code),
    // Places.
    ("SAD", &[1, 2, 3], Address),
    ("XAD AD", &[1, 2, 3, 5, 8], Address),
    ("XAD", &[9, 10], Address),
    ("XAD AD", &[4, 6], Region),
    ("XAD", &[19], Name),
    ("XAD", &[7, 11, 16, 17, 18], Code),
    ("LA2 CM_LA1", &[9, 10, 11, 13, 16], Address),
    ("LA2 CM_LA1", &[12, 14], Region),
    ("PL LA1 LA2 CM_LA1", &[1, 2, 3, 7, 8], Facility),
    ("PL", &[9], Facility),
    ("NDL CM_NDL", &[4, 5, 6, 10, 11], Facility),
    ("XON", &[1], Facility),
    ("XON", &[3, 4, 10], Identifier),
    ("HD", &[1], Facility),
    ("HD", &[2], Oid),
    ("XTN", &[1, 4, 5, 6, 7, 8, 9, 10, 11, 12], Contact),
    // Identifiers.
    ("CX", &[1, 2, 11], Identifier),
    ("CK", &[1, 2], Identifier),
    ("EI", &[1], Identifier),
    ("EI", &[2], Facility),
    ("EI", &[3], Oid),
    ("DLN PLN PI CM_PLN CM_PI", &[1], Identifier),
    ("DLN", &[2], Region),
    ("AUI CM_AUI", &[1], Identifier),
    ("OSD CM_OS", &[2, 4], Identifier),
    ("OSD CM_OS", &[3, 5, 8, 10], Code),
    ("RP", &[1], Identifier),
    ("ED", &[5], Binary),
    ("DR_SIMPLE", &[1, 2], Date),
    // Codes.
    ("CE CWE CNE CF", &[1, 4, 7, 8, 10, 13, 14, 15, 17, 18, 20, 21], Code),
    ("CE CWE CNE", &[2, 5, 11], Coded),
    (
        "CSU CM_CSU",
        &[2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 19, 21, 22, 23],
        Code,
    ),
    ("SN", &[1, 3], Code),
    ("CQ_SIMPLE RI", &[2], Code),
    ("TQ", &[3, 6], Code),
    ("ELD CM_ELD ERL QSC QIP RCD SRT", &[1], Code),
    ("PRL CM_PRL", &[2], Code),
    ("OG", &[1, 4], Code),
];

/// Fields that mean more than their type says.
pub(super) fn exception(segment: &str, field: usize) -> Option<Meaning> {
    let line = FIELDS
        .iter()
        .find(|(s, fields, _)| *s == segment && fields.contains(&field));
    line.map(|(.., meaning)| *meaning)
}

/// Segment, fields, meaning.
const FIELDS: &[(&str, &[usize], Meaning)] = &[
    ("MSH", &[2, 14], Code),
    ("MSH", &[8, 10], Identifier),
    ("BHS", &[2], Code),
    ("BHS", &[8, 11, 12], Identifier),
    ("FHS", &[2], Code),
    ("FHS", &[8, 9, 11, 12], Identifier),
    ("MSA", &[2], Identifier),
    ("SFT", &[2, 3, 4], Code),
    ("PID", &[7, 29], Birth),
    ("PID", &[12, 23], Address),
    ("PID", &[19], Identifier),
    ("NK1", &[16], Birth),
    ("NK1", &[37], Identifier),
    ("NK1", &[38], Address),
    ("GT1", &[8], Birth),
    ("GT1", &[12], Identifier),
    ("GT1", &[56], Address),
    ("IN1", &[8, 28, 36], Identifier),
    ("IN1", &[18], Birth),
    ("IN1", &[22, 45], Code),
    ("IN1", &[52], Address),
    ("IN2", &[2, 6, 8, 10], Identifier),
    ("IN2", &[4, 12, 13], Facility),
    ("STF", &[6], Birth),
    ("CER", &[2], Identifier),
    ("CER", &[13], Name),
    ("ACC", &[3], Address),
    ("ACC", &[9], Name),
    ("AUT", &[3], Facility),
    ("OBR", &[18, 19, 20, 21], Identifier),
    ("OBX", &[2, 4], Code),
    ("TXA", &[16], Identifier),
    ("PMT", &[1, 7, 9, 10], Identifier),
    ("FT1", &[2, 3, 42], Identifier),
    ("INV", &[16], Code),
    ("PRT", &[19], Code),
    ("QRD", &[4], Identifier),
    ("QAK", &[1], Identifier),
    ("QPD", &[2], Identifier),
    ("QID", &[1], Identifier),
    ("LOC", &[2], Facility),
    ("PRT", &[20, 21], Identifier),
    ("DON", &[26], Identifier),
    ("PCR", &[12], Identifier),
    ("SLT", &[5], Identifier),
    ("UB2", &[12], Identifier),
    ("BHS", &[9], Text),
    ("RXA", &[12, 15], Code),
    ("RXD", &[7], Identifier),
    ("RXD", &[18], Code),
    ("RXE", &[15], Identifier),
    ("RXE", &[22, 23], Code),
    ("RXG", &[14, 15, 19], Code),
    ("RXO", &[17, 21], Code),
    ("SID", &[2], Code),
    ("BPX", &[10], Code),
    ("BTX", &[7], Code),
    ("DRG", &[18, 19], Code),
    ("IPC", &[7, 9], Facility),
    ("ARQ", &[12, 14], Code),
    // Codes whose text names an organisation, or anything at all.
    ("OBX", &[15], Facility),
    ("ORC", &[17, 18], Facility),
    ("PV1", &[39], Facility),
    ("RXE", &[40], Facility),
    ("RXD", &[30], Facility),
    ("RXG", &[27], Facility),
    ("RXO", &[32], Facility),
    ("AIG", &[3], Text),
];

/// Whose a field is, where it is not its segment's or its datatype's.
pub(super) fn owner(segment: &str, field: usize) -> Option<Whose> {
    let line = OWNERS
        .iter()
        .find(|(s, fields, _)| *s == segment && fields.contains(&field));
    line.map(|(.., whose)| *whose)
}

/// Segment, fields, whose.
const OWNERS: &[(&str, &[usize], Whose)] = &[
    ("PID", &[6, 21], Whose::Relative),
    ("IN1", &[2, 8, 10, 28, 36, 49], Whose::Patient),
    ("IN1", &[3, 5, 7], Whose::Facility),
    ("IN1", &[6], Whose::Clinician),
    ("IN2", &[6, 8, 61], Whose::Patient),
    ("IN2", &[3, 4, 7, 9, 49, 52], Whose::Relative),
    ("IN2", &[25, 58], Whose::Facility),
    ("PV1", &[5, 19, 50, 54], Whose::Patient),
    ("DB1", &[3], Whose::Patient),
    ("CSR", &[4, 5], Whose::Patient),
    ("QRD", &[8], Whose::Patient),
    ("BLG", &[3], Whose::Patient),
    ("SCD", &[33], Whose::Patient),
    ("ORC", &[22, 23], Whose::Facility),
    ("ORC", &[14, 24], Whose::Clinician),
    ("OBR", &[17], Whose::Clinician),
    ("OBX", &[24], Whose::Facility),
    ("RXE", &[41, 45], Whose::Facility),
    ("RXE", &[43], Whose::Patient),
    ("RXD", &[31, 34], Whose::Facility),
    ("RXO", &[33, 36], Whose::Facility),
    ("RXO", &[35], Whose::Patient),
    ("RXG", &[28], Whose::Facility),
    ("RXG", &[30], Whose::Patient),
    ("SCH", &[12, 13, 14, 15, 16, 17, 18, 19, 20, 21], Whose::Clinician),
];

/// Whose everything in a segment is, as far as fields and datatypes do not say.
pub(super) fn segment_owner(segment: &str) -> Whose {
    match segment {
        "PID" | "PD1" | "MRG" | "CON" | "PDA" => Whose::Patient,
        "NK1" | "GT1" | "IN1" | "IN2" => Whose::Relative,
        "STF" | "PRA" | "PRD" | "CTD" | "CER" | "ROL" | "AFF" | "EDU" | "PES" => Whose::Clinician,
        "FAC" | "LOC" | "LDP" | "LCH" | "PM1" | "ORG" => Whose::Facility,
        _ => Whose::Unknown,
    }
}

/// Whose the persons and places of a datatype are wherever it is used.
pub(super) fn type_owner(of: &str) -> Option<Whose> {
    match of {
        "XCN" | "CN" | "CNN" | "CNS" | "CN_SIMPLE" | "PPN" | "NDL" | "CM_NDL" => Some(Whose::Clinician),
        "XON" | "PL" | "LA1" | "LA2" | "CM_LA1" | "HD" => Some(Whose::Facility),
        _ => None,
    }
}
