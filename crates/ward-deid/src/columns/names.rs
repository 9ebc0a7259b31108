//! What the name of a column says.

use super::{Quasi, Treatment};
use crate::Class;

/// What a name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    /// What is done with the values.
    pub treatment: Treatment,
    /// Whether the column narrows down who somebody is.
    pub quasi: Option<Quasi>,
    /// Whether its values say whose record it is.
    pub subject: bool,
}

const fn said(treatment: Treatment) -> Said {
    Said {
        treatment,
        quasi: None,
        subject: false,
    }
}

const fn whole(class: Class) -> Said {
    said(Treatment::Whole(class))
}

const fn quasi(treatment: Treatment, quasi: Quasi) -> Said {
    Said {
        treatment,
        quasi: Some(quasi),
        subject: false,
    }
}

const fn subject(class: Class) -> Said {
    Said {
        treatment: Treatment::Whole(class),
        quasi: None,
        subject: true,
    }
}

const TEXT: Said = said(Treatment::Text);
const CATEGORY: Said = said(Treatment::Category);
const NUMBER: Said = said(Treatment::Number);
const DAY: Said = said(Treatment::Date(Class::Day));
const BIRTH: Said = quasi(Treatment::Date(Class::Birth), Quasi::BirthYear);
const NAME: Said = whole(Class::Name);
const ZIP: Said = quasi(Treatment::Whole(Class::Place), Quasi::Zip);
const SEX: Said = quasi(Treatment::Category, Quasi::Sex);
const GROUP: Said = quasi(Treatment::Category, Quasi::Category);

/// Names as a whole, words joined by `_`. The columns of the OMOP common data model 5.4 and other widespread names whose
/// words alone would say something else.
const WHOLE: &[(&str, Said)] = &[
    ("person_id", subject(Class::Id)),
    ("patient_id", subject(Class::Mrn)),
    ("pat_id", subject(Class::Mrn)),
    ("patient", subject(Class::Id)),
    ("patient_num", subject(Class::Mrn)),
    ("patient_number", subject(Class::Mrn)),
    ("patient_no", subject(Class::Mrn)),
    ("patientid", subject(Class::Mrn)),
    ("subject_id", subject(Class::Id)),
    ("subject", subject(Class::Id)),
    ("participant_id", subject(Class::Id)),
    ("subject_reference", subject(Class::Id)),
    ("patient_reference", subject(Class::Id)),
    ("mrn", subject(Class::Mrn)),
    ("medical_record_number", subject(Class::Mrn)),
    ("medical_record_no", subject(Class::Mrn)),
    ("record_number", subject(Class::Mrn)),
    ("person_source_value", whole(Class::Mrn)),
    ("provider_source_value", whole(Class::Id)),
    ("location_source_value", whole(Class::Place)),
    ("care_site_source_value", whole(Class::Facility)),
    ("visit_source_value", CATEGORY),
    ("gender_source_value", SEX),
    ("race_source_value", GROUP),
    ("ethnicity_source_value", GROUP),
    ("note_text", TEXT),
    ("note_title", TEXT),
    // Variables of the Study Data Tabulation Model of clinical trials (CDISC SDTM 3.4); those of times end in DTC.
    ("usubjid", subject(Class::Id)),
    ("subjid", subject(Class::Id)),
    ("invid", whole(Class::Id)),
    ("invnam", NAME),
    ("brthdtc", BIRTH),
    ("dthdtc", said(Treatment::Date(Class::Birth))),
    ("value_as_string", TEXT),
    ("value_as_number", NUMBER),
    ("sig", TEXT),
    ("stop_reason", TEXT),
    ("lot_number", whole(Class::Device)),
    ("unique_device_id", whole(Class::Device)),
    ("production_id", whole(Class::Device)),
    ("care_site_name", whole(Class::Facility)),
    ("provider_name", NAME),
    ("address", whole(Class::Place)),
    ("day_of_birth", whole(Class::Birth)),
    ("month_of_birth", whole(Class::Birth)),
    ("year_of_birth", BIRTH),
    ("dob", BIRTH),
    ("dod", said(Treatment::Date(Class::Birth))),
    ("sex", SEX),
    ("gender", SEX),
    ("race", GROUP),
    ("ethnicity", GROUP),
    ("language", GROUP),
    ("religion", GROUP),
    ("marital_status", GROUP),
    ("occupation", quasi(Treatment::Text, Quasi::Category)),
    ("state", CATEGORY),
    ("country", GROUP),
    ("loc", whole(Class::Place)),
    ("lat", whole(Class::Place)),
    ("lon", whole(Class::Place)),
    ("lng", whole(Class::Place)),
    ("fname", NAME),
    ("lname", NAME),
    ("firstname", NAME),
    ("lastname", NAME),
    ("username", whole(Class::Id)),
    ("login", whole(Class::Id)),
    ("resource_type", CATEGORY),
    ("label", CATEGORY),
    ("years_old", said(Treatment::Age)),
    ("patage", said(Treatment::Age)),
    ("ptage", said(Treatment::Age)),
    ("agegroup", said(Treatment::Age)),
    ("agerange", said(Treatment::Age)),
    ("ageyears", said(Treatment::Age)),
    ("alter", said(Treatment::Age)),
    ("pat_nr", subject(Class::Mrn)),
    ("patnr", subject(Class::Mrn)),
    ("patientennr", subject(Class::Mrn)),
    ("patientennummer", subject(Class::Mrn)),
    ("fallnr", whole(Class::Id)),
    ("fallnummer", whole(Class::Id)),
    ("versichertennummer", whole(Class::Plan)),
    ("telefon", whole(Class::Phone)),
    ("geschlecht", SEX),
    ("aufnahme", DAY),
    ("aufnahmedatum", DAY),
    ("entlassung", DAY),
    ("entlassdatum", DAY),
    ("entlassungsdatum", DAY),
    ("datum", DAY),
    ("diagnose", CATEGORY),
    ("diagnosen", CATEGORY),
    ("hauptdiagnose", CATEGORY),
    ("nebendiagnose", CATEGORY),
    ("nebendiagnosen", CATEGORY),
    ("medikament", CATEGORY),
    ("medikation", CATEGORY),
    ("aufnahmegrund", TEXT),
    ("anamnese", TEXT),
    ("befund", TEXT),
    ("bemerkung", TEXT),
    ("kommentar", TEXT),
    ("notiz", TEXT),
    ("leeftijd", said(Treatment::Age)),
    ("edad", said(Treatment::Age)),
    ("ort", whole(Class::Place)),
    ("ville", whole(Class::Place)),
    ("nom", NAME),
    ("nome", NAME),
    ("id", whole(Class::Id)),
    ("key", whole(Class::Id)),
    ("uid", whole(Class::Id)),
    ("uuid", whole(Class::Id)),
    ("guid", whole(Class::Id)),
    ("password", whole(Class::Id)),
    ("token", whole(Class::Id)),
    ("secret", whole(Class::Id)),
];

