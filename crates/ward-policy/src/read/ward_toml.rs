//! ward.toml: the contacts and the clocks that a project has written down for Ward itself.

use toml::{Table, Value};

use crate::{
    init::Profile,
    lexicon::phrases,
    promise::{Place, Within},
    read::{Clock, ClockKind, Reading, contacts, frame},
};

/// Reads `[policy]` and `[disclose]`. What else the file holds is not the policy's.
///
/// # Errors
/// When it is no TOML; the text says so without quoting it.
pub(super) fn read(reading: &mut Reading, path: &str, text: &str) -> Result<(), String> {
    let table: Table = text.parse().map_err(|_| "it is no TOML that can be read".to_owned())?;
    let line_of = |key: &str| {
        let at = text
            .lines()
            .position(|line| line.trim_start().trim_start_matches('"').starts_with(key))
            .unwrap_or(0);
        u32::try_from(at + 1).unwrap_or(u32::MAX)
    };
    let place = |key: &str| Place {
        path: path.to_owned(),
        line: line_of(key),
        last_line: line_of(key),
    };
    for section in ["policy", "disclose"] {
        let Some(table) = table.get(section).and_then(Value::as_table) else {
            continue;
        };
        for (key, value) in table.iter().take(200) {
            let texts = value
                .as_str()
                .into_iter()
                .chain(value.as_array().into_iter().flatten().filter_map(Value::as_str));
            if key.contains("contact") || key.contains("advisory") {
                for text in texts.take(20) {
                    let place = place(key);
                    reading.contacts.extend(contacts::in_text(text, &place));
                    if !text.contains('@') || text.contains("://") {
                        reading.contacts.extend(contacts::of_link(text, true, &place));
                    }
                }
                continue;
            }
            let kind = match key.as_str() {
                "acknowledge" => ClockKind::Acknowledge,
                "assess" => ClockKind::Assess,
                "fix" => ClockKind::Fix,
                "update" | "updates" => ClockKind::Update,
                "publish" | "disclose" => ClockKind::Publish,
                _ => continue,
            };
            let mut clock = |key: &str, text: &str, severity: Option<&str>| {
                if let Some(within) = duration(text) {
                    let severity = severity.map(str::to_owned);
                    reading.clocks.push(Clock {
                        kind,
                        within,
                        severity,
                        goal: false,
                        place: place(key),
                    });
                }
            };
            match value {
                Value::String(text) => clock(key, text, None),
                Value::Table(severities) => {
                    for (severity, value) in severities.iter().take(20) {
                        if let Some(text) = value.as_str() {
                            clock(severity, text, Some(severity));
                        }
                    }
                }
                _ => {}
            }
        }
    }
    if let Some(disclose) = table.get("disclose").and_then(Value::as_table) {
        running(reading, disclose, &place("[disclose"), &place("clocks"));
    }
    Ok(())
}

/// The clocks that `ward disclose` runs: the team's preset (`standard` where none is chosen), and own ones in its place.
/// When something is made public is told from other events than policies tell it from, and is not compared.
fn running(reading: &mut Reading, disclose: &Table, section: &Place, key: &Place) {
    let list = |name: &str| disclose.get(name).and_then(Value::as_array);
    let (preset, at) = match list("clocks") {
        None => (Some(Profile::Standard), section),
        Some(names) => (names.iter().filter_map(Value::as_str).find_map(Profile::from_word), key),
    };
    let mut push = |kind, text: &str, severity: Option<&str>| {
        if let Some(within) = duration(text) {
            reading.clocks.push(Clock {
                kind,
                within,
                severity: severity.map(str::to_owned),
                goal: false,
                place: at.clone(),
            });
        }
    };
    let own = |name: &str| {
        let of_name = |one: &&Value| one.get("name").and_then(Value::as_str) == Some(name);
        list("clock").into_iter().flatten().find(of_name)
    };
    let length = |clock: &Value| {
        let units = ["hours", "days", "business-days", "months"];
        units.into_iter().find_map(|unit| {
            let number = clock.get(unit).and_then(Value::as_integer)?;
            Some(format!("{number} {}", unit.replace('-', " ")))
        })
    };
    let preset = preset.map(Profile::clocks);
    let mut simple = |kind, name: &str, usual: Option<&str>| {
        let text = own(name).map_or_else(|| usual.map(str::to_owned), length);
        if let Some(text) = text {
            push(kind, &text, None);
        }
    };
    simple(
        ClockKind::Acknowledge,
        "acknowledge",
        preset.as_ref().map(|one| one.acknowledge),
    );
    simple(ClockKind::Assess, "assess", preset.as_ref().map(|one| one.assess));
    if own("fix").is_none()
        && let Some(preset) = preset
    {
        for (severity, text) in ["critical", "high", "medium", "low"].into_iter().zip(preset.fix) {
            push(ClockKind::Fix, text, Some(severity));
        }
    }
}

/// A duration in words, or as `48h`, `5bd`, `7d`, `2w`.
fn duration(text: &str) -> Option<Within> {
    let lower = text.trim().to_ascii_lowercase();
    let spelled = lower
        .strip_suffix("bd")
        .map(|number| format!("{number} business days"))
        .unwrap_or(lower);
    let spelled = spelled
        .strip_suffix('w')
        .filter(|number| number.bytes().all(|b| b.is_ascii_digit()))
        .map(|number| format!("{number} weeks"))
        .unwrap_or(spelled);
    frame::durations(&phrases::find(&spelled))
        .first()
        .map(|time| time.within)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::promise::TimeUnit;

    #[test]
    fn contacts_and_clocks_are_read() {
        let mut reading = Reading::default();
        let text = "[policy]\ncontact = \"sec@acme.dev\"\n\n[disclose]\nacknowledge = \"48h\"\nassess = \"5bd\"\n[disclose.fix]\ncritical = \"7 days\"\n";
        read(&mut reading, "ward.toml", text).expect("TOML");
        assert_eq!(reading.contacts[0].value, "sec@acme.dev");
        let clocks: Vec<_> = reading
            .clocks
            .iter()
            .map(|clock| (clock.kind, clock.within.max, clock.within.unit, clock.place.line))
            .collect();
        assert!(clocks.contains(&(ClockKind::Acknowledge, 48, TimeUnit::Hours, 5)));
        assert!(clocks.contains(&(ClockKind::Assess, 5, TimeUnit::BusinessDays, 6)));
        assert!(clocks.contains(&(ClockKind::Fix, 7, TimeUnit::Days, 8)));
        assert!(read(&mut reading, "ward.toml", "[").is_err());
    }
}
