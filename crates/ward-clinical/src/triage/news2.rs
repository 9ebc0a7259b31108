//! The National Early Warning Score 2, exactly as published.
//!
//! Source: Royal College of Physicians, "National Early Warning Score (NEWS) 2: Standardising the assessment of
//! acute-illness severity in the NHS", London 2017, chart 1 (the scoring system) and chart 2 (thresholds and triggers).
//! For adults of 16 years and more, not in pregnancy.

/// Which column of the chart scores oxygen saturation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scale {
    /// SpO2 scale 1: everybody, unless a clinician decided otherwise.
    #[default]
    One,
    /// SpO2 scale 2: a target of 88-92 %, in hypercapnic respiratory failure, chosen by a competent clinician and written
    /// down.
    Two,
}

impl Scale {
    /// 1 or 2.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Scale::One => 1,
            Scale::Two => 2,
        }
    }
}

/// The level of consciousness, ACVPU.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consciousness {
    /// Alert.
    Alert,
    /// New confusion, or responds to voice or to pain only, or is unresponsive.
    Altered,
}

/// One of the seven things that are scored, in the order of the chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Parameter {
    /// Breaths per minute.
    Respiration,
    /// Oxygen saturation by pulse oximetry, per cent.
    Saturation,
    /// Breathing air, or oxygen.
    Oxygen,
    /// Systolic blood pressure, mmHg.
    Systolic,
    /// Heart beats per minute.
    Pulse,
    /// ACVPU.
    Consciousness,
    /// Degrees Celsius.
    Temperature,
}

impl Parameter {
    /// All seven.
    pub const ALL: [Parameter; 7] = [
        Parameter::Respiration,
        Parameter::Saturation,
        Parameter::Oxygen,
        Parameter::Systolic,
        Parameter::Pulse,
        Parameter::Consciousness,
        Parameter::Temperature,
    ];

    /// The words of the chart.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Parameter::Respiration => "respiratory rate",
            Parameter::Saturation => "oxygen saturation",
            Parameter::Oxygen => "air or oxygen",
            Parameter::Systolic => "systolic blood pressure",
            Parameter::Pulse => "pulse",
            Parameter::Consciousness => "consciousness",
            Parameter::Temperature => "temperature",
        }
    }
}

/// What is scored. Rates and pressures are whole numbers, as the chart has them; temperature is in tenths of a degree
/// Celsius.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Inputs {
    /// Breaths per minute.
    pub respiration: Option<u16>,
    /// Per cent.
    pub saturation: Option<u16>,
    /// True when oxygen is given.
    pub oxygen: Option<bool>,
    /// mmHg.
    pub systolic: Option<u16>,
    /// Beats per minute.
    pub pulse: Option<u16>,
    /// ACVPU.
    pub consciousness: Option<Consciousness>,
    /// Tenths of a degree Celsius.
    pub temperature: Option<u16>,
}

/// The chart's clinical risk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Risk {
    /// 0 to 4, no single 3.
    Low,
    /// 3 in a single parameter, less than 5 in all.
    LowMedium,
    /// 5 or 6.
    Medium,
    /// 7 or more.
    High,
}

impl Risk {
    /// The word of the chart.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Risk::Low => "low",
            Risk::LowMedium => "low-medium",
            Risk::Medium => "medium",
            Risk::High => "high",
        }
    }
}

/// A score, whole or as far as it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scored {
    /// Points of each parameter, in the order of [`Parameter::ALL`]; none where the input is missing.
    pub points: [Option<u8>; 7],
}

impl Scored {
    /// The sum, when nothing is missing.
    #[must_use]
    pub fn total(&self) -> Option<u8> {
        self.points.iter().copied().sum()
    }

    /// The sum of what is known: the score is this or more.
    #[must_use]
    pub fn at_least(&self) -> u8 {
        self.points.iter().flatten().sum()
    }

    /// True when a single parameter scores 3.
    #[must_use]
    pub fn single_three(&self) -> bool {
        self.points.contains(&Some(3))
    }