/// Words of which one decides, the first line that fits: (one of these, none of these, what it says).
const WORDS: &[(&[&str], &[&str], Said)] = &[
    // What looks like an identifier and is a code of a terminology.
    (
        &[
            "concept", "loinc", "snomed", "icd", "icd9", "icd10", "cpt", "rxnorm", "ndc", "atc", "ucum", "hcpcs", "drg",
        ],
        &["name", "text"],
        CATEGORY,
    ),
    (&["ssn", "sin", "nino"], &[], whole(Class::Ssn)),
    (&["mrn", "emrn", "mpi", "empi"], &[], whole(Class::Mrn)),
    (&["email", "mail"], &["code"], whole(Class::Email)),
    (
        &["phone", "telephone", "tel", "mobile", "cell", "fax", "telecom", "pager"],
        &["type"],
        whole(Class::Phone),
    ),
    (&["url", "uri", "website", "homepage", "link"], &[], whole(Class::Url)),
    (&["ip", "ipaddress"], &[], whole(Class::Ip)),
    (
        &[
            "birth",
            "birthday",
            "birthdate",
            "dob",
            "born",
            "geburtsdatum",
            "geboortedatum",
            "naissance",
            "nacimiento",
            "nascita",
        ],
        &["place", "weight", "sex", "order", "city", "country"],
        BIRTH,
    ),
    (
        &["death", "deceased", "died"],
        &["cause", "type", "flag", "reason"],
        said(Treatment::Date(Class::Birth)),
    ),
    (
        &["zip", "zipcode", "postal", "postcode", "plz", "postleitzahl"],
        &[],
        ZIP,
    ),
    (
        &["latitude", "longitude", "coordinates", "geo"],
        &[],
        whole(Class::Place),
    ),
    (
        &[
            "street",
            "city",
            "town",
            "county",
            "address",
            "addr",
            "village",
            "district",
            "parish",
            "birthplace",
            "wohnort",
            "geburtsort",
            "strasse",
            "straße",
            "anschrift",
            "plaats",
            "woonplaats",
            "straat",
            "adres",
            "adresse",
            "ciudad",
            "direccion",
            "dirección",
            "calle",
            "indirizzo",
            "citta",
            "città",
            "comune",
        ],
        &["type", "use"],
        whole(Class::Place),
    ),
    (
        &[
            "policy",
            "beneficiary",
            "member",
            "subscriber",
            "insurance",
            "plan",
            "medicare",
            "medicaid",
            "mbi",
            "payer",
        ],
        &[
            "name",
            "type",
            "status",
            "text",
            "date",
            "care",
            "treatment",
            "year",
            "notes",
        ],
        whole(Class::Plan),
    ),
    (
        &[
            "licence",
            "license",
            "npi",
            "dea",
            "certificate",
            "passport",
            "driver",
            "drivers",
        ],
        &["type"],
        whole(Class::Licence),
    ),
    (
        &["vin", "plate", "vehicle"],
        &["type", "make", "model"],
        whole(Class::Vehicle),
    ),
    (
        &["serial", "udi", "imei", "mac", "device"],
        &["type", "name", "model", "concept"],
        whole(Class::Device),
    ),
    (
        &["account", "acct", "invoice", "claim", "iban", "card"],
        &["type", "status", "amount", "date", "code"],
        whole(Class::Account),
    ),
    (
        &[
            "note",
            "notes",
            "text",
            "comment",
            "comments",
            "narrative",
            "report",
            "impression",
            "findings",
            "history",
            "description",
            "summary",
            "remarks",
            "message",
            "content",
            "body",
            "transcript",
            "question",
            "answer",
            "prompt",
            "response",
            "assessment",
            "subjective",
            "objective",
            "hpi",
            "conclusion",
            "details",
            "instructions",
            "title",
            "input",
            "output",
            "dialogue",
            "section",
            "chief",
            "complaint",
            "reason",
            "free",
        ],
        &["id", "type", "date", "datetime", "count", "code", "time"],
        TEXT,
    ),
    (
        &[
            "timestamp",
            "datetime",
            "date",
            "dt",
            "dttm",
            "day",
            "admitted",
            "discharged",
            "created",
            "updated",
            "modified",
            "effective",
            "issued",
            "recorded",
        ],
        &["count", "supply", "days", "type", "by"],
        DAY,
    ),
    (&["time"], &["zone", "type"], DAY),
    (
        &[
            "surname",
            "forename",
            "maiden",
            "nickname",
            "alias",
            "signature",
            "initials",
            "firstname",
            "lastname",
            "middlename",
            "fullname",
            "givenname",
            "vorname",
            "nachname",
            "familienname",
            "naam",
            "voornaam",
            "achternaam",
            "prenom",
            "prénom",
            "nombre",
            "apellido",
            "apellidos",
            "cognome",
        ],
        &[],
        NAME,
    ),
    (
        &[
            "hospital",
            "clinic",
            "facility",
            "employer",
            "school",
            "organization",
            "organisation",
            "company",
            "institution",
            "ward",
            "practice",
            "site",
            "department",
            "laboratory",
            "pharmacy",
        ],
        &["id", "type", "code", "number", "specialty"],
        whole(Class::Facility),
    ),
    (
        &[
            "patient",
            "physician",
            "doctor",
            "provider",
            "clinician",
            "nurse",
            "surgeon",
            "practitioner",
            "contact",
            "guardian",
            "spouse",
            "mother",
            "father",
            "relative",
            "kin",
            "author",
            "attending",
            "referring",
            "referrer",
            "signed",
            "dictated",
            "prescriber",
            "radiologist",
            "guarantor",
            "caregiver",
            "interpreter",
            "performer",
            "owner",
            "user",
            "by",
        ],
        &[
            "id",
            "type",
            "code",
            "count",
            "specialty",
            "class",
            "status",
            "age",
            "weight",
            "height",
            "position",
            "orientation",
            "relationship",
            "role",
            "number",
            "no",
            "num",
            "source",
        ],
        NAME,
    ),
    (
        &["name", "family", "given"],
        &[
            "drug",
            "medication",
            "test",
            "lab",
            "concept",
            "product",
            "file",
            "column",
            "display",
            "field",
            "procedure",
            "diagnosis",
            "condition",
            "measurement",
            "unit",
            "generic",
            "brand",
            "ingredient",
            "vocabulary",
            "domain",
            "route",
            "form",
            "allergen",
            "vaccine",
            "code",
            "event",
            "category",
            "model",
            "table",
            "history",
            "planning",
            "type",
            "ids",
        ],
        NAME,
    ),
    (&["age"], &["unit", "type"], said(Treatment::Age)),
    (
        &[
            "id",
            "ids",
            "identifier",
            "number",
            "uid",
            "uuid",
            "guid",
            "accession",
            "no",
            "nr",
            "num",
            "reference",
            "ref",
            "username",
            "userid",
            "login",
            "token",
            "password",
            "key",
            "mrnumber",
        ],
        &[
            "of", "count", "line", "row", "seq", "sequence", "type", "sample", "version", "page",
        ],
        whole(Class::Id),
    ),
    (&["gender", "sex"], &[], SEX),
    (
        &[
            "race",
            "ethnicity",
            "ethnic",
            "language",
            "marital",
            "religion",
            "nationality",
            "citizenship",
        ],
        &[],
        GROUP,
    ),
    (
        &[
            "photo",
            "image",
            "picture",
            "fingerprint",
            "biometric",
            "voiceprint",
            "attachment",
        ],
        &["type", "count", "date"],
        whole(Class::File),
    ),
    (
        &[
            "dose",
            "amount",
            "quantity",
            "count",
            "weight",
            "height",
            "bmi",
            "glucose",
            "creatinine",
            "hemoglobin",
            "haemoglobin",
            "sodium",
            "potassium",
            "cholesterol",
            "systolic",
            "diastolic",
            "pulse",
            "temperature",
            "score",
            "cost",
            "price",
            "charge",
            "total",
            "length",
            "duration",
            "days",
            "hours",
            "minutes",
            "refills",
            "supply",
            "percent",
            "rate",
            "min",
            "max",
            "mean",
            "range",
            "low",
            "high",
            "pressure",
            "spo2",
            "wbc",
            "rbc",
            "platelets",
            "a1c",
            "hba1c",
            "hr",
            "bp",
            "year",
            "result",
            "value",
            "index",
            "line",
            "row",
            "seq",
            "sequence",
            "version",
        ],
        &[],
        NUMBER,
    ),
    (
        &[
            "type",
            "status",
            "code",
            "codes",
            "class",
            "category",
            "unit",
            "units",
            "route",
            "flag",
            "kind",
            "severity",
            "priority",
            "system",
            "display",
            "dosage",
            "form",
            "frequency",
            "domain",
            "vocabulary",
            "outcome",
            "disposition",
            "specialty",
            "drug",
            "medication",
            "diagnosis",
            "procedure",
            "condition",
            "test",
            "allergen",
            "vaccine",
            "modality",
            "laterality",
            "split",
            "dataset",
            "lang",
            "state",
            "country",
            "insert",
            "group",
            "relationship",
            "role",
        ],
        &[],
        CATEGORY,
    ),
];

