//! Laboratory tests and vital signs: the names notes use, and one name for all of them.

use std::sync::OnceLock;

use super::Phrases;

/// One measurement: its standard name, whether a vital sign, and its other names (lower case).
pub(crate) struct Measure {
    /// One name for all, lower case.
    pub(crate) name: &'static str,
    /// A vital sign, not a laboratory test.
    pub(crate) vital: bool,
    /// Names that notes, questions and coded displays use, `name` apart.
    pub(crate) aliases: &'static [&'static str],
}

/// Measurements of thousands.
#[rustfmt::skip]
const LARGE: &[&str] = &[
    "white blood cell count", "nt-probnp", "bnp", "viral load", "hcg", "neutrophils", "ferritin", "cd4 count", "b12 level",
];

/// Measurements whose values are below a thousand in every unit that is written.
#[rustfmt::skip]
const SMALL: &[&str] = &[
    "tsh", "free t4", "free t3", "potassium", "sodium", "chloride", "calcium", "magnesium", "phosphorus", "inr", "hemoglobin", "hemoglobin a1c", "hematocrit",
    "urea nitrogen", "carbon dioxide", "total protein", "lactate", "procalcitonin", "crp", "esr", "mcv", "temperature", "heart rate", "respiratory rate", "oxygen saturation",
    "body mass index", "body weight", "body height", "pain score", "egfr", "ejection fraction", "fev1", "phq-9", "gad-7", "uric acid", "red blood cell count",
    "digoxin level", "tacrolimus level", "blood pressure", "systolic blood pressure", "diastolic blood pressure", "fundal height", "fetal heart rate",
];

/// Measurements and the values a living person can have, in the units that are written most: far outside of what is normal,
/// so that only mistakes of writing fall out. (name, units in lower case or empty for none stated, least, most)
#[rustfmt::skip]
const POSSIBLE: &[(&str, &[&str], f64, f64)] = &[
    ("heart rate", &["", "/min", "bpm", "beats/min", "{beats}/min"], 10.0, 350.0),
    ("respiratory rate", &["", "/min", "breaths/min", "{breaths}/min"], 2.0, 100.0),
    ("oxygen saturation", &["", "%"], 10.0, 100.0),
    ("blood pressure", &["", "mmhg", "mm[hg]", "mm hg"], 20.0, 350.0),
    ("systolic blood pressure", &["", "mmhg", "mm[hg]", "mm hg"], 20.0, 350.0),
    ("diastolic blood pressure", &["", "mmhg", "mm[hg]", "mm hg"], 5.0, 250.0),
    ("temperature", &["c", "cel", "°c"], 12.0, 47.0),
    ("temperature", &["f", "[degf]", "°f"], 54.0, 117.0),
    ("temperature", &[""], 12.0, 117.0),
    ("body weight", &["kg"], 0.2, 650.0),
    ("body height", &["cm"], 20.0, 275.0),
    ("body mass index", &["", "kg/m2"], 6.0, 210.0),
    ("potassium", &["", "mmol/l", "meq/l"], 0.8, 15.0),
    ("sodium", &["", "mmol/l", "meq/l"], 80.0, 220.0),
    ("creatinine", &["mg/dl"], 0.0, 60.0),
    ("glucose", &["mg/dl"], 2.0, 3000.0),
    ("hemoglobin a1c", &["", "%"], 2.0, 25.0),
    ("hemoglobin", &["g/dl"], 0.5, 30.0),
];

/// Whether a living person can have a value, as far as [`POSSIBLE`] knows the measurement in this unit.
pub(crate) fn is_possible(name: &str, unit: &str, number: f64) -> Option<bool> {
    let unit = unit.to_lowercase();
    POSSIBLE
        .iter()
        .find(|(own, units, ..)| *own == name && units.contains(&unit.as_str()))
        .map(|(_, _, least, most)| (*least..=*most).contains(&number))
}

/// Whether a living person can have a blood pressure that is written as `systolic/diastolic`: each of the two, and the two together.
/// Nothing for a text of another form.
pub(crate) fn is_possible_pressure(text: &str) -> Option<bool> {
    let (systolic, diastolic) = text.split_once('/')?;
    let (systolic, diastolic): (f64, f64) = (systolic.trim().parse().ok()?, diastolic.trim().parse().ok()?);
    let each = |name, number| is_possible(name, "", number) == Some(true);
    Some(
        each("systolic blood pressure", systolic)
            && each("diastolic blood pressure", diastolic)
            && diastolic < systolic
            && systolic - diastolic <= WIDEST_PULSE_PRESSURE,
    )
}

/// The widest difference of the two pressures, in mmHg, that is not taken for a mistake of writing. Severe leaks of the aortic valve give up
/// to about 150.
const WIDEST_PULSE_PRESSURE: f64 = 180.0;

