use super::*;
use crate::Mode;

fn check(column: &str, value: &str, expect: &str) {
    let column = Column::named(column);
    let hits = column.hits(value, &Known::default());
    let mut deid = Deidentifier::new(Mode::Tag, [3; 32]);
    let done = column.replace(&mut deid, value, &hits, "here");
    // The check letters do not matter.
    let mut plain = String::new();
    let mut at = 0;
    for (start, placeholder) in ward_formats::placeholder::find(&done.text) {
        plain.push_str(&done.text[at..start]);
        plain.push_str(&format!("[{}]", placeholder.class));
        at = start + placeholder.len;
    }
    plain.push_str(&done.text[at..]);
    assert_eq!(plain, expect, "{} {value}", column.name);
    assert!(done.applied.iter().all(|one| one.place == "here"));
}

#[test]
fn masks_words_that_nobody_knows_in_a_column_that_nothing_explains() {
    let column = Column::named("k2");
    for (value, expect) in [
        ("oddvillage", 1),
        ("quillfeatherby wexlerton", 1),
        ("knee pain", 0),
        ("metformin", 0),
        ("x1", 0),
    ] {
        assert_eq!(column.hits(value, &Known::default()).len(), expect, "{value}");
    }
}

/// A table that is called for nothing but its columns' names and values.
fn profiled(name: &str, values: &[&str]) -> Column {
    let mut profiler = Profiler::new([name]);
    values.iter().for_each(|value| profiler.see(0, value));
    profiler.decide().remove(0)
}

#[test]
fn a_name_among_categories_and_numbers_goes() {
    let rows = [
        "active", "active", "inactive", "active", "Negative", "Negative", "Negative",
    ];
    for name in ["status", "outcome", "x4"] {
        let column = profiled(name, &rows);
        for odd in ["Zebulon", "Kowalczyk", "Zebulon Quackenbush", "Smith", "quackenbush"] {
            let hits = column.hits(odd, &Known::default());
            assert!(hits.len() == 1 && hits[0].span.len() == odd.len(), "{name} {odd}");
        }
        for kept in ["active", "Negative", "Pending", "F", "IL", "final"] {
            assert_eq!(column.hits(kept, &Known::default()), [], "{name} {kept}");
        }
    }
    let numbers = profiled("weight", &["70", "72", "71", "69", "80"]);
    for (value, expect) in [
        ("Smith", 1),
        ("Maria", 1),
        ("Quackenbush", 1),
        ("70.5", 0),
        ("not done", 0),
        ("<5", 0),
    ] {
        assert_eq!(numbers.hits(value, &Known::default()).len(), expect, "{value}");
    }
}

#[test]
fn new_categories_stay_where_the_column_says_what_it_holds() {
    for (name, usual, new) in [
        (
            "status",
            &["active", "Discharged"][..],
            &[
                "Intubated",
                "Extubated",
                "Boarding",
                "Triaged",
                "Eloped",
                "Telehealth",
                "Emergent",
                "Obtunded",
            ][..],
        ),
        (
            "result",
            &["Negative"],
            &["Indeterminate", "Hemolyzed", "Nonreactive", "hemolyzed"],
        ),
        ("severity", &["Mild"], &["Fulminant"]),
        ("service", &["Cardiology"], &["Otolaryngology"]),
        ("test", &["Glucose"], &["ELISA"]),
        ("diagnosis", &["Asthma"], &["OSA"]),
        ("status", &["active"], &["OSA", "ELISA"]),
        (
            "organism",
            &["E. coli"],
            &["Candida auris", "Proteus mirabilis", "Candida"],
        ),
        ("language", &["English"], &["German", "Tagalog", "Farsi"]),
        ("potassium", &["4.1", "4.2", "3.9"], &["Hemolyzed"]),
    ] {
        let rows: Vec<&str> = usual.iter().copied().cycle().take(8).collect();
        for column in [profiled(name, &rows), Column::named(name)] {
            for value in new {
                let hits = column.hits(value, &Known::default());
                assert!(hits.is_empty(), "{name} {value} {column:?}");
            }
        }
    }
}