    /// What is missing.
    pub fn missing(&self) -> impl Iterator<Item = Parameter> + '_ {
        Parameter::ALL
            .into_iter()
            .zip(self.points)
            .filter(|(_, points)| points.is_none())
            .map(|(one, _)| one)
    }

    /// The clinical risk, when nothing is missing.
    #[must_use]
    pub fn risk(&self) -> Option<Risk> {
        Some(match self.total()? {
            7.. => Risk::High,
            5.. => Risk::Medium,
            _ if self.single_three() => Risk::LowMedium,
            _ => Risk::Low,
        })
    }
}

/// Scores `inputs`.
///
/// On scale 2 a saturation of 93 % and more scores only while oxygen is given; without knowing that, and with 93 % or
/// more, the saturation cannot be scored.
#[must_use]
pub fn score(inputs: &Inputs, scale: Scale) -> Scored {
    Scored {
        points: [
            inputs.respiration.map(respiration),
            inputs.saturation.and_then(|value| match scale {
                Scale::One => Some(saturation_1(value)),
                Scale::Two => saturation_2(value, inputs.oxygen),
            }),
            inputs.oxygen.map(|oxygen| if oxygen { 2 } else { 0 }),
            inputs.systolic.map(systolic),
            inputs.pulse.map(pulse),
            inputs
                .consciousness
                .map(|level| if level == Consciousness::Alert { 0 } else { 3 }),
            inputs.temperature.map(temperature),
        ],
    }
}

fn respiration(rate: u16) -> u8 {
    match rate {
        0..=8 => 3,
        9..=11 => 1,
        12..=20 => 0,
        21..=24 => 2,
        25.. => 3,
    }
}

fn saturation_1(per_cent: u16) -> u8 {
    match per_cent {
        0..=91 => 3,
        92..=93 => 2,
        94..=95 => 1,
        96.. => 0,
    }
}

fn saturation_2(per_cent: u16, oxygen: Option<bool>) -> Option<u8> {
    match per_cent {
        0..=83 => Some(3),
        84..=85 => Some(2),
        86..=87 => Some(1),
        88..=92 => Some(0),
        93.. => oxygen.map(|oxygen| match per_cent {
            _ if !oxygen => 0,
            93..=94 => 1,
            95..=96 => 2,
            _ => 3,
        }),
    }
}

fn systolic(pressure: u16) -> u8 {
    match pressure {
        0..=90 => 3,
        91..=100 => 2,
        101..=110 => 1,
        111..=219 => 0,
        220.. => 3,
    }
}

fn pulse(rate: u16) -> u8 {
    match rate {
        0..=40 => 3,
        41..=50 => 1,
        51..=90 => 0,
        91..=110 => 1,
        111..=130 => 2,
        131.. => 3,
    }
}

