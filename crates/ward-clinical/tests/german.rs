//! German notes: read by the German pack, they say the same facts as the same notes in English.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::collections::BTreeSet;

use ward_clinical::{Language, Options, Record, compress, read, read_as, state::State};
use ward_formats::{Budget, Doc};

fn parse(text: &str) -> Doc {
    Doc::parse(text.as_bytes(), None, Budget::RECORD).unwrap().document
}

/// Facts as short lines in lower case, dates as days.
fn lines(record: &Record) -> BTreeSet<String> {
    let line = |fact: &ward_clinical::Fact| {
        let mut line = format!("{}: {}", fact.kind.word(), fact.concept);
        if let Some(value) = &fact.value {
            line += &format!(" = {value}");
        }
        for (key, value) in fact.attributes() {
            line += &format!("; {key} {value}");
        }
        if let Some(day) = fact.day() {
            line += &format!(" @ {day}");
        }
        line.to_lowercase()
    };
    record.facts.iter().map(line).collect()
}

fn german(text: &str) -> Vec<String> {
    lines(&read_as(&parse(text), Some(Language::German)))
        .into_iter()
        .collect()
}

#[test]
fn says_the_same_as_the_english_note() {
    let one = "Entlassungsbrief vom 03.11.2025\n\
        Diagnosen:\n- Arterielle Hypertonie\n- Diabetes mellitus\n- Vorhofflimmern\n\
        Anamnese: Kein Fieber, keine Dyspnoe.\n\
        Familienanamnese: Mutter: Brustkrebs.\n\
        Allergien: Penicillin (Exanthem)\n\
        Medikation:\n- Metformin 1000 mg zweimal täglich\n- Bisoprolol 2,5 mg p.o. morgens\n- Furosemid 40 mg täglich\n\
        Vitalparameter: RR 142/88 mmHg, Herzfrequenz 72, Temperatur 37,8 °C\n\
        Labor: Kreatinin 1,42 mg/dl, Kalium 4,1 mmol/l, HbA1c 7,9 %\n\
        Procedere: Wiedervorstellung in 3 Monaten.\n";
    let other = "Discharge summary 11/03/2025\n\
        Diagnoses:\n- Hypertension\n- Diabetes mellitus\n- Atrial fibrillation\n\
        HPI: No fever, no dyspnea.\n\
        Family history: Mother: breast cancer.\n\
        Allergies: Penicillin (rash)\n\
        Medications:\n- Metformin 1000 mg twice daily\n- Bisoprolol 2.5 mg oral every morning\n- Furosemide 40 mg daily\n\
        Vitals: Blood pressure 142/88 mmHg, heart rate 72, temperature 37.8 °C\n\
        Labs: Creatinine 1.42 mg/dl, potassium 4.1 mmol/l, HbA1c 7.9 %\n\
        Plan: Follow-up in 3 months.\n";
    let (one, other) = (read(&parse(one)), read(&parse(other)));
    assert_eq!(
        (one.language, other.language),
        (Some(Language::German), Some(Language::English))
    );
    let encounter = |record: &Record| -> BTreeSet<String> {
        lines(record)
            .into_iter()
            .filter(|line| !line.starts_with("encounter"))
            .collect()
    };
    assert_eq!(encounter(&one), encounter(&other));
    assert!(encounter(&one).len() >= 16, "{:?}", encounter(&one));
}