impl Measure {
    /// A number like "1.250" of a language that may part thousands by points, as one with a decimal point: the measurement and the unit
    /// tell which of the two can be meant. Nothing where neither does.
    pub(crate) fn unparted(&self, number: &str, unit: Option<&str>) -> Option<String> {
        let unit = unit.unwrap_or("").to_lowercase();
        let whole = number.replace('.', "");
        let possible = |text: &str| is_possible(self.name, &unit, text.parse().ok()?);
        let counted = unit.starts_with('/') || unit.starts_with("cells/") || unit.starts_with("copies/");
        match (possible(number), possible(&whole)) {
            (Some(true), Some(false)) => Some(number.to_owned()),
            (Some(false), Some(true)) => Some(whole),
            _ if SMALL.contains(&self.name) || unit == "mmol/l" => Some(number.to_owned()),
            _ if LARGE.contains(&self.name) || counted => Some(whole),
            _ => None,
        }
    }
}

/// The standard name of the vital sign that a concept names: "Heart rate", "Blood pressure panel".
pub(crate) fn vital(concept: &str) -> Option<&'static str> {
    let lower = concept.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '[' | ']'))
        .filter(|word| !word.is_empty())
        .collect();
    (0..words.len()).find_map(|at| {
        let (index, _) = names().at(|k| words.get(at + k).copied())?;
        of(index).filter(|measure| measure.vital).map(|measure| measure.name)
    })
}

const fn sign(name: &'static str, aliases: &'static [&'static str]) -> Measure {
    Measure {
        name,
        vital: true,
        aliases,
    }
}

const fn lab(name: &'static str, aliases: &'static [&'static str]) -> Measure {
    Measure {
        name,
        vital: false,
        aliases,
    }
}

/// Every measurement known by name.
#[rustfmt::skip]
pub(crate) const MEASURES: &[Measure] = &[
    sign("blood pressure", &["bp", "b/p", "blood pressures", "arterial pressure"]),
    sign("systolic blood pressure", &["systolic", "sbp", "systolic bp"]),
    sign("diastolic blood pressure", &["diastolic", "dbp", "diastolic bp"]),
    sign("heart rate", &["hr", "pulse", "pulse rate", "heartrate", "p"]),
    sign("respiratory rate", &["rr", "respirations", "respiration", "resp", "resp rate", "breathing rate"]),
    sign("temperature", &["temp", "body temperature", "t", "tmax"]),
    sign("oxygen saturation", &["spo2", "o2 sat", "o2 sats", "o2 saturation", "sat", "sats", "pulse ox", "pulse oximetry", "sao2", "oxygen", "oxygen level", "oxygen sats", "o2"]),
    sign("body weight", &["weight", "wt"]),
    sign("body height", &["height", "ht"]),
    sign("body mass index", &["bmi"]),
    sign("pain score", &["pain", "pain level", "pain severity"]),
    lab("hemoglobin a1c", &["a1c", "hba1c", "hb a1c", "hgba1c", "hgb a1c", "hemoglobin a1c/hemoglobin total", "haemoglobin a1c", "glycated hemoglobin", "glycohemoglobin"]),
    lab("glucose", &["blood glucose", "blood sugar", "blood sugars", "fasting glucose", "fasting blood sugar", "fbs", "fingerstick", "fsbg", "sugar", "sugars", "random glucose"]),
    lab("creatinine", &["cr", "serum creatinine", "scr", "creat"]),
    lab("egfr", &["gfr", "glomerular filtration rate", "estimated gfr", "glomerular filtration"]),
    lab("urea nitrogen", &["bun", "blood urea nitrogen", "urea"]),
    lab("sodium", &["na", "serum sodium", "na+"]),
    lab("potassium", &["k", "serum potassium", "k+"]),
    lab("chloride", &["cl"]),
    lab("carbon dioxide", &["co2", "bicarbonate", "bicarb", "hco3"]),
    lab("calcium", &["ca", "serum calcium"]),
    lab("magnesium", &["mg level", "serum magnesium"]),
    lab("phosphorus", &["phosphate", "phos"]),
    lab("albumin", &["serum albumin"]),
    lab("total protein", &["protein total"]),
    lab("alt", &["sgpt", "alanine aminotransferase"]),
    lab("ast", &["sgot", "aspartate aminotransferase"]),
    lab("alkaline phosphatase", &["alk phos", "alp"]),
    lab("bilirubin", &["total bilirubin", "bili", "t bili", "tbili", "bilirubin total"]),
    lab("lipase", &[]),
    lab("amylase", &[]),
    lab("ldl cholesterol", &["ldl", "low density lipoprotein cholesterol", "ldl-c"]),
    lab("hdl cholesterol", &["hdl", "high density lipoprotein cholesterol", "hdl-c"]),
    lab("total cholesterol", &["cholesterol", "cholesterol total"]),
    lab("triglycerides", &["tg", "trigs", "triglyceride"]),
    lab("hemoglobin", &["hgb", "hb", "haemoglobin"]),
    lab("hematocrit", &["hct", "haematocrit"]),
    lab("white blood cell count", &["wbc", "white count", "white blood cells", "white blood cell", "leukocytes", "white cell count"]),
    lab("red blood cell count", &["rbc", "erythrocytes", "red blood cells"]),
    lab("platelets", &["plt", "platelet count", "platelet"]),
    lab("mcv", &["mean corpuscular volume"]),
    lab("neutrophils", &["anc", "absolute neutrophil count"]),
    lab("inr", &[]),
    lab("prothrombin time", &["pt time"]),
    lab("partial thromboplastin time", &["ptt", "aptt"]),
    lab("d-dimer", &["d dimer"]),
    lab("troponin", &["troponin i", "troponin t", "trop", "hs-troponin"]),
    lab("bnp", &["brain natriuretic peptide"]),
    lab("nt-probnp", &["nt probnp", "probnp", "pro-bnp"]),
    lab("tsh", &["thyroid stimulating hormone", "thyrotropin"]),
    lab("free t4", &["ft4", "t4"]),
    lab("free t3", &["t3"]),
    lab("crp", &["c-reactive protein", "c reactive protein", "hs-crp"]),
    lab("esr", &["sed rate", "sedimentation rate", "erythrocyte sedimentation rate"]),
    lab("ferritin", &[]),
    lab("iron", &["serum iron"]),
    lab("vitamin d level", &["25-oh vitamin d", "25-hydroxy vitamin d"]),
    lab("b12 level", &["vitamin b12 level", "b12"]),
    lab("uric acid", &["urate"]),
    lab("psa", &["prostate specific antigen"]),
    lab("lactate", &["lactic acid"]),
    lab("procalcitonin", &[]),
    lab("ammonia", &[]),
    lab("ejection fraction", &["ef", "lvef", "left ventricular ejection fraction"]),
    lab("urine albumin", &["microalbumin", "uacr", "albumin/creatinine ratio", "urine albumin/creatinine ratio", "acr", "urine albumin-creatinine ratio", "albumin-creatinine ratio"]),
    lab("peak flow", &["peak expiratory flow", "pef"]),
    lab("fev1", &[]),
    lab("phq-9", &["phq9", "phq 9", "phq-9 score"]),
    lab("gad-7", &["gad7", "gad 7"]),
    lab("hcg", &["beta-hcg", "bhcg"]),
    lab("digoxin level", &[]),
    lab("tacrolimus level", &[]),
    lab("viral load", &["hiv viral load"]),
    lab("cd4 count", &["cd4"]),
    lab("fundal height", &[]),
    lab("fetal heart rate", &["fhr", "fetal heart tones", "fht"]),
];

/// Names as phrases. The index it gives is into [`owners`].
pub(crate) fn names() -> &'static Phrases {
    static NAMES: OnceLock<Phrases> = OnceLock::new();
    NAMES.get_or_init(|| Phrases::new(all().map(|(name, _)| name)))
}

/// The measurement that entry `index` of [`names`] names.
pub(crate) fn of(index: usize) -> Option<&'static Measure> {
    static OWNERS: OnceLock<Vec<usize>> = OnceLock::new();
    let owners = OWNERS.get_or_init(|| all().map(|(_, owner)| owner).collect());
    owners.get(index).and_then(|owner| MEASURES.get(*owner))
}