fn temperature(tenths: u16) -> u8 {
    match tenths {
        0..=350 => 3,
        351..=360 => 1,
        361..=380 => 0,
        381..=390 => 1,
        391.. => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The chart as it is printed: columns 3 2 1 0 1 2 3, each "from-to" or empty. Written down anew for the test.
    const CHART: &[(&str, u16, u16, [&str; 7])] = &[
        ("respiration", 0, 80, ["0-8", "", "9-11", "12-20", "", "21-24", "25-"]),
        ("scale 1", 0, 100, ["0-91", "92-93", "94-95", "96-", "", "", ""]),
        ("scale 2 air", 0, 100, ["0-83", "84-85", "86-87", "88-", "", "", ""]),
        (
            "scale 2 oxygen",
            0,
            100,
            ["0-83", "84-85", "86-87", "88-92", "93-94", "95-96", "97-"],
        ),
        (
            "systolic",
            0,
            300,
            ["0-90", "91-100", "101-110", "111-219", "", "", "220-"],
        ),
        (
            "pulse",
            0,
            250,
            ["0-40", "", "41-50", "51-90", "91-110", "111-130", "131-"],
        ),
        (
            "temperature",
            250,
            450,
            ["0-350", "", "351-360", "361-380", "381-390", "391-", ""],
        ),
    ];

    fn by_chart(columns: &[&str; 7], value: u16) -> u8 {
        let points = [3, 2, 1, 0, 1, 2, 3];
        let found: Vec<u8> = columns
            .iter()
            .zip(points)
            .filter(|(range, _)| {
                range.split_once('-').is_some_and(|(from, to)| {
                    value >= from.parse().unwrap() && (to.is_empty() || value <= to.parse().unwrap())
                })
            })
            .map(|(_, points)| points)
            .collect();
        assert_eq!(found.len(), 1, "{value}");
        found[0]
    }

    fn points_of(name: &str, value: u16) -> u8 {
        match name {
            "respiration" => respiration(value),
            "scale 1" => saturation_1(value),
            "scale 2 air" => saturation_2(value, Some(false)).unwrap(),
            "scale 2 oxygen" => saturation_2(value, Some(true)).unwrap(),
            "systolic" => systolic(value),
            "pulse" => pulse(value),
            _ => temperature(value),
        }
    }

    #[test]
    fn every_value_of_the_chart() {
        for (name, from, to, columns) in CHART {
            for value in *from..=*to {
                assert_eq!(points_of(name, value), by_chart(columns, value), "{name} {value}");
            }
        }
    }

    /// One value from each cell of the chart, in every combination: 5 x 7 x 2 x 5 x 6 x 2 x 5 and both scales.
    #[test]
    fn every_combination_of_cells() {
        let mut count = 0;
        for scale in [Scale::One, Scale::Two] {
            for respiration in [7, 10, 16, 22, 30] {
                for saturation in [80, 84, 86, 90, 93, 95, 98] {
                    for oxygen in [false, true] {
                        for systolic in [80, 95, 105, 150, 230] {
                            for pulse in [35, 45, 70, 100, 120, 140] {
                                for consciousness in [Consciousness::Alert, Consciousness::Altered] {
                                    for temperature in [345, 355, 370, 385, 395] {
                                        let inputs = Inputs {
                                            respiration: Some(respiration),
                                            saturation: Some(saturation),
                                            oxygen: Some(oxygen),
                                            systolic: Some(systolic),
                                            pulse: Some(pulse),
                                            consciousness: Some(consciousness),
                                            temperature: Some(temperature),
                                        };
                                        let name = match (scale, oxygen) {
                                            (Scale::One, _) => 1,
                                            (Scale::Two, false) => 2,
                                            (Scale::Two, true) => 3,
                                        };
                                        let parts = [
                                            by_chart(&CHART[0].3, respiration),
                                            by_chart(&CHART[name].3, saturation),
                                            if oxygen { 2 } else { 0 },
                                            by_chart(&CHART[4].3, systolic),
                                            by_chart(&CHART[5].3, pulse),
                                            if consciousness == Consciousness::Alert { 0 } else { 3 },
                                            by_chart(&CHART[6].3, temperature),
                                        ];
                                        let scored = score(&inputs, scale);
                                        let total: u8 = parts.iter().sum();
                                        assert_eq!(scored.points, parts.map(Some));
                                        assert_eq!(scored.total(), Some(total));
                                        let risk = match (total, parts.contains(&3)) {
                                            (0..=4, false) => Risk::Low,
                                            (0..=4, true) => Risk::LowMedium,
                                            (5..=6, _) => Risk::Medium,
                                            _ => Risk::High,
                                        };
                                        assert_eq!(scored.risk(), Some(risk));
                                        count += 1;
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        assert_eq!(count, 2 * 5 * 7 * 2 * 5 * 6 * 2 * 5);
    }

    #[test]
    fn missing_is_never_normal() {
        let scored = score(&Inputs::default(), Scale::One);
        assert_eq!(
            (scored.total(), scored.risk(), scored.missing().count()),
            (None, None, 7)
        );
        let partly = Inputs {
            saturation: Some(71),
            ..Inputs::default()
        };
        let scored = score(&partly, Scale::One);
        assert_eq!(
            (scored.total(), scored.at_least(), scored.single_three()),
            (None, 3, true)
        );
        let unknown_air = Inputs {
            saturation: Some(97),
            ..Inputs::default()
        };
        assert_eq!(score(&unknown_air, Scale::Two).points[1], None);
    }
}