#[test]
fn reads_german_ways_of_writing() {
    let mut wrong = Vec::new();
    let mut check = |text: &str, expect: &[&str]| {
        let got = german(text);
        if got != expect {
            wrong.push(format!("{text}\n  {got:?}\n  {expect:?}"));
        }
    };
    // Numbers.
    check(
        "Medikation:\n- L-Thyroxin 7,5 µg 1-0-0",
        &["medication: levothyroxine; dose 7.5 µg; freq 1-0-0"],
    );
    check("Labor: Leukozyten 1.250 /µl", &["lab: wbc = 1250; unit /ul"]);
    check("Labor: Kreatinin 7,500 mg/dl", &["lab: creatinine = 7.500; unit mg/dl"]);
    check("Labor: Thrombozyten 230 Tsd/µl", &["lab: platelets = 230; unit k/ul"]);
    check(
        "Labor: Kalium am 03.11. 4,5 mmol/l",
        &["lab: potassium = 4.5; unit mmol/l"],
    );
    // Dosing.
    check(
        "Medikation:\nRamipril 5 mg 1-0-1",
        &["medication: ramipril; dose 5 mg; freq 1-0-1"],
    );
    check(
        "Medikation:\nIbuprofen 400 mg bei Bedarf",
        &["medication: ibuprofen; dose 400 mg; freq as needed"],
    );
    check(
        "Medikation:\nMetformin 500 mg 2x täglich",
        &["medication: metformin; dose 500 mg; freq 2 times daily"],
    );
    check(
        "Ramipril wurde von 5 mg auf 10 mg erhöht.",
        &["medication: ramipril; dose 10 mg; from 5 mg; status increased"],
    );
    check(
        "Metformin wurde wegen der Niereninsuffizienz abgesetzt.",
        &[
            "medication: metformin; status stopped",
            "problem: chronic kidney disease",
        ],
    );
    check(
        "Medikation:\nLantus 14 E zur Nacht",
        &["medication: lantus; dose 14 units; freq at night"],
    );
    check(
        "Insulin glargin 14 I.E. s.c. abends",
        &["medication: insulin glargine; dose 14 units; route subcutaneous; freq every evening"],
    );
    check(
        "Metamizol wurde begonnen, Ibuprofen wurde abgesetzt.",
        &[
            "medication: ibuprofen; status stopped",
            "medication: metamizole; status started",
        ],
    );
    check(
        "Medikation:\nMetamizol 500 mg 1-1-1-1",
        &["medication: metamizole; dose 500 mg; freq 1-1-1-1"],
    );
    check(
        "Medikation:\nParacetamol 500 mg alle 6 Stunden",
        &["medication: paracetamol; dose 500 mg; freq every 6 hours"],
    );
    check(
        "Torasemid 10 mg 1 Tbl. tgl.",
        &["medication: torsemide; dose 10 mg, 1 tablets; freq daily"],
    );
    check(
        "Procedere:\nIbuprofen vermeiden.",
        &["medication: ibuprofen; absent yes"],
    );
    check(
        "Ramipril wurde wegen Hyperkaliämie von 10 mg auf 5 mg reduziert.",
        &["medication: ramipril; status decreased", "problem: hyperkalemia"],
    );
    check(
        "Kreatinin sank von 1,89 mg/dl auf 1,52 mg/dl.",
        &["lab: creatinine = 1.52; unit mg/dl"],
    );
    check("Labor vom 03/11/2025: Kalium 4,5", &["lab: potassium = 4.5 @ 20395"]);
    // "RR" is the blood pressure, "AF" the respiratory rate.
    check(
        "RR 140/90, HF 88, AF 16",
        &[
            "vital: blood pressure = 140/90",
            "vital: heart rate = 88",
            "vital: respiratory rate = 16",
        ],
    );
    // Saying no.
    check("Kein Hinweis auf Pneumonie.", &["negation: pneumonia; absent yes"]);
    check(
        "Keine Ödeme, kein Fieber.",
        &["negation: edema; absent yes", "negation: fever; absent yes"],
    );
    check(
        "Fieber, Schüttelfrost und Nachtschweiß werden verneint.",
        &[
            "negation: chills; absent yes",
            "negation: fever; absent yes",
            "negation: night sweats; absent yes",
        ],
    );
    check(
        "Der Patient verneint Fieber und Husten.",
        &["negation: cough; absent yes", "negation: fever; absent yes"],
    );
    check(
        "Pat. berichtet über Husten, Fieber wird verneint.",
        &["negation: fever; absent yes", "problem: cough"],
    );
    check(
        "Weder Fieber noch Husten.",
        &["negation: cough; absent yes", "negation: fever; absent yes"],
    );
    check(
        "Pat. beschwerdefrei, Husten nicht mehr vorhanden.",
        &["negation: cough; absent yes"],
    );
    check(
        "Aktuell Husten, Fieber verneint.",
        &["negation: fever; absent yes", "problem: cough"],
    );
    check(
        "Insulin wurde nicht erhöht.",
        &["medication: insulin; status continued"],
    );
    check(
        "Procedere: Metformin nicht begonnen.",
        &["medication: metformin; absent yes"],
    );
    check(
        "Der Patient lehnt Metformin ab.",
        &["medication: metformin; status declined"],
    );
    check("Fieber: nein", &["negation: fever; absent yes"]);
    check(
        "Ein Perikarderguss ist nicht nachweisbar.",
        &["negation: perikarderguss; absent yes"],
    );
    check(
        "Der Patient nimmt kein Metformin.",
        &["negation: metformin; absent yes"],
    );
    check(
        "Thoraxschmerzen verneint der Patient.",
        &["negation: chest pain; absent yes"],
    );
    check(
        "Im Labor kein Anhalt für Pneumonie.",
        &["negation: pneumonia; absent yes"],
    );
    check("Pneumonie ausgeschlossen.", &["negation: pneumonia; absent yes"]);
    check(
        "Eine Pneumonie kann nicht ausgeschlossen werden.",
        &["problem: pneumonia; status suspected"],
    );
    check("Kein Fieber mehr.", &["negation: fever; absent yes"]);
    check("Procedere: Bei Fieber Notaufnahme.", &[]);
    for said in [
        "Bekannte Penicillinallergie.",
        "Bekannte Penizillin-Allergie.",
        "Bekannte Penicillinunverträglichkeit.",
    ] {
        check(said, &["allergy: penicillin"]);
    }
    check(
        "Latexallergie. Amoxicillinallergie.",
        &["allergy: amoxicillin", "allergy: latex"],
    );
    check(
        "Die Metformintherapie wurde beendet.",
        &["medication: metformin; status stopped"],
    );
    check("Kreatininwert 1,2 mg/dl.", &["lab: creatinine = 1.2; unit mg/dl"]);
    check(
        "TSH 1.250 mU/l, Thrombozyten 250.000 /µl.",
        &["lab: platelets = 250000; unit /ul", "lab: tsh = 1.250; unit miu/l"],
    );
    check("Troponin 1.250", &[]);
    check(
        "Allergie auf Penicillin ausgeschlossen.",
        &["allergy: penicillin; absent yes"],
    );
    check(
        "Therapie: Heparin 5.000 IE s.c. 2 x tgl. Clexane 0,4 ml abends.",
        &[
            "medication: enoxaparin; dose 0.4 ml; freq every evening",
            "medication: heparin; dose 5000 units; route subcutaneous; freq 2 times daily",
        ],
    );
    check(
        "Procedere: Marcumar pausieren.",
        &["medication: phenprocoumon; status held"],
    );
    // How sure, and when.
    check("V. a. Pneumonie.", &["problem: pneumonia; status suspected"]);
    check(
        "V.a. Pneumonie, Z.n. Herzinfarkt.",
        &[
            "problem: myocardial infarction; status inactive",
            "problem: pneumonia; status suspected",
        ],
    );
    check("Kein V. a. Pneumonie.", &["negation: pneumonia; absent yes"]);
    check(
        "Zum Ausschluss einer Pneumonie Röntgen-Thorax.",
        &["problem: pneumonia; status suspected", "procedure: chest x-ray"],
    );
    // Allergies.
    check("Allergien: keine", &["allergy: no known allergies; absent yes"]);
    check("Keine Allergien bekannt.", &["allergy: no known allergies; absent yes"]);
    check(
        "Bekannte Penicillinallergie mit Urtikaria.",
        &["allergy: penicillin; reaction hives"],
    );
    check(
        "Allergien: Erdbeeren - Juckreiz",
        &["allergy: erdbeeren; reaction itching"],
    );
    // Spelt without umlauts.
    check(
        "Keine Oedeme, keine Uebelkeit.",
        &["negation: edema; absent yes", "negation: nausea; absent yes"],
    );
    check(
        "Eine 62-jährige Patientin.",
        &["demographic: age = 62", "demographic: sex = female"],
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_given_language_counts() {
    // One word that only German has is enough for a short text.
    assert_eq!(
        read(&parse("RR 140/90. Kreatinin 1,2 mg/dl")).language,
        Some(Language::German)
    );
    let text = "RR 140/90.";
    let unknown = read(&parse(text));
    assert_eq!(unknown.language, None);
    let german = read_as(&parse(text), Some(Language::German));
    assert_eq!(german.language, Some(Language::German));
    assert!(
        lines(&german).contains("vital: blood pressure = 140/90"),
        "{:?}",
        lines(&german)
    );
}

#[test]
fn german_notes_are_compressed_without_loss() {
    let mut text = String::from("Name: Anna Beispiel\nGeburtsdatum: 14.03.1952\n\n");
    for (visit, creatinine) in ["1,42", "1,48", "1,51", "1,62"].iter().enumerate() {
        text += &format!(
            "Visite vom {:02}.11.2025\nAnamnese: Die Patientin berichtet über Husten. Kein Fieber, keine Dyspnoe.\n\
             Diagnosen:\n- Arterielle Hypertonie\n- Vorhofflimmern\nAllergien: Penicillin (Exanthem)\n\
             Medikation:\n- Bisoprolol 2,5 mg 1-0-0\n- Torasemid 10 mg 1-0-0\n\
             Labor: Kreatinin {creatinine} mg/dl, Kalium 4,1 mmol/l\nMit freundlichen Grüßen\n\n",
            visit + 3
        );
    }
    let doc = parse(&text);
    let record = read(&doc);
    let out = compress(&doc, &record, &Options::default());
    assert!(out.verified);
    assert_eq!((out.facts.kept, out.facts.invented), (out.facts.found, 0));
    assert!(out.facts.found >= 30, "{}", out.facts.found);
    assert!(out.tokens.after * 10 < out.tokens.before * 8, "{:?}", out.tokens);
}

#[test]
fn a_state_takes_german_numbers_for_what_they_are() {
    let doc =
        parse("Visite vom 03.11.2025\nLabor: Kreatinin 1,42 mg/dl\nDiagnosen: V. a. Pneumonie\nAllergien: keine\n");
    let state = State::of(&read(&doc), None);
    let bundle = state.to_fhir().to_string();
    assert!(bundle.contains("1.42") && !bundle.contains("1,42\""), "{bundle}");
    assert!(bundle.contains("provisional"), "{bundle}");
    assert!(bundle.contains("2025-11-03"), "{bundle}");
    // The unit as written, and its code.
    assert!(
        bundle.contains(r#""unit":"mg/dl""#) && bundle.contains(r#""code":"mg/dL""#),
        "{bundle}"
    );
}
