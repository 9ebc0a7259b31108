//! Triage: how urgent a patient is, from what a record says, with every reason and its place.
//!
//! [`triage`] reads the newest vital signs, scores [NEWS2](news2) exactly as published, puts qSOFA and the shock index
//! beside it, and looks for complaints that are urgent whatever the numbers say. What is missing is named and
//! makes the score missing too; it is never taken for normal. This is decision support for trained staff: it reads what
//! was written and decides nothing.

mod inputs;
pub mod news2;
mod phrases;
mod red_flags;
mod screen;
mod words;

use std::sync::Arc;

pub use inputs::Reading;
use news2::{Consciousness, Inputs, Parameter, Risk, Scale, Scored};

use crate::{
    fact::{Piece, Record},
    lexicon::has_digit,
};

/// How urgent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// Emergency: NEWS2 of 7 and more, or a complaint in which minutes matter.
    P1,
    /// Urgent: NEWS2 of 5 or 6, 3 in a single parameter, qSOFA of 2 and more, or another complaint of the list.
    P2,
    /// Neither, with a complete score.
    P3,
}

impl Priority {
    /// `P1`, `P2` or `P3`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Priority::P1 => "P1",
            Priority::P2 => "P2",
            Priority::P3 => "P3",
        }
    }
}

/// Why: a sentence for people and the words of the record behind it.
#[derive(Clone)]
pub struct Reason {
    /// What it says for.
    pub priority: Option<Priority>,
    /// A sentence.
    pub text: String,
    /// The record's words, and the bytes of the source they stand in.
    pub quote: Option<Piece>,
}

/// The result. Patient data: no `Debug`.
#[derive(Clone)]
pub struct Triage {
    /// The seven inputs as used, with their places.
    pub readings: Vec<Reading>,
    /// NEWS2.
    pub news2: Scored,
    /// The column used for oxygen saturation.
    pub scale: Scale,
    /// qSOFA, 0 to 3, when its three inputs are there (Singer et al., JAMA 2016;315:801-810): respiratory rate of 22 and
    /// more, altered mentation, systolic pressure of 100 mmHg and less.
    pub qsofa: Option<u8>,
    /// Heart rate over systolic pressure, in hundredths (Allgöwer and Burri 1967; above 0.9 in most later work: raised).
    pub shock_index: Option<u16>,
    /// How urgent. `None`: cannot say, because something is missing and nothing known is urgent.
    pub priority: Option<Priority>,
    /// Every reason, the most urgent first; then what was set aside.
    pub reasons: Vec<Reason>,
}

impl Triage {
    /// The words for what is missing.
    pub fn missing(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.news2.missing().map(Parameter::word)
    }
}

/// Triages the patient of `record`. Vital signs that are dated after `today` (days since 1970-01-01, where dates are those of the calendar)
/// are used, and a reason says so; those of resources that are dated more than a year ahead are set aside where earlier ones are. With `scale` of `None`, scale 2 is used when the record says that a target of
/// 88-92 % was set, and scale 1 otherwise.
#[must_use]
pub fn triage(record: &Record, scale: Option<Scale>, today: Option<i64>) -> Triage {
    let found = inputs::collect(record, today);
    let mut reasons = Vec::new();
    let scale = scale.unwrap_or_else(|| prescribed(record, &mut reasons));
    let scored = news2::score(&found.inputs, scale);
    let flags = red_flags::find(record, found.day);
    let qsofa = qsofa(&found.inputs);
    let shock_index = shock_index(&found.inputs);

    news2_reasons(&scored, &found, &mut reasons);
    if let Some(score @ 2..) = qsofa {
        reasons.push(reason(
            Some(Priority::P2),
            format!("qSOFA {score} of 3: look for sepsis"),
        ));
    }
    if let Some(index @ 100..) = shock_index {
        let text = format!(
            "shock index {}.{:02}: heart rate at or above systolic pressure",
            index / 100,
            index % 100
        );
        reasons.push(reason(Some(Priority::P2), text));
    }
    for flag in flags {
        reasons.push(Reason {
            priority: Some(flag.priority),
            text: format!("complaint: {}", flag.name),
            quote: Some(flag.quote),
        });
    }
    for (text, quote) in found.set_aside {
        reasons.push(Reason {
            priority: None,
            text,
            quote,
        });
    }
    let worst = reasons.iter().filter_map(|reason| reason.priority).min();
    let priority = match (worst, scored.total()) {
        // Short of P1, something missing could still make it one: what is known is said, not more.
        (Some(priority), _) => Some(priority),
        (None, Some(_)) => Some(Priority::P3),
        (None, None) => None,
    };
    if let Some(total) = scored.total().filter(|_| worst.is_none()) {
        reasons.push(reason(
            Some(Priority::P3),
            format!("NEWS2 {total}, nothing urgent was found in the text"),
        ));
    }
    reasons.sort_by_key(|reason| reason.priority.map_or(u8::MAX, |priority| priority as u8));
    Triage {
        readings: found.readings,
        news2: scored,
        scale,
        qsofa,
        shock_index,
        priority,
        reasons,
    }
}

