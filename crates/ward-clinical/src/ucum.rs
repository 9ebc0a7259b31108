//! Units as records write them and the code that the Unified Code for Units of Measure (UCUM 2.1) has for each. The unit as written is
//! always kept; the code stands beside it where it is known.

/// The system of the codes, as FHIR names it.
pub const SYSTEM: &str = "http://unitsofmeasure.org";

/// Units in lower case and their codes. A unit of which another writing differs by case alone is not here.
#[rustfmt::skip]
const CODES: &[(&str, &str)] = &[
    ("%", "%"), ("percent", "%"),
    ("mg/dl", "mg/dL"), ("g/dl", "g/dL"), ("g/l", "g/L"), ("mg/l", "mg/L"), ("mcg/dl", "ug/dL"), ("ug/dl", "ug/dL"), ("µg/dl", "ug/dL"), ("ug/l", "ug/L"), ("µg/l", "ug/L"), ("mcg/l", "ug/L"),
    ("ng/ml", "ng/mL"), ("ng/dl", "ng/dL"), ("ng/l", "ng/L"), ("pg/ml", "pg/mL"), ("mg/g", "mg/g"), ("pg", "pg"), ("fl", "fL"),
    ("mmol/l", "mmol/L"), ("umol/l", "umol/L"), ("µmol/l", "umol/L"), ("nmol/l", "nmol/L"), ("pmol/l", "pmol/L"), ("mmol/mol", "mmol/mol"), ("meq/l", "meq/L"),
    ("u/l", "U/L"), ("units/l", "U/L"), ("iu/l", "[IU]/L"), ("miu/l", "m[IU]/L"), ("miu/ml", "m[IU]/mL"), ("uiu/ml", "u[IU]/mL"), ("µiu/ml", "u[IU]/mL"),
    ("k/ul", "10*3/uL"), ("k/mcl", "10*3/uL"), ("10*3/ul", "10*3/uL"), ("10^3/ul", "10*3/uL"), ("x10^3/ul", "10*3/uL"), ("10*6/ul", "10*6/uL"), ("10^6/ul", "10*6/uL"), ("10*9/l", "10*9/L"), ("10^9/l", "10*9/L"),
    ("/ul", "/uL"), ("/µl", "/uL"), ("/mm3", "/mm3"), ("cells/ul", "{cells}/uL"), ("cells/mm3", "{cells}/mm3"), ("copies/ml", "{copies}/mL"),
    ("ml/min", "mL/min"), ("ml/min/1.73m2", "mL/min/{1.73_m2}"), ("ml/min/1.73m²", "mL/min/{1.73_m2}"), ("ml/min/1.73", "mL/min/{1.73_m2}"), ("ml/min/{1.73_m2}", "mL/min/{1.73_m2}"),
    ("mmhg", "mm[Hg]"), ("mm hg", "mm[Hg]"), ("mm[hg]", "mm[Hg]"), ("/min", "/min"), ("bpm", "/min"), ("beats/min", "{beats}/min"), ("{beats}/min", "{beats}/min"), ("breaths/min", "{breaths}/min"), ("{breaths}/min", "{breaths}/min"),
    ("°c", "Cel"), ("c", "Cel"), ("cel", "Cel"), ("°f", "[degF]"), ("f", "[degF]"), ("[degf]", "[degF]"),
    ("kg", "kg"), ("lb", "[lb_av]"), ("lbs", "[lb_av]"), ("pounds", "[lb_av]"), ("[lb_av]", "[lb_av]"), ("cm", "cm"), ("in", "[in_i]"), ("inches", "[in_i]"), ("[in_i]", "[in_i]"), ("kg/m2", "kg/m2"), ("kg/m²", "kg/m2"),
    ("mm/hr", "mm/h"), ("mm/h", "mm/h"), ("sec", "s"), ("seconds", "s"), ("l/min", "L/min"),
];

/// Units whose letters' case tells them from others: a giga and a gram in a litre.
const BY_CASE: &[(&str, &str)] = &[
    ("G/l", "10*9/L"),
    ("G/L", ""),
    ("T/l", "10*12/L"),
    ("Gpt/l", "10*9/L"),
    ("Tpt/l", "10*12/L"),
    ("m", "m"),
];

/// The UCUM code of a unit of a laboratory value or vital sign, where it is known and is no other's.
///
/// `G/L` is written for grams and for 10⁹ in a litre and has none.
#[must_use]
pub fn code(unit: &str) -> Option<&'static str> {
    let unit = unit.trim();
    let lower = unit.to_lowercase();
    let found = BY_CASE
        .iter()
        .find(|(written, _)| *written == unit)
        .or_else(|| CODES.iter().find(|(written, _)| *written == lower));
    found.map(|(_, code)| *code).filter(|code| !code.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_codes() {
        let check = |unit: &str, expect: Option<&str>| assert_eq!(code(unit), expect, "{unit}");
        check("mg/dl", Some("mg/dL"));
        check("MG/DL", Some("mg/dL"));
        check("K/uL", Some("10*3/uL"));
        check("mmHg", Some("mm[Hg]"));
        check("F", Some("[degF]"));
        check("°C", Some("Cel"));
        check("g/l", Some("g/L"));
        check("G/l", Some("10*9/L"));
        check("G/L", None);
        check("M", None);
        check("furlongs", None);
        check("", None);
    }

    #[test]
    fn every_code_is_one_of_its_own_system() {
        for (_, one) in CODES {
            assert!(code(one).is_none_or(|again| again == *one), "{one}");
        }
    }

    #[test]
    fn no_unit_stands_twice() {
        let mut units: Vec<&str> = CODES.iter().map(|(unit, _)| *unit).collect();
        units.sort_unstable();
        assert!(units.windows(2).all(|two| two[0] != two[1]));
        assert!(units.iter().all(|unit| unit.to_lowercase() == *unit));
    }
}
