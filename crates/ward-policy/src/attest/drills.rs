//! Evidence from drills: what a team tried out, and the record that it wrote of it.
//!
//! `[[attest.drill]]` of `ward.toml` names a control, the day, the record and whether it went well. A record that is not
//! there, or a drill of more than a year ago, shows nothing; what people wrote down is believed as theirs, and said to be.

use serde::Deserialize;
use ward_evidence::{ControlId, by_id};

use super::{
    Evidence,
    document::{Item, Outcome, Source},
    when,
};

/// Seconds after which a drill shows nothing any more: a year.
const STALE: i64 = 366 * 86_400;
/// Most drills of one file.
const MOST: usize = 500;

/// A drill that was named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drill {
    /// The control that it shows.
    pub control: ControlId,
    /// The day, as `YYYY-MM-DD`.
    pub on: String,
    /// The record, from the root of the project.
    pub record: String,
    /// Whether it went well.
    pub held: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    control: String,
    on: String,
    record: String,
    held: bool,
}

/// The drills that `[[attest.drill]]` names.
///
/// # Errors
/// A sentence when an entry has another shape, names an unknown control or no day.
pub fn named(list: Option<&toml::Value>) -> Result<Vec<Drill>, String> {
    let Some(list) = list else { return Ok(Vec::new()) };
    let list = list.as_array().ok_or("[[attest.drill]] is no list of tables")?;
    let one = |value: &toml::Value| {
        let written: Written = value
            .clone()
            .try_into()
            .map_err(|_| "[[attest.drill]] takes control, on, record and held".to_owned())?;
        let control = by_id(&written.control).ok_or("[[attest.drill]] names what is no control")?;
        when::day(&written.on).ok_or("[[attest.drill]] on is a day such as 2026-11-22")?;
        Ok(Drill {
            control: control.id,
            on: written.on,
            record: written.record,
            held: written.held,
        })
    };
    list.iter().take(MOST).map(one).collect()
}

/// What drills show at `now`, in seconds since 1970. `is_there` says whether a record can be read.
pub fn evidence(drills: &[Drill], now: i64, is_there: &mut dyn FnMut(&str) -> bool) -> Evidence {
    let mut all = Evidence::new();
    for drill in drills {
        let day = when::day(&drill.on).unwrap_or(i64::MAX);
        let (outcome, what) = if !is_there(&drill.record) {
            (Outcome::NotExamined, "has no record that can be read".to_owned())
        } else if day > now {
            (Outcome::NotExamined, "lies in the future".to_owned())
        } else if now.saturating_sub(day) > STALE {
            (Outcome::NotExamined, "was more than a year ago".to_owned())
        } else if drill.held {
            (
                Outcome::Held,
                "went well, as its record says; nobody examined the record here".to_owned(),
            )
        } else {
            (Outcome::Failed, "failed, as its record says".to_owned())
        };
        all.entry(drill.control).or_default().push(Item {
            source: Source::Drill,
            outcome,
            count: 1,
            what: format!("A drill of {} {what}.", drill.on),
            places: vec![drill.record.clone()],
            proofs: Vec::new(),
        });
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drills_show_what_they_can() {
        let text = "[[drill]]\ncontrol = 'RUN-9a'\non = '2026-11-01'\nrecord = 'drills/a.md'\nheld = true\n";
        let read = |text: &str| {
            let table: toml::Table = text.parse().unwrap();
            named(table.get("drill"))
        };
        let drills = read(text).unwrap();
        let now = when::day("2026-11-22").unwrap();
        let outcome = |drills: &[Drill], now: i64, there: bool| {
            let all = evidence(drills, now, &mut |_| there);
            all.values().flatten().map(|item| item.outcome).collect::<Vec<_>>()
        };
        assert_eq!(outcome(&drills, now, true), [Outcome::Held]);
        assert_eq!(outcome(&drills, now, false), [Outcome::NotExamined], "no record");
        assert_eq!(outcome(&drills, now + STALE, true), [Outcome::NotExamined], "stale");
        assert_eq!(
            outcome(&drills, now - 30 * 86_400, true),
            [Outcome::NotExamined],
            "not yet"
        );
        let failed = read(&text.replace("true", "false")).unwrap();
        assert_eq!(outcome(&failed, now, true), [Outcome::Failed]);
        for wrong in ["RUN-9a", "2026-11-01", "held = true"] {
            assert!(
                read(&text.replace(wrong, "x = 1")).is_err() || wrong.starts_with("held"),
                "{wrong}"
            );
        }
        assert!(read(&text.replace("held = true\n", "")).is_err());
        assert_eq!(named(None), Ok(Vec::new()));
    }
}