fn reason(priority: Option<Priority>, text: String) -> Reason {
    Reason {
        priority,
        text,
        quote: None,
    }
}

/// What the score says for, and each parameter that scores.
fn news2_reasons(scored: &Scored, found: &inputs::Found, reasons: &mut Vec<Reason>) {
    let priority = match (scored.risk(), scored.at_least(), scored.single_three()) {
        (Some(Risk::High), ..) | (None, 7.., _) => Some(Priority::P1),
        (Some(Risk::Medium | Risk::LowMedium), ..) | (None, 5.., _) | (None, _, true) => Some(Priority::P2),
        _ => None,
    };
    let text = match (scored.total(), scored.risk()) {
        (Some(total), Some(risk)) => format!("NEWS2 {total}: {} clinical risk", risk.word()),
        _ => {
            let missing: Vec<&str> = scored.missing().map(Parameter::word).collect();
            format!(
                "cannot score NEWS2: missing {}; what is known gives {} or more",
                missing.join(", "),
                scored.at_least()
            )
        }
    };
    reasons.push(reason(priority, text));
    for (parameter, points) in Parameter::ALL.into_iter().zip(scored.points) {
        let Some(points @ 1..) = points else { continue };
        let reading = found.readings.iter().find(|reading| reading.parameter == parameter);
        let used = reading.map_or(String::new(), |reading| format!(" {}", reading.used));
        reasons.push(Reason {
            priority: (points == 3).then_some(Priority::P2),
            text: format!("{}{used}: {points} of NEWS2", parameter.word()),
            quote: reading.map(|reading| Piece {
                text: Arc::clone(&reading.quote),
                span: reading.span,
            }),
        });
    }
}

/// Scale 2 when the record says that somebody set its target.
fn prescribed(record: &Record, reasons: &mut Vec<Reason>) -> Scale {
    for passage in &record.passages {
        if !has_digit(passage.text.as_bytes()) || !passage.text.contains("88") && !passage.text.contains("cale 2") {
            continue;
        }
        let text = words::told(&passage.text, record.pack());
        let target = ["88-92", "88 - 92", "88\u{2013}92", "88 to 92"]
            .iter()
            .any(|range| words::stands(&text, range).is_some());
        let named = words::stands(&text, "spo2 scale 2").is_some();
        if named || (target && ["target", "goal", "aim"].iter().any(|word| text.contains(word))) {
            reasons.push(Reason {
                priority: None,
                text: "SpO2 scale 2: the record sets a target of 88-92 %".to_owned(),
                quote: Some(Piece {
                    text: Arc::clone(&passage.text),
                    span: passage.span,
                }),
            });
            return Scale::Two;
        }
    }
    Scale::One
}

fn qsofa(inputs: &Inputs) -> Option<u8> {
    let breathing = inputs.respiration? >= 22;
    let mentation = inputs.consciousness? == Consciousness::Altered;
    let pressure = inputs.systolic? <= 100;
    Some([breathing, mentation, pressure].into_iter().map(u8::from).sum())
}

fn shock_index(inputs: &Inputs) -> Option<u16> {
    let (pulse, pressure) = (u32::from(inputs.pulse?), u32::from(inputs.systolic?));
    let index = (pulse * 100 + pressure / 2).checked_div(pressure)?;
    u16::try_from(index).ok()
}

#[cfg(test)]
mod tests {
    use ward_formats::{Budget, Doc, Kind};

    use super::*;

    fn note(text: &str) -> Triage {
        let doc = Doc::parse(text.as_bytes(), Some(Kind::Text), Budget::RECORD)
            .unwrap()
            .document;
        triage(&crate::read(&doc), None, Some(20_000))
    }