/// Whether `word` is part of a name of the measurement that is called `name`.
pub(crate) fn is_called(name: &str, word: &str) -> bool {
    MEASURES
        .iter()
        .filter(|measure| measure.name == name)
        .flat_map(|measure| std::iter::once(&measure.name).chain(measure.aliases))
        .any(|alias| alias.split(' ').any(|part| part == word))
}

fn all() -> impl Iterator<Item = (&'static str, usize)> {
    MEASURES.iter().enumerate().flat_map(|(owner, measure)| {
        std::iter::once(measure.name)
            .chain(measure.aliases.iter().copied())
            .map(move |name| (name, owner))
    })
}

/// Units of results, lower case, as written after a number.
#[rustfmt::skip]
pub(crate) const UNITS: &[&str] = &[
    "%", "mg/dl", "g/dl", "mmol/l", "meq/l", "mmhg", "mm hg", "mm[hg]", "bpm", "beats/min", "/min", "breaths/min", "°f", "°c", "f", "c", "kg", "lb", "lbs", "pounds",
    "cm", "in", "inches", "m", "kg/m2", "kg/m²", "ml/min", "ml/min/1.73m2", "ml/min/1.73", "ml/min/1.73m²", "iu/l", "u/l", "units/l", "ng/ml", "ng/dl", "pg/ml", "mcg/dl", "ug/dl", "miu/l",
    "miu/ml", "uiu/ml", "k/ul", "10*3/ul", "x10^3/ul", "/ul", "/mm3", "mm/hr", "mm/h", "sec", "seconds", "fl", "pg", "mg/g", "mg/l", "umol/l", "µmol/l", "l/min", "copies/ml", "cells/ul", "degrees", "percent", "/10",
    "10^3/ul", "10*6/ul", "k/mcl", "cells/mm3", "mmol/mol", "nmol/l", "pmol/l", "g/l", "ng/l", "ug/l", "µg/l",
];