/// What the name of a column says. Words are told apart by anything that is no letter or digit and by capitals
/// (`patientName`); of a way through JSON the last part decides, and if it says nothing the part before it.
#[must_use]
pub fn by_name(name: &str) -> Option<Said> {
    let parts: Vec<Vec<String>> = name.split('.').map(words).filter(|words| !words.is_empty()).collect();
    let last = parts.last()?;
    let above = parts.len().checked_sub(2).and_then(|at| parts.get(at));
    // `name.text`, `address.line`, `contact.value`, `telecom.value`: the part above knows.
    let joined = last.join("_");
    let part_of_a_name = matches!(
        joined.as_str(),
        "family" | "given" | "first" | "last" | "middle" | "prefix" | "suffix" | "full"
    );
    if let Some(above) = above
        && (part_of_a_name || matches!(joined.as_str(), "text" | "line" | "value"))
        && let Some(said) = of_words(above)
        && matches!(
            said.treatment,
            Treatment::Whole(_) | Treatment::Date(_) | Treatment::Age
        )
    {
        // `patient.given`: of whoever has an identifier, these are the name.
        return Some(if part_of_a_name && said.subject { NAME } else { said });
    }
    of_words(last).or_else(|| above.and_then(|above| of_words(above)))
}

fn of_words(words: &[String]) -> Option<Said> {
    let joined = words.join("_");
    if let Some((_, said)) = WHOLE.iter().find(|(name, _)| *name == joined) {
        return Some(*said);
    }
    if let [word] = words
        && (5..=8).contains(&word.len())
        && word.ends_with("dtc")
    {
        return Some(DAY);
    }
    let has = |set: &[&str]| words.iter().any(|word| set.contains(&word.as_str()));
    WORDS
        .iter()
        .find(|(one_of, none_of, _)| has(one_of) && !has(none_of))
        .map(|(_, _, said)| *said)
}