    #[track_caller]
    fn check(text: &str, total: Option<u8>, priority: Option<Priority>, reasons: &[&str]) {
        let got = note(text);
        let all: Vec<&str> = got.reasons.iter().map(|reason| reason.text.as_str()).collect();
        assert_eq!((got.news2.total(), got.priority), (total, priority), "{text}: {all:?}");
        for wanted in reasons {
            assert!(
                all.iter().any(|reason| reason.contains(wanted)),
                "{text}: {wanted} is not in {all:?}"
            );
        }
    }

    const VITALS: &str = "Vitals: BP 128/76, HR 72, RR 16, T 98.6 F, SpO2 98% on room air. Alert.";

    #[test]
    fn whole_scores() {
        check(VITALS, Some(0), Some(Priority::P3), &["NEWS2 0"]);
        check(
            "Vitals: BP 88/50, HR 134, RR 28, Temp 39.4 C, SpO2 90% on 4 L nasal cannula. Confused.",
            Some(3 + 3 + 2 + 3 + 3 + 3 + 2),
            Some(Priority::P1),
            &[
                "NEWS2 19: high",
                "qSOFA 3",
                "shock index 1.52",
                "temperature 39.4 \u{b0}C: 2",
            ],
        );
        check(
            "Vitals: BP 118/76, HR 95, RR 22, T 38.4, SpO2 95% on room air, alert and oriented.",
            Some(1 + 2 + 1 + 1),
            Some(Priority::P2),
            &["NEWS2 5: medium"],
        );
        check(
            "Vitals: BP 84/50, HR 72, RR 16, T 37.0 C, SpO2 98% on room air. Alert.",
            Some(3),
            Some(Priority::P2),
            &["low-medium", "systolic blood pressure 84 mmHg: 3"],
        );
    }

    #[test]
    fn a_saturation_of_71_is_never_normal() {
        check(
            "SpO2 71%.",
            None,
            Some(Priority::P2),
            &[
                "cannot score NEWS2: missing respiratory rate",
                "oxygen saturation 71 %: 3",
            ],
        );
        check(
            "Vitals: BP 128/76, HR 72.",
            None,
            None,
            &["missing respiratory rate, oxygen saturation, air or oxygen, consciousness, temperature"],
        );
        check("Follow up in two weeks.", None, None, &["cannot score"]);
    }

    #[test]
    fn what_is_known_can_be_enough() {
        check(
            "Vitals: BP 80/40, HR 140, SpO2 85%.",
            None,
            Some(Priority::P1),
            &["9 or more", "cannot score"],
        );
    }

    #[test]
    fn a_bound_is_no_value() {
        for value in [">92%", "\u{2265}92%", "less than 92%"] {
            let text = format!("SpO2 {value} on room air, RR 16, HR 70, BP 120/80, T 37.0 C, alert");
            check(&text, None, None, &["missing oxygen saturation", "is only a bound"]);
        }
        check("SpO2 >90% on RA", None, None, &["is only a bound"]);
        check("Vitals: HR >130.", None, None, &["pulse was not scored"]);
        check("BP 300/20.", None, None, &["300/20 is not possible"]);
    }

    #[test]
    fn labels_in_a_row() {
        for air in ["98 % (room air)", "98% RA", "98 % RA,", "98 RA"] {
            let text = format!("SpO2: {air} RR: 16 HR: 70 BP: 120/80 T: 37.0 C A&Ox3");
            check(&text, Some(0), Some(Priority::P3), &["NEWS2 0"]);
        }
        let ill = "RR: 16 HR: 70 BP: 120/80 T: 37.0 C A&Ox3 SpO2: 98%. History of RA.";
        check(ill, None, None, &["missing air or oxygen"]);
    }

    #[test]
    fn counted_orientation() {
        let vitals = VITALS.replace("Alert", "A&Ox3");
        check(&vitals, Some(0), Some(Priority::P3), &[]);
        check(
            &vitals.replace("x3", "x2"),
            Some(3),
            Some(Priority::P2),
            &["not fully oriented"],
        );
    }

    /// Of the rows of a file with urgent labels and of the others: how many were told right and how many there are; and those told wrong.
    fn everyday(rows: &str) -> ([(usize, usize); 2], Vec<String>) {
        let mut counts = [(0, 0); 2];
        let mut wrong = Vec::new();
        for row in rows.lines().filter(|row| !row.starts_with('#')) {
            let (label, text) = row.split_once('\t').unwrap();
            let got = note(text).priority.map_or("-", Priority::word);
            let (right, all) = &mut counts[usize::from(label == "-")];
            (*right, *all) = (*right + usize::from(got == label), *all + 1);
            if got != label {
                wrong.push(format!("{label}, not {got}: {text}"));
            }
        }
        (counts, wrong)
    }

