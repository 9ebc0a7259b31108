//! Clocks that stand written somewhere: in most policies, and in law. A duty of law is listed with its place; whether it
//! applies to a team is the team's to know, and its clock runs only once somebody marks what starts it.

use crate::{
    calendar::Offset::{self, BusinessDays, Days, Hours, Months},
    clock::{Clock, Event, Length},
};

/// A named set of clocks.
pub struct Preset {
    /// Its name in `clocks = [..]`.
    pub name: &'static str,
    /// What it is.
    pub what: &'static str,
    clocks: fn() -> Vec<Clock>,
}

impl Preset {
    /// Its clocks.
    #[must_use]
    pub fn clocks(&self) -> Vec<Clock> {
        (self.clocks)()
    }
}

/// Every preset.
pub const PRESETS: &[Preset] = &[
    Preset {
        name: "standard",
        what: "acknowledged in 48 hours, assessed in 5 business days, fixed by severity, public 30 days after the fix",
        clocks: standard,
    },
    Preset {
        name: "cra",
        what: "Regulation (EU) 2024/2847 (Cyber Resilience Act), Article 14: exploited vulnerabilities, severe incidents",
        clocks: cra,
    },
    Preset {
        name: "fda",
        what: "FDA, Postmarket Management of Cybersecurity in Medical Devices (2016): uncontrolled risk only",
        clocks: fda,
    },
    Preset {
        name: "hipaa",
        what: "45 CFR 164.404: notice of a breach to individuals",
        clocks: hipaa,
    },
    Preset {
        name: "gdpr",
        what: "Regulation (EU) 2016/679 (GDPR), Article 33: notice of a breach to the authority",
        clocks: gdpr,
    },
    Preset {
        name: "strict",
        what: "acknowledged in 24 hours, assessed in 3 business days, fixed in 24 hours to 4 weeks, public 14 days after the fix",
        clocks: strict,
    },
    Preset {
        name: "small-team",
        what: "acknowledged in 5 business days, assessed in 10, fixed in 7 to 90 days, public 30 days after the fix",
        clocks: small_team,
    },
];

/// Presets of a team's own times, of which one runs: two on one case would contradict.
pub const OF_TEAMS: [&str; 3] = ["standard", "strict", "small-team"];

/// The clocks that run where nobody chose any: the standard ones, and those of laws.
#[must_use]
pub fn by_default() -> Vec<Clock> {
    let presets = PRESETS
        .iter()
        .filter(|preset| preset.name == "standard" || !OF_TEAMS.contains(&preset.name));
    presets.flat_map(Preset::clocks).collect()
}

fn clock(name: &str, what: &str, from: Event, until: Event, length: Length, source: &str) -> Clock {
    Clock {
        name: name.to_owned(),
        what: what.to_owned(),
        from,
        given: None,
        until,
        length,
        source: source.to_owned(),
    }
}

fn standard() -> Vec<Clock> {
    let fix = [
        (Hours(24), Hours(24)),
        (Days(7), Days(14)),
        (Days(14), Days(28)),
        (Days(28), Days(56)),
    ];
    team(Hours(48), BusinessDays(5), fix, Days(30))
}

fn strict() -> Vec<Clock> {
    let fix = [
        (Hours(24), Hours(24)),
        (Days(7), Days(7)),
        (Days(14), Days(14)),
        (Days(28), Days(28)),
    ];
    team(Hours(24), BusinessDays(3), fix, Days(14))
}

fn small_team() -> Vec<Clock> {
    let fix = [
        (Days(7), Days(7)),
        (Days(30), Days(30)),
        (Days(60), Days(60)),
        (Days(90), Days(90)),
    ];
    team(BusinessDays(5), BusinessDays(10), fix, Days(30))
}

/// The clocks of a team's own policy: fixes by severity, from critical to low, each with when to hurry and the end.
fn team(acknowledge: Offset, assess: Offset, fix: [(Offset, Offset); 4], disclose: Offset) -> Vec<Clock> {
    use Event::{Acknowledged, Assessed, Fixed, Published, Received};
    let team = "the team's policy";
    vec![
        clock(
            "acknowledge",
            "acknowledge the report",
            Received,
            Acknowledged,
            Length::Always(acknowledge),
            team,
        ),
        clock(
            "assess",
            "assess the report",
            Received,
            Assessed,
            Length::Always(assess),
            team,
        ),
        clock("fix", "release the fix", Assessed, Fixed, Length::BySeverity(fix), team),
        clock(
            "disclose",
            "publish the advisory",
            Fixed,
            Published,
            Length::Always(disclose),
            team,
        ),
    ]
}

fn cra() -> Vec<Clock> {
    use Event::{
        ExploitationKnown, ExploitationNotified, ExploitationReported, ExploitationWarned, Fixed, IncidentKnown,
        IncidentNotified, IncidentReported, IncidentWarned,
    };
    let source = |place: &str| format!("Regulation (EU) 2024/2847, Article {place}");
    let entry = |name: &str, what: &str, from, until, offset, place: &str| {
        clock(name, what, from, until, Length::Always(offset), &source(place))
    };
    vec![
        entry(
            "cra-warning",
            "submit the early warning of an actively exploited vulnerability",
            ExploitationKnown,
            ExploitationWarned,
            Hours(24),
            "14(2)(a)",
        ),
        entry(
            "cra-notification",
            "submit the vulnerability notification",
            ExploitationKnown,
            ExploitationNotified,
            Hours(72),
            "14(2)(b)",
        ),
        // The date runs from the corrective or mitigating measure, not from awareness.
        Clock {
            given: Some(ExploitationKnown),
            ..entry(
                "cra-final",
                "submit the final report, 14 days after a measure is available",
                Fixed,
                ExploitationReported,
                Days(14),
                "14(2)(c)",
            )
        },
        entry(
            "cra-incident-warning",
            "submit the early warning of a severe incident",
            IncidentKnown,
            IncidentWarned,
            Hours(24),
            "14(4)(a)",
        ),
        entry(
            "cra-incident-notification",
            "submit the incident notification",
            IncidentKnown,
            IncidentNotified,
            Hours(72),
            "14(4)(b)",
        ),
        entry(
            "cra-incident-final",
            "submit the final report, one month after the notification",
            IncidentNotified,
            IncidentReported,
            Months(1),
            "14(4)(c)",
        ),
    ]
}

fn fda() -> Vec<Clock> {
    use Event::{CustomersTold, RiskFixed, UncontrolledRiskKnown};
    let source = "FDA, Postmarket Management of Cybersecurity in Medical Devices (2016), section VII.B";
    vec![
        clock(
            "fda-communicate",
            "tell customers and users, with interim measures",
            UncontrolledRiskKnown,
            CustomersTold,
            Length::Always(Days(30)),
            source,
        ),
        clock(
            "fda-fix",
            "fix, validate and distribute",
            UncontrolledRiskKnown,
            RiskFixed,
            Length::Always(Days(60)),
            source,
        ),
    ]
}

fn hipaa() -> Vec<Clock> {
    let what = "tell the individuals, without unreasonable delay";
    vec![clock(
        "hipaa-individuals",
        what,
        Event::BreachDiscovered,
        Event::IndividualsTold,
        Length::Always(Days(60)),
        "45 CFR 164.404(b)",
    )]
}

fn gdpr() -> Vec<Clock> {
    let what = "tell the supervisory authority";
    vec![clock(
        "gdpr-authority",
        what,
        Event::PersonalDataBreachKnown,
        Event::AuthorityTold,
        Length::Always(Hours(72)),
        "Regulation (EU) 2016/679, Article 33(1)",
    )]
}