/// The words of a name in lower case.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut before = ' ';
    let mut chars = name.chars().take(128).peekable();
    while let Some(c) = chars.next() {
        let starts = c.is_uppercase()
            && (before.is_lowercase()
                || (before.is_uppercase() && chars.peek().is_some_and(|next| next.is_lowercase())));
        if (!c.is_alphanumeric() || starts) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// True for the name of a column that holds drugs, diseases, tests or what else has more names than a lexicon knows.
pub(super) fn holds_terms(name: &str) -> bool {
    const TERMS: &[&str] = &[
        "allergen",
        "analyte",
        "assay",
        "bacteria",
        "brand",
        "concept",
        "comorbidities",
        "comorbidity",
        "condition",
        "culture",
        "diagnose",
        "diagnosen",
        "diagnosis",
        "display",
        "drug",
        "generic",
        "hauptdiagnose",
        "icd",
        "ingredient",
        "isolate",
        "loinc",
        "medication",
        "medikament",
        "medikation",
        "method",
        "microbe",
        "ndc",
        "nebendiagnose",
        "nebendiagnosen",
        "organism",
        "pathogen",
        "problem",
        "procedure",
        "product",
        "rxnorm",
        "service",
        "snomed",
        "specialty",
        "species",
        "substance",
        "test",
        "triage",
        "vaccine",
    ];
    words(name).iter().any(|word| TERMS.contains(&word.as_str()))
}

/// True for the name of a column that holds states, countries, or peoples and languages called after them.
pub(super) fn holds_regions(name: &str) -> bool {
    const REGIONS: &[&str] = &[
        "citizenship",
        "country",
        "ethnic",
        "ethnicity",
        "lang",
        "language",
        "nationality",
        "race",
        "religion",
        "state",
    ];
    words(name).iter().any(|word| REGIONS.contains(&word.as_str()))
}

/// True for the name of a column of people who are insured, by a number or by what they are called.
pub(super) fn is_of_members(name: &str) -> bool {
    let last = words(name.rsplit('.').next().unwrap_or(name));
    matches!(last.as_slice(), [word] if matches!(word.as_str(), "member" | "subscriber" | "beneficiary"))
}

/// True for the subject of a study by a number that no other of the whole study has (CDISC SDTM 3.4, USUBJID).
pub(super) fn is_unique_in_a_study(name: &str) -> bool {
    label(name) == "usubjid"
}

/// A name as people would write it before a colon.
pub(super) fn label(name: &str) -> String {
    words(name.rsplit('.').next().unwrap_or(name)).join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_names_into_words() {
        for (name, expect) in [
            ("patientName", "patient name"),
            ("PATIENT_NAME", "patient name"),
            ("DOBDate", "dob date"),
            ("p.birthDate", "birth date"),
            ("  MRN # ", "mrn"),
            ("HbA1c", "hb a1c"),
        ] {
            assert_eq!(label(name), expect, "{name}");
        }
    }

    #[test]
    fn names_say_what_columns_hold() {
        for (name, expect) in [
            ("first_name", Some("name")),
            ("LastName", Some("name")),
            ("Attending Physician", Some("name")),
            ("drug_name", Some("category")),
            ("medication name", Some("category")),
            ("hospital_name", Some("facility name")),
            ("person_id", Some("identifier")),
            ("condition_concept_id", Some("category")),
            ("provider_id", Some("identifier")),
            ("visit_occurrence_id", Some("identifier")),
            ("birth_datetime", Some("date of birth or death")),
            ("admission date", Some("date")),
            ("days_supply", Some("number")),
            ("note_text", Some("free text")),
            ("note_id", Some("identifier")),
            ("note_date", Some("date")),
            ("zip", Some("address")),
            ("address.line", Some("address")),
            ("patient.name.family", Some("name")),
            ("patient.given", Some("name")),
            ("patient.last", Some("name")),
            ("patient.value", Some("identifier")),
            ("telecom.value", Some("phone number")),
            ("messages.content", Some("free text")),
            ("care_plan", None),
            ("age", Some("age")),
            ("patient_age", Some("age")),
            ("stage", None),
            ("x17", None),
            ("home_phone", Some("phone number")),
            ("member_id", Some("health plan number")),
            ("ssn", Some("social security number")),
            ("employee_number", Some("identifier")),
            ("number_of_visits", None),
            ("Referrer", Some("name")),
            ("USUBJID", Some("identifier")),
            ("BRTHDTC", Some("date of birth or death")),
            ("AESTDTC", Some("date")),
            ("dtc", None),
        ] {
            let got = by_name(name).map(|said| said.treatment.word());
            assert_eq!(got, expect, "{name}");
        }
        assert!(by_name("patient_id").unwrap().subject && by_name("MRN").unwrap().subject);
        assert!(!by_name("note_id").unwrap().subject);
        assert_eq!(by_name("sex").unwrap().quasi, Some(Quasi::Sex));
    }
}