    #[test]
    fn german_advice_and_what_is_over() {
        for (text, priority) in [
            ("Bei Atemnot oder Brustschmerzen bitte sofort vorstellen.", None),
            (
                "Bei Fieber, Atemnot oder Brustschmerzen bitte umgehend in der Klinik vorstellen.",
                None,
            ),
            (
                "Brustschmerzen vor zwei Jahren, damals Stent. Jetzt beschwerdefrei.",
                None,
            ),
            ("Brustschmerzen vor 12 Jahren.", None),
            (
                "Brustschmerzen seit heute, bitte sofort vorstellen.",
                Some(Priority::P2),
            ),
            ("Bei Atemnot seit gestern bitte sofort vorstellen.", Some(Priority::P2)),
            ("Atemnot seit gestern.", Some(Priority::P2)),
            ("Brustschmerzen, Stent vor zwei Jahren.", Some(Priority::P2)),
            (
                "Stellte sich bei Brustschmerzen in der Notaufnahme vor.",
                Some(Priority::P2),
            ),
        ] {
            check(text, None, priority, &[]);
        }
    }

    /// The sets that patterns were mended for.
    #[test]
    fn complaints_in_everyday_words() {
        let wrong: Vec<String> = [
            include_str!("../../tests/data/triage_phrases.txt"),
            include_str!("../../tests/data/triage_lay_1.txt"),
            include_str!("../../tests/data/triage_german_1.txt"),
        ]
        .into_iter()
        .flat_map(|rows| everyday(rows).1)
        .collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    /// The figures that the guide gives: rows told right of those that are urgent, and of those that are not.
    #[test]
    fn complaints_in_words_that_were_not_looked_at() {
        for (rows, counts) in [
            (
                include_str!("../../tests/data/triage_phrases_unseen.txt"),
                [(14, 20), (9, 10)],
            ),
            (include_str!("../../tests/data/triage_fresh.txt"), [(2, 20), (10, 10)]),
            (include_str!("../../tests/data/triage_lay_2.txt"), [(39, 40), (18, 20)]),
            (
                include_str!("../../tests/data/triage_german_2.txt"),
                [(19, 20), (10, 10)],
            ),
        ] {
            assert_eq!(everyday(rows).0, counts);
        }
    }

    #[test]
    fn what_its_place_denies_is_no_complaint() {
        for calm in [
            "Cough for 3 days.\nDenies:\nchest pain\nshortness of breath\nMedications:\nalbuterol",
            "Pertinent negatives:\nchest pain\nsyncope\n\nPlan:\nice",
            "Negatives:\n- chest pain on exertion\n- syncope\n\nPMH:\nCOPD",
            "Negative:\nchest pain\nsyncope",
            "Negative: chest pain, dyspnea",
            "Pertinent negatives: chest pain, syncope",
            "ROS:\n[ ] chest pain\n[x] cough",
            "ROS: (-) chest pain (+) cough",
            "ROS: + cough - chest pain",
            "CV: - chest pain, - palpitations",
            "No cough and chest pain.",
            "[ ] Yes [x] No Chest pain",
            "Denies cough or chest pain and showed no rash.",
            "ROS:\nCV: - chest pain, - palpitations\nResp: - cough, - dyspnea",
        ] {
            check(calm, None, None, &[]);
        }
        for (ill, complaint) in [
            ("Denies:\ncough\n\nSyncope today.", "loss of consciousness"),
            ("Denies:\ncough\nReports:\nsyncope", "loss of consciousness"),
            ("Denies:\ncough but has syncope", "loss of consciousness"),
            ("Negative: cough but has syncope", "loss of consciousness"),
            ("Negative: cough. Chest pain since noon.", "chest pain"),
            ("Strep negative: chest pain", "chest pain"),
            ("[ ] Chest pain", "chest pain"),
            ("[x] Yes [ ] No Chest pain", "chest pain"),
            ("Chest pain: [x] Yes [ ] No", "chest pain"),
            ("ROS:\n[x] chest pain\n[ ] syncope", "chest pain"),
            ("ROS: (+) chest pain (-) syncope", "chest pain"),
            ("Cough: (-) syncope: (+)", "loss of consciousness"),
            ("Cough: (-), syncope: (+).", "loss of consciousness"),
            ("HPI: - chest pain since noon", "chest pain"),
            ("CV: - chest pain since noon", "chest pain"),
            ("CV: - chest pain", "chest pain"),
            ("Today: - chest pain, - palpitations", "chest pain"),
            ("CV: chest pain - palpitations", "chest pain"),
            ("CV: - palpitations, + chest pain", "chest pain"),
            ("No cough and developed chest pain.", "chest pain"),
            ("He denies fever and then experienced chest pain.", "chest pain"),
        ] {
            check(ill, None, Some(Priority::P2), &[complaint]);
        }
    }

    #[test]
    fn a_complaint_before_the_first_head_counts() {
        for line in [
            "Chest pain",
            "Chest pain: Yes",
            "Severe chest pain since noon",
            "[x] Chest pain",
            "Chest pain x3 days",
        ] {
            let text = format!("{line}\nAllergies: penicillin\n");
            check(&text, None, Some(Priority::P2), &["chest pain"]);
        }
        for line in [
            "Chest Pain Unit",
            "Chest pain: No",
            "[ ] Chest pain",
            "Chest pain:",
            "Chest pain clinic",
            "No chest pain",
        ] {
            check(&format!("{line}\nAllergies: penicillin\n"), None, None, &[]);
        }
    }

    #[test]
    fn units() {
        check(
            "Vitals: BP 128/76, HR 72, RR 16, Temp 101.1 F, SpO2 98% on room air. Alert.",
            Some(1),
            Some(Priority::P3),
            &["38.4 \u{b0}C (101.1 \u{b0}F converted)"],
        );
        check(
            "Vitals: BP 128/76, HR 72, RR 16, Temp 101.1, SpO2 98% on room air. Alert.",
            Some(1),
            Some(Priority::P3),
            &["converted"],
        );
    }

    #[test]
    fn impossible_values_are_missing() {
        let text = "Vitals: BP 128/76, HR 800, RR 16, T 37.0 C, SpO2 98% on room air. Alert.";
        check(text, None, None, &["missing pulse", "pulse of 800 is not possible"]);
    }

    /// Dates of a note may be stand-ins, placeholders, or have the day first.
    #[test]
    fn vital_signs_of_a_note_count_whatever_their_date() {
        let ill = "Vitals: HR 140, BP 85/50, RR 28, SpO2 88 % on room air, T 39.5 C. Alert.";
        for date in ["[DAY_66827ZB]", "2025-12-01", "12/01/2026", "2094-01-02", "2024-10-05"] {
            let text = format!("Visit 2024-01-02\n{VITALS}\n\nVisit {date}\n{ill}\n");
            check(&text, Some(14), Some(Priority::P1), &["NEWS2 14"]);
            check(&format!("Date: {date}\n{ill}\n"), Some(14), Some(Priority::P1), &[]);
        }
        check(
            &format!("Visit 2025-12-01\n{ill}\n"),
            Some(14),
            Some(Priority::P1),
            &["pulse of 2025-12-01, a day to come, was used: is the date right?"],
        );
        let placeholder = note(&format!("Visit [DAY_66827ZB]\n{ill}\n"));
        assert!(!placeholder.reasons.iter().any(|reason| reason.text.contains("to come")));
    }

    #[test]
    fn a_resource_of_a_far_day_is_set_aside_for_an_earlier_one() {
        let pulse = |day: &str, value: u16| {
            format!(
                r#"{{"resource":{{"resourceType":"Observation","status":"final","code":{{"coding":[{{"system":"http://loinc.org","code":"8867-4"}}]}},
"effectiveDateTime":"{day}","valueQuantity":{{"value":{value},"unit":"/min"}}}}}}"#
            )
        };
        // Today is 2024-10-04.
        for (entries, points, said) in [
            (
                vec![pulse("2024-10-01", 80), pulse("2094-01-02", 140)],
                0,
                "was not used",
            ),
            (vec![pulse("2024-10-01", 80), pulse("2025-09-01", 140)], 3, "was used"),
            (
                vec![pulse("2024-10-01", 80), pulse("2024-10-05T08:00:00+13:00", 140)],
                3,
                "",
            ),
            (vec![pulse("2094-01-02", 140)], 3, "was used"),
        ] {
            let bundle = format!(
                r#"{{"resourceType":"Bundle","type":"collection","entry":[{}]}}"#,
                entries.join(",")
            );
            let doc = Doc::parse(bundle.as_bytes(), Some(Kind::Fhir), Budget::RECORD)
                .unwrap()
                .document;
            let got = triage(&crate::read(&doc), None, Some(20_000));
            let to_come: Vec<&str> = got
                .reasons
                .iter()
                .map(|reason| reason.text.as_str())
                .filter(|text| text.contains("to come"))
                .collect();
            assert_eq!(got.news2.points[4], Some(points), "{bundle}");
            assert!(to_come.len() == usize::from(!said.is_empty()), "{to_come:?}");
            assert!(to_come.iter().all(|text| text.contains(said)), "{to_come:?}");
        }
    }

    #[test]
    fn scale_two_needs_a_target() {
        let copd =
            "COPD, target saturation 88-92%.\nVitals: BP 128/76, HR 72, RR 16, T 37.0 C, SpO2 90% on room air. Alert.";
        check(copd, Some(0), Some(Priority::P3), &["scale 2"]);
        check(
            &copd.replace(", target saturation 88-92%", ""),
            Some(3),
            Some(Priority::P2),
            &["oxygen saturation 90 %: 3"],
        );
        let oxygen = "Goal 88-92%.\nVitals: BP 128/76, HR 72, RR 16, T 37.0 C, SpO2 97% on 2 L nasal cannula. Alert.";
        check(oxygen, Some(3 + 2), Some(Priority::P2), &["oxygen saturation 97 %: 3"]);
    }

    #[test]
    fn complaints() {
        let with = |text: &str| format!("HPI: {text}\n\n{VITALS}");
        check(
            &with("He has crushing chest pain since 6 am."),
            Some(0),
            Some(Priority::P1),
            &["signs of heart attack"],
        );
        // Before the first head, too.
        check(
            "58 yo man with crushing chest pain and sweating for 2 hours. HR 102 BP 150/90 RR 20 SpO2 97% RA T 98.6 F, alert.\nHome meds: lisinopril 10 mg daily",
            Some(1),
            Some(Priority::P1),
            &["signs of heart attack"],
        );
        check(
            &with("She reports facial droop and slurred speech."),
            Some(0),
            Some(Priority::P1),
            &["signs of stroke"],
        );
        check(
            &with("She reports shortness of breath."),
            Some(0),
            Some(Priority::P2),
            &["shortness of breath"],
        );
        for calm in [
            "He denies chest pain and shortness of breath.",
            "Her mother had chest pain.",
            "Return if you develop chest pain.",
            "History of syncope in 2015.",
            "No suicidal ideation.",
            "Chest pain has resolved.",
        ] {
            check(&with(calm), Some(0), Some(Priority::P3), &[]);
        }
    }

    #[test]
    fn the_newest_day_counts() {
        let fhir = |day: &str, code: &str, name: &str, value: &str, unit: &str| {
            format!(
                r#"{{"resource":{{"resourceType":"Observation","status":"final","category":[{{"coding":[{{"code":"vital-signs"}}]}}],
"code":{{"coding":[{{"system":"http://loinc.org","code":"{code}","display":"{name}"}}]}},"effectiveDateTime":"{day}","valueQuantity":{{"value":{value},"unit":"{unit}"}}}}}}"#
            )
        };
        let entries = [
            fhir("2024-01-01", "9279-1", "Respiratory rate", "30", "/min"),
            fhir("2024-02-01", "8867-4", "Heart rate", "72", "/min"),
            fhir("2024-02-01", "8480-6", "Systolic blood pressure", "84", "mm[Hg]"),
            fhir("2024-02-01", "8310-5", "Body temperature", "37.2", "Cel"),
        ]
        .join(",");
        let bundle = format!(r#"{{"resourceType":"Bundle","type":"collection","entry":[{entries}]}}"#);
        let doc = Doc::parse(bundle.as_bytes(), Some(Kind::Fhir), Budget::RECORD)
            .unwrap()
            .document;
        let got = triage(&crate::read(&doc), None, None);
        let missing: Vec<_> = got.missing().collect();
        assert_eq!(
            missing,
            [
                "respiratory rate",
                "oxygen saturation",
                "air or oxygen",
                "consciousness"
            ]
        );
        assert_eq!(got.news2.points[3], Some(3));
        assert_eq!(got.priority, Some(Priority::P2));
        let reading = got
            .readings
            .iter()
            .find(|reading| reading.parameter == Parameter::Systolic)
            .unwrap();
        assert!(bundle.get(reading.span.start..reading.span.end).is_some());
    }
}