#[test]
fn names_of_people_go_where_the_column_says_what_it_holds() {
    for (name, usual, values) in [
        (
            "status",
            &["active"][..],
            &["Zebulon", "Smith", "SMITH", "Zebulon Quackenbush", "Kowalczyk", "MARIA"][..],
        ),
        ("result", &["Negative"], &["Smith", "Kowalczyk", "Xolwin Brandqua"]),
        ("language", &["English"], &["Smith", "Kowalczyk"]),
        ("organism", &["E. coli"], &["Smith", "Kowalczyk, Maria"]),
        ("weight", &["70", "72", "71"], &["Kowalczyk", "Maria", "Quackenbush"]),
    ] {
        let rows: Vec<&str> = usual.iter().copied().cycle().take(8).collect();
        for column in [profiled(name, &rows), Column::named(name)] {
            for value in values {
                let hits = column.hits(value, &Known::default());
                assert!(!hits.is_empty(), "{name} {value} {column:?}");
            }
        }
    }
}

#[test]
fn people_in_a_column_of_identifiers_are_looked_for() {
    let column = Column::named("patient");
    for (value, note, expect) in [
        ("Tariq Vandermolen", "vandermolen seen", 1),
        ("Vandermolen", "Vanderm0len VANDERRNOLEN", 2),
        ("P-0012", "vandermolen seen", 0),
        ("Unknown", "unknown cause", 0),
    ] {
        let mut known = Known::default();
        teach(&[(&column, value)], &mut known);
        assert_eq!(known.find(note).len(), expect, "{value}");
        let class = if expect > 0 { Class::Name } else { Class::Id };
        assert_eq!(column.hits(value, &known)[0].class, class, "{value}");
    }
}

#[test]
fn one_odd_cell_among_people_hides_nobody() {
    for (name, people) in [("Patient", true), ("Member", true), ("Plan", false)] {
        for odd in ["Unknown", "Xu Li", "Doe #2", "P-0012"] {
            // Another column says whose record it is.
            let mut profiler = Profiler::new(["MRN", name]);
            for value in ["John Smith", "Mary Jones", odd, "Robert Kowalczyk"] {
                profiler.see(0, "4711");
                profiler.see(1, value);
            }
            let column = profiler.decide().remove(1);
            for (value, note, expect) in [
                ("John Smith", "Smith called", people),
                ("Robert Kowalczyk", "Kowalczyk ok", people),
                ("Unknown", "unknown cause", false),
                ("P-0012", "saw P-0012", true),
            ] {
                let mut known = Known::default();
                teach(&[(&column, value)], &mut known);
                let found = known.find(note);
                assert_eq!(!found.is_empty(), expect, "{name} {odd} {value}: {note}");
            }
        }
    }
    // Most are numbers: whoever stands among them is known all the same.
    let mut profiler = Profiler::new(["MRN", "Patient"]);
    for value in ["P-0012", "P-0013", "A77123", "Robert Kowalczyk"] {
        profiler.see(1, value);
    }
    let column = profiler.decide().remove(1);
    assert_eq!(column.treatment, Treatment::Whole(Class::Id));
    for (value, class) in [
        ("P-0012", Class::Id),
        ("A77123", Class::Id),
        ("Robert Kowalczyk", Class::Name),
    ] {
        assert_eq!(column.hits(value, &Known::default())[0].class, class, "{value}");
    }
}

#[test]
fn an_address_of_a_page_is_nobodys_name() {
    let column = Column::named("Referrer");
    for (value, class) in [
        ("https://search.example/?q=flu", Class::Url),
        ("android-app://org.example.mail", Class::Url),
        ("Robert Kowalczyk", Class::Name),
        ("see https://search.example/", Class::Name),
    ] {
        assert_eq!(column.hits(value, &Known::default())[0].class, class, "{value}");
    }
}

