//! Complaints that make a patient urgent whatever the vital signs say.
//!
//! The list follows the general discriminators that emergency triage systems share (Manchester Triage System, 3rd ed.,
//! 2014; Emergency Severity Index, handbook of version 4; Canadian Triage and Acuity Scale): airway, breathing,
//! circulation, disability, and the complaints in which minutes matter. It is Ward's own choice of words, no copy of one
//! of these, and no validated instrument.

use std::sync::Arc;

use crate::fact::{Piece, Record, Section};
use crate::triage::{Priority, words};

/// A complaint: the priority it gives, its name, and the words for it in lower case.
struct Flag {
    priority: Priority,
    name: &'static str,
    phrases: &'static [&'static str],
}

const fn flag(priority: Priority, name: &'static str, phrases: &'static [&'static str]) -> Flag {
    Flag {
        priority,
        name,
        phrases,
    }
}

#[rustfmt::skip]
const FLAGS: &[Flag] = &[
    flag(Priority::P1, "cardiac arrest", &["cardiac arrest", "no pulse", "pulseless", "cpr in progress"]),
    flag(Priority::P1, "airway in danger", &["stridor", "airway obstruction", "throat swelling", "throat is closing", "tongue swelling", "choking on"]),
    flag(Priority::P1, "anaphylaxis", &["anaphylaxis", "anaphylactic"]),
    flag(Priority::P1, "severe trouble breathing", &["severe respiratory distress", "respiratory distress", "respiratory failure", "cannot speak in full sentences", "unable to speak in full sentences", "gasping", "cyanotic", "cyanosis", "apneic", "agonal"]),
    flag(Priority::P1, "signs of stroke", &["facial droop", "face droop", "slurred speech", "acute stroke", "stroke alert", "sudden weakness", "sudden vision loss", "sudden numbness", "aphasia", "one-sided weakness", "acute hemiparesis"]),
    flag(Priority::P1, "signs of heart attack", &["crushing chest pain", "stemi", "st elevation", "acute myocardial infarction", "chest pain radiating", "chest pain with diaphoresis"]),
    flag(Priority::P1, "seizure under way", &["status epilepticus", "actively seizing", "ongoing seizure"]),
    flag(Priority::P1, "heavy bleeding", &["massive hemorrhage", "hemorrhagic shock", "exsanguinating", "uncontrolled bleeding", "arterial bleeding", "vomiting large amounts of blood"]),
    flag(Priority::P1, "shock", &["septic shock", "cardiogenic shock", "in shock", "mottled skin"]),
    flag(Priority::P1, "aorta", &["aortic dissection", "ruptured aneurysm", "tearing chest pain", "tearing back pain"]),
    flag(Priority::P1, "overdose", &["overdose", "overdosed", "ingested a whole bottle"]),
    flag(Priority::P1, "major injury", &["gunshot wound", "stab wound", "ejected from", "penetrating trauma", "traumatic amputation"]),
    flag(Priority::P2, "chest pain", &["chest pain", "chest pressure", "chest tightness", "angina at rest"]),
    flag(Priority::P2, "shortness of breath", &["shortness of breath", "short of breath", "dyspnea", "trouble breathing", "difficulty breathing", "sob at rest"]),
    flag(Priority::P2, "thoughts of suicide or self-harm", &["suicidal", "suicide attempt", "thoughts of self-harm", "wants to die", "homicidal ideation"]),
    flag(Priority::P2, "worst or sudden headache", &["worst headache", "thunderclap headache", "sudden severe headache"]),
    flag(Priority::P2, "meningism", &["neck stiffness", "stiff neck", "nuchal rigidity", "non-blanching rash", "petechial rash"]),
    flag(Priority::P2, "bleeding from the gut", &["hematemesis", "melena", "black tarry stools", "coffee-ground emesis", "coffee ground emesis", "bright red blood per rectum", "vomiting blood", "hematochezia"]),
    flag(Priority::P2, "loss of consciousness", &["syncope", "passed out", "loss of consciousness", "collapsed"]),
    flag(Priority::P2, "seizure", &["new seizure", "first seizure", "witnessed seizure", "tonic-clonic"]),
    flag(Priority::P2, "acute abdomen", &["rigid abdomen", "rebound tenderness", "peritonitis", "severe abdominal pain", "peritoneal signs"]),
    flag(Priority::P2, "spinal cord or cauda equina", &["saddle anesthesia", "saddle numbness", "urinary retention with back pain", "cauda equina", "new paralysis"]),
    flag(Priority::P2, "limb in danger", &["cold leg", "pulseless limb", "acute limb ischemia", "compartment syndrome"]),
    flag(Priority::P2, "bleeding or severe pain in pregnancy", &["ectopic pregnancy", "vaginal bleeding in pregnancy", "eclampsia", "pre-eclampsia with severe", "placental abruption"]),
    flag(Priority::P2, "torsion", &["testicular torsion", "ovarian torsion", "sudden testicular pain"]),
    flag(Priority::P2, "infection in a patient without defence", &["neutropenic fever", "febrile neutropenia", "sepsis", "septic"]),
    flag(Priority::P2, "sugar out of control", &["diabetic ketoacidosis", "severe hypoglycemia", "hyperosmolar"]),
    flag(Priority::P2, "clot", &["pulmonary embolism", "deep vein thrombosis suspected"]),
];

/// Complaints of now are told in these sections. Past history, family, plans and instructions are not.
const TOLD_IN: &[Section] = &[
    Section::ChiefComplaint,
    Section::PresentIllness,
    Section::Review,
    Section::Vitals,
    Section::Exam,
    Section::Assessment,
    Section::Encounters,
    Section::Other,
];

/// A complaint found.
pub(crate) struct RedFlag {
    pub(crate) priority: Priority,
    pub(crate) name: &'static str,
    pub(crate) quote: Piece,
}

/// The complaints that the record tells of the patient and of `day` (or of no day), each once.
pub(crate) fn find(record: &Record, day: Option<i64>) -> Vec<RedFlag> {
    let mut found: Vec<RedFlag> = Vec::new();
    for passage in &record.passages {
        let of = passage.when.as_ref().and_then(|when| when.day);
        if !TOLD_IN.contains(&passage.section) || (of.is_some() && day.is_some() && of != day) {
            continue;
        }
        let text = passage.text.to_lowercase();
        for flag in FLAGS {
            let told = flag.phrases.iter().any(|phrase| is_told(&text, phrase));
            let known = found.iter().any(|other| other.name == flag.name);
            if told && !known {
                found.push(RedFlag {
                    priority: flag.priority,
                    name: flag.name,
                    quote: Piece {
                        text: Arc::clone(&passage.text),
                        span: passage.span,
                    },
                });
            }
        }
    }
    found.sort_by_key(|flag| flag.priority);
    found
}

/// True when some mention of `phrase` is of the patient, of now, and not denied.
fn is_told(text: &str, phrase: &str) -> bool {
    let mut from = 0;
    while let Some(at) = text
        .get(from..)
        .and_then(|rest| words::stands(rest, phrase))
        .map(|at| at + from)
    {
        let meant = !words::is_negated(text, at)
            && !words::is_hypothetical(text, at)
            && !words::is_of_another(text, at)
            && !words::is_of_another_time(text, at);
        if meant {
            return true;
        }
        from = at + phrase.len();
    }
    false
}