#[test]
fn ordinary_categories_stay() {
    for (column, values) in [
        ("sex", &["Male", "Female", "Unknown", "Other", "Intersex"][..]),
        (
            "race",
            &["White", "Black", "Asian", "Black or African American", "Other"],
        ),
        ("ethnicity", &["Hispanic", "Not Hispanic or Latino"]),
        (
            "marital_status",
            &["Married", "Single", "Widowed", "Divorced", "Separated"],
        ),
        (
            "language",
            &["English", "Spanish", "French", "Vietnamese", "Arabic", "Korean"],
        ),
        ("religion", &["Catholic", "Muslim", "Jewish", "Hindu", "None"]),
        (
            "country",
            &["Germany", "France", "Mexico", "India", "Jordan", "United States"],
        ),
        ("state", &["Texas", "Georgia", "Massachusetts", "TX"]),
        (
            "status",
            &[
                "final",
                "Amended",
                "Cancelled",
                "In progress",
                "On hold",
                "Completed",
                "Deceased",
            ],
        ),
        ("unit", &["mg/dL", "mmol/L", "bpm", "Cel", "percent"]),
        (
            "drug",
            &["Metformin", "Lisinopril", "Zestril", "Eliquis", "Atorvastatin 40 mg"],
        ),
        (
            "diagnosis",
            &["Hypertension", "Crohn disease", "Parkinson disease", "Type 2 diabetes"],
        ),
        ("severity", &["Mild", "Moderate", "Severe"]),
        ("priority", &["Stat", "Routine", "Urgent", "Elective"]),
        (
            "specialty",
            &["Cardiology", "Oncology", "Pediatrics", "Internal Medicine"],
        ),
        ("laterality", &["Left", "Right", "Bilateral"]),
        ("route", &["Oral", "Intravenous", "Subcutaneous", "Topical", "PO"]),
        ("specimen_type", &["Blood", "Urine", "Serum", "Plasma", "Sputum"]),
        (
            "result_value",
            &["Negative", "Positive", "Trace", "Reactive", "5.1", "Yellow", "Clear"],
        ),
    ] {
        let column = Column::named(column);
        for value in values {
            assert_eq!(column.hits(value, &Known::default()), [], "{} {value}", column.name);
        }
    }
}

#[test]
fn values_by_their_column() {
    check("patient_name", "  Lee, Ann ", "  [NAME] ");
    check("patient_name", "N/A", "N/A");
    check("mrn", "12", "[MRN]");
    check("zip", "62704", "[PLACE]");
    check("state", "IL", "IL");
    check("visit_start_date", "2024-01-08", "[DAY]");
    check("visit_start_date", "2024", "2024");
    check("visit_start_date", "45299", "[TEXT]");
    check("visit_start_time", "10:15", "10:15");
    check("birth_datetime", "1952-03-14 00:00:00", "[BIRTH]");
    check("age", "88", "88");
    check("age", "91", "[AGE]");
    for value in ["95 years", "90-94", "90+", ">89", "93.5", "93y", "101 yo", "85-99"] {
        for name in [
            "age",
            "years_old",
            "patage",
            "AgeGroup",
            "age_band",
            "patient.age",
            "age.value",
        ] {
            check(name, value, "[AGE]");
        }
    }
    check("AgeGroup", "80-84", "80-84");
    check("age", "95 months", "95 months");
    check("glucose", "105.2", "105.2");
    check("notes", "Seen by Dr. Ann Lee today.", "Seen by [NAME] today.");
    check("sex", "F", "F");
    check("status", "call 555-123-4567", "call [PHONE]");
    check("result_value", "123456789", "[ID]");
    check("diagnosis_code", "E11.9", "E11.9");
    check("effectiveTime.low.value", "20240108", "[DAY]");
    check("low.value", "202401081015", "[DAY]");
    check("birthTime.value", "19520314", "[BIRTH]");
    check("wbc", "12000", "12000");
}

#[test]
fn what_xml_refers_by_stays() {
    let mut known = Known::default();
    known.learn_value(Class::Name, "Zelda Quillfeather");
    let refers = Column::named("entry.observation.text.reference.value");
    for (value, expect) in [
        ("#prob1", 0),
        ("#778899", 1),
        ("#quillfeather", 1),
        ("Patient/778899", 1),
    ] {
        assert_eq!(refers.hits(value, &known).len(), expect, "{value} {refers:?}");
    }
    let mut column = Column::named("typeId.extension");
    (column.treatment, column.by) = (Treatment::Category, STANDARD);
    for (value, expect) in [
        ("http://www.w3.org/2001/XMLSchema-instance", 0),
        ("POCD_HD000040", 0),
        ("#prob1", 0),
        ("prob1", 0),
        ("https://h.example/visit", 1),
        ("#quillfeather", 1),
        ("ann@h.example", 1),
    ] {
        assert_eq!(column.hits(value, &known).len(), expect, "{value}");
    }
}

#[test]
fn parts_of_names_make_whole_names() {
    let (first, last, sex) = (
        Column::named("first_name"),
        Column::named("last_name"),
        Column::named("sex"),
    );
    let mut known = Known::default();
    teach(&[(&first, "Zelda"), (&last, "Quillfeather"), (&sex, "F")], &mut known);
    let notes = Column::named("notes");
    for text in [
        "zelda quillfeather",
        "Quillfeather, Zelda",
        "Z. Quillfeather",
        "zelda",
        "quillfeather",
    ] {
        assert_eq!(notes.hits(text, &known).len(), 1, "{text}");
    }
}

#[test]
fn known_values_go_everywhere() {
    let mut known = Known::default();
    Column::named("patient_name").teach("Zelda Quillfeather", &mut known);
    Column::named("mrn").teach("AB-778899", &mut known);
    for (column, value) in [
        ("status", "Quillfeather"),
        ("notes", "saw zelda today"),
        ("code", "AB778899"),
        ("whatever", "Z. Quillfeather"),
    ] {
        assert_eq!(Column::named(column).hits(value, &known).len(), 1, "{column} {value}");
    }
}

#[test]
fn a_name_beside_a_number_or_a_category_goes() {
    let mut profiler = Profiler::new(["weight", "status", "code", "result"]);
    for (weight, status) in [("70", "active"), ("71", "inactive"), ("72", "active")] {
        for (at, value) in [weight, status, "E11.9", "negative"].iter().enumerate() {
            profiler.see(at, value);
        }
    }
    let columns = profiler.decide();
    for (at, value, expect) in [
        (0, "70 (Smith)", &["Smith"][..]),
        (0, "70 Kowalczyk", &["Kowalczyk"]),
        (1, "active - Kowalczyk", &["Kowalczyk"]),
        (1, "active; Maria Kowalczyk", &["Maria Kowalczyk"]),
        (2, "E11.9 Nowak", &["Nowak"]),
        (0, "70 (kg)", &[]),
        (0, "70 kg", &[]),
        (0, "70 (approximate)", &[]),
        (1, "active - remission", &[]),
        (1, "other - specify", &[]),
        (1, "closed, won", &[]),
        (2, "E11.9 - Diabetes", &[]),
        (2, "J45 Asthma", &[]),
        (3, "positive (Candida auris)", &[]),
        (3, "3 (moderate)", &[]),
        (3, "positive - Klebsiella", &[]),
    ] {
        let hits = columns[at].hits(value, &Known::default());
        let found: Vec<&str> = hits.iter().map(|hit| &value[hit.span.start..hit.span.end]).collect();
        assert_eq!(found, expect, "{value}");
    }
}

#[test]
fn what_a_scale_or_a_maker_is_called_stays_beside_a_number() {
    for (name, usual, values) in [
        (
            "result",
            &["1", "2", "3"][..],
            &["30 (Berg)", "19 (Tinetti)", "80 (Karnofsky)"][..],
        ),
        ("result", &["Negative"], &["Negative (Roche)", "Positive (Abbott)"]),
        (
            "pain_score",
            &["5", "6"],
            &["7 (Wong)", "6 (Dolan)", "6 Bates", "6 (Hagerty)", "7 (Wong-Baker)"],
        ),
        (
            "score",
            &["5", "6"],
            &["18 (Braden)", "4 (Norton)", "6 (Katz)", "90 (Barthel)"],
        ),
        (
            "severity",
            &["mild", "severe"],
            &["12 (Beck)", "5 Borg", "2 Rose", "90 (Barthel)"],
        ),
        ("dose", &["5", "10"], &["10 (Bayer)", "20 (Roche)", "10 (Sandoz)"]),
        ("blood_group", &["A", "B"], &["0 pos (Duffy)", "AB (Kidd)", "A (Lewis)"]),
        (
            "frequency",
            &["daily", "weekly"],
            &["weekly - Sunday", "weekly - Monday"],
        ),
        ("status", &["active"], &["transferred - Mercy", "active - Hope"]),
    ] {
        let rows: Vec<&str> = usual.iter().copied().cycle().take(8).collect();
        let column = profiled(name, &rows);
        for value in values {
            let hits = column.hits(value, &Known::default());
            assert!(
                !hits.iter().any(|hit| hit.rule == "column-remark"),
                "{name} {value} {column:?}"
            );
        }
    }
    // What the row says of its people goes beside a score, too.
    let mut known = Known::default();
    Column::named("patient_name").teach("Zelda Quillfeather", &mut known);
    let column = profiled("score", &["5", "6", "5", "6", "5", "6"]);
    assert_eq!(column.hits("5 (Quillfeather)", &known).len(), 1);
}

#[test]
fn a_name_that_is_all_of_a_note_goes() {
    for (column, value, expect) in [
        ("note", "Kowalczyk", Some(Class::Name)),
        ("comment", "Maria Santos", Some(Class::Name)),
        ("note", "Wheezing", None),
        ("note", "Anicteric", None),
        ("note", "Foley", None),
        ("note", "Brown", None),
        ("note", "Metformin", None),
        ("section.text", "Kowalczyk", None),
        ("patient", "Xu Li", Some(Class::Name)),
        ("patient", "AB 12", Some(Class::Id)),
    ] {
        let hits = Column::named(column).hits(value, &Known::default());
        assert_eq!(hits.first().map(|hit| hit.class), expect, "{column}: {value}");
    }
}

#[test]
fn a_table_of_labels_and_values_is_read_by_its_labels() {
    for (head, label, value, goes) in [
        ("Field", "Patient Name", "Susan Graves", true),
        ("Field", "MRN", "884213", true),
        ("Field", "Next of Kin", "Turner", true),
        ("Item", "RN", "Iris Sandoval", true),
        ("field_name", "nurse", "Iris Sandoval", true),
        ("key", "Phone", "555-0142", true),
        ("Field", "Weight", "884213", false),
        ("Field", "Mother", "Breast Cancer", false),
        ("Field", "Mother", "Alive", false),
        ("Drug", "MRN", "884213", false),
        ("Field", "Drain", "Jackson Pratt", false),
        ("Item", "RN", "Bed Bath", false),
    ] {
        let (first, second) = (Column::named(head), Column::named("Value"));
        let mut known = Known::default();
        teach(&[(&first, label), (&second, value)], &mut known);
        let hits = second.hits(value, &known);
        assert_eq!(!hits.is_empty(), goes, "{head} {label} {value} {hits:?}");
    }
}
