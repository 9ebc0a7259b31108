//! What is due when: a clock is a trigger, an offset and a calendar. Without its trigger it has no date.

mod presets;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    calendar::{Calendar, Offset},
    score::Level,
};

pub use presets::{OF_TEAMS, PRESETS, Preset, by_default};

/// Something that happened, and from which, or until which, clocks run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Event {
    /// The report arrived.
    Received,
    /// The reporter was told so.
    Acknowledged,
    /// Its severity is known.
    Assessed,
    /// The last fix that was owed is released: a corrective measure is available.
    Fixed,
    /// An advisory is public.
    Published,
    /// The case was closed, declined or not reproduced.
    Ended,
    /// It became known that the vulnerability is actively exploited.
    ExploitationKnown,
    /// The early warning of an exploited vulnerability was submitted.
    ExploitationWarned,
    /// The notification of an exploited vulnerability was submitted.
    ExploitationNotified,
    /// The final report on an exploited vulnerability was submitted.
    ExploitationReported,
    /// A severe incident became known.
    IncidentKnown,
    /// Its early warning was submitted.
    IncidentWarned,
    /// Its notification was submitted.
    IncidentNotified,
    /// Its final report was submitted.
    IncidentReported,
    /// It became known that patients may be harmed: uncontrolled risk.
    UncontrolledRiskKnown,
    /// Customers and users were told of it and of what to do meanwhile.
    CustomersTold,
    /// The fix is validated and distributed.
    RiskFixed,
    /// A breach of protected health information was discovered.
    BreachDiscovered,
    /// The individuals were told.
    IndividualsTold,
    /// A breach of personal data became known.
    PersonalDataBreachKnown,
    /// The supervisory authority was told.
    AuthorityTold,
    /// An incident was contained.
    Contained,
    /// What can be learned of an incident was written down.
    Learned,
}

impl Event {
    /// Every event.
    pub const ALL: &[Event] = &[
        Event::Received,
        Event::Acknowledged,
        Event::Assessed,
        Event::Fixed,
        Event::Published,
        Event::Ended,
        Event::ExploitationKnown,
        Event::ExploitationWarned,
        Event::ExploitationNotified,
        Event::ExploitationReported,
        Event::IncidentKnown,
        Event::IncidentWarned,
        Event::IncidentNotified,
        Event::IncidentReported,
        Event::UncontrolledRiskKnown,
        Event::CustomersTold,
        Event::RiskFixed,
        Event::BreachDiscovered,
        Event::IndividualsTold,
        Event::PersonalDataBreachKnown,
        Event::AuthorityTold,
        Event::Contained,
        Event::Learned,
    ];

    /// True for what a person marks by hand (`ward disclose mark`); the others follow from steps of a case.
    #[must_use]
    pub fn by_hand(self) -> bool {
        !matches!(
            self,
            Self::Received
                | Self::Acknowledged
                | Self::Assessed
                | Self::Fixed
                | Self::Published
                | Self::Ended
                | Self::Contained
                | Self::Learned
        )
    }

    /// Its word, as in files and on the command line.
    #[must_use]
    pub fn word(self) -> String {
        serde_json::to_value(self)
            .ok()
            .and_then(|value| value.as_str().map(str::to_owned))
            .unwrap_or_default()
    }

    /// The event of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|event| event.word() == word)
    }
}

/// How long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Length {
    /// The same for every case.
    Always(Offset),
    /// By severity: critical, high, medium, low. From the first offset on it is time to hurry, the second is the end. A
    /// case without a severity yet has no date; one that is `none` has none at all.
    BySeverity([(Offset, Offset); 4]),
}

/// A promise or a duty of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clock {
    /// Its name: letters, digits and hyphens.
    pub name: String,
    /// What is due, in words.
    pub what: String,
    /// What starts it.
    pub from: Event,
    /// What must have happened, too, before it runs at all: a fix starts the final report of an exploited vulnerability
    /// only.
    pub given: Option<Event>,
    /// What stops it.
    pub until: Event,
    /// How long.
    pub length: Length,
    /// Where it stands written: `team's policy`, `Regulation (EU) 2024/2847, Article 14(2)(a)`.
    pub source: String,
}

/// How a clock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It runs, and there is time.
    Running,
    /// It runs, and is within the window of warning.
    Warning,
    /// It ran out, and what was due is not done.
    Overdue,
    /// What was due was done in time.
    Met,
    /// What was due was done too late.
    Late,
    /// The case ended before it was due.
    Ended,
}

/// A clock of one case that has its trigger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The clock's name.
    pub clock: String,
    /// What is due.
    pub what: String,
    /// Where it stands written.
    pub source: String,
    /// When it started.
    pub from: Timestamp,
    /// From here on it is time to hurry.
    pub warn: Timestamp,
    /// The first instant that is too late.
    pub end: Timestamp,
    /// How it stands.
    pub standing: Standing,
}

/// When things happened in a case, and how severe it is.
pub trait Happened {
    /// When an event happened; the first time it did.
    fn when(&self, event: Event) -> Option<Timestamp>;
    /// The severity, once assessed.
    fn severity(&self) -> Option<Level>;
}

/// How a clock stands for a case at `now`. None without its trigger, and without the severity that it depends on.
/// Hours before the end from which a warning is due: `warn_hours`, at most a half of the period.
#[must_use]
pub fn due(clock: &Clock, case: &dyn Happened, calendar: &Calendar, warn_hours: u32, now: Timestamp) -> Option<Due> {
    let mut from = case.when(clock.from)?;
    if let Some(given) = clock.given {
        from = from.max(case.when(given)?);
    }
    let (target, limit) = match &clock.length {
        Length::Always(limit) => (None, *limit),
        Length::BySeverity(lengths) => {
            let (target, limit) = *lengths.get(case.severity()?.rank()?)?;
            (Some(target), limit)
        }
    };
    let end = calendar.end(from, limit)?;
    let period = end.as_second().saturating_sub(from.as_second()).max(0);
    let window = i64::from(warn_hours).saturating_mul(3600).min(period / 2);
    let before = Timestamp::from_second(end.as_second() - window).unwrap_or(end);
    let warn = target
        .filter(|target| *target != limit)
        .and_then(|target| calendar.end(from, target))
        .map_or(before, |target| target.min(before));
    let done = case.when(clock.until);
    let ended = case.when(Event::Ended);
    let standing = match (done, ended) {
        (Some(done), _) if done < end => Standing::Met,
        (Some(_), _) => Standing::Late,
        // A duty that a person has to report on does not go away because the case was closed.
        (None, Some(_)) if clock.until.by_hand() && now >= end => Standing::Overdue,
        (None, Some(ended)) if !clock.until.by_hand() && ended < end => Standing::Ended,
        (None, Some(_)) if !clock.until.by_hand() => Standing::Late,
        (None, _) if now >= end => Standing::Overdue,
        (None, _) if now >= warn => Standing::Warning,
        _ => Standing::Running,
    };
    Some(Due {
        clock: clock.name.clone(),
        what: clock.what.clone(),
        source: clock.source.clone(),
        from,
        warn,
        end,
        standing,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    struct Case(BTreeMap<Event, Timestamp>, Option<Level>);

    impl Happened for Case {
        fn when(&self, event: Event) -> Option<Timestamp> {
            self.0.get(&event).copied()
        }
        fn severity(&self) -> Option<Level> {
            self.1
        }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn standing(
        name: &str,
        events: &[(Event, &str)],
        severity: Option<Level>,
        now: &str,
    ) -> Option<(Standing, String)> {
        let clock = by_default().into_iter().find(|clock| clock.name == name).unwrap();
        let case = Case(
            events.iter().map(|(event, when)| (*event, at(when))).collect(),
            severity,
        );
        due(&clock, &case, &Calendar::default(), 24, at(now)).map(|due| (due.standing, due.end.to_string()))
    }

    fn check(
        name: &str,
        events: &[(Event, &str)],
        severity: Option<Level>,
        now: &str,
        expect: Option<(Standing, &str)>,
    ) {
        let expect = expect.map(|(standing, end)| (standing, end.to_owned()));
        assert_eq!(standing(name, events, severity, now), expect, "{name} at {now}");
    }

    #[test]
    fn no_trigger_no_date() {
        for clock in by_default() {
            assert_eq!(
                standing(&clock.name, &[], Some(Level::Critical), "2026-11-22T00:00:00Z"),
                None,
                "{}",
                clock.name
            );
        }
        // A fix for an unknown severity has no date, and one for none has none at all.
        let received = [(Event::Assessed, "2026-11-02T09:00:00Z")];
        check("fix", &received, None, "2026-11-03T09:00:00Z", None);
        check("fix", &received, Some(Level::None), "2026-11-03T09:00:00Z", None);
    }

    /// A case that was declined late is late, not overdue for ever; a duty to an authority outlives the case.
    #[test]
    fn what_the_end_of_a_case_ends() {
        let ended = (Event::Ended, "2026-11-09T09:00:00Z");
        let received = [(Event::Received, "2026-11-02T09:00:00Z"), ended];
        check(
            "acknowledge",
            &received,
            None,
            "2027-01-01T00:00:00Z",
            Some((Standing::Late, "2026-11-04T09:00:00Z")),
        );
        let known = [(Event::ExploitationKnown, "2026-11-09T08:00:00Z"), ended];
        check(
            "cra-warning",
            &known,
            None,
            "2026-11-11T00:00:00Z",
            Some((Standing::Overdue, "2026-11-10T08:00:00Z")),
        );
    }

    #[test]
    fn the_standard_promises() {
        let received = (Event::Received, "2026-11-02T09:00:00Z");
        let end = "2026-11-04T09:00:00Z";
        check(
            "acknowledge",
            &[received],
            None,
            "2026-11-02T10:00:00Z",
            Some((Standing::Running, end)),
        );
        check(
            "acknowledge",
            &[received],
            None,
            "2026-11-03T09:00:00Z",
            Some((Standing::Warning, end)),
        );
        check(
            "acknowledge",
            &[received],
            None,
            "2026-11-04T09:00:00Z",
            Some((Standing::Overdue, end)),
        );
        let done = [received, (Event::Acknowledged, "2026-11-03T09:00:00Z")];
        check(
            "acknowledge",
            &done,
            None,
            "2026-12-04T09:00:00Z",
            Some((Standing::Met, end)),
        );
        let late = [received, (Event::Acknowledged, "2026-11-04T09:00:00Z")];
        check(
            "acknowledge",
            &late,
            None,
            "2026-12-04T09:00:00Z",
            Some((Standing::Late, end)),
        );
        let declined = [received, (Event::Ended, "2026-11-02T12:00:00Z")];
        check(
            "acknowledge",
            &declined,
            None,
            "2026-12-04T09:00:00Z",
            Some((Standing::Ended, end)),
        );
        check(
            "assess",
            &[received],
            None,
            "2026-11-03T09:00:00Z",
            Some((Standing::Running, "2026-11-10T00:00:00Z")),
        );
        let assessed = [(Event::Assessed, "2026-11-02T09:00:00Z")];
        for (level, end) in [
            (Level::Critical, "2026-11-03T09:00:00Z"),
            (Level::High, "2026-11-17T00:00:00Z"),
            (Level::Medium, "2026-12-01T00:00:00Z"),
            (Level::Low, "2026-12-29T00:00:00Z"),
        ] {
            check(
                "fix",
                &assessed,
                Some(level),
                "2026-11-02T10:00:00Z",
                Some((Standing::Running, end)),
            );
        }
        // High: one week, at most two. From the end of the first week on it is time to hurry.
        check(
            "fix",
            &assessed,
            Some(Level::High),
            "2026-11-10T00:00:00Z",
            Some((Standing::Warning, "2026-11-17T00:00:00Z")),
        );
        check(
            "disclose",
            &[(Event::Fixed, "2026-11-02T09:00:00Z")],
            None,
            "2026-11-03T09:00:00Z",
            Some((Standing::Running, "2026-12-03T00:00:00Z")),
        );
    }

    /// Regulation (EU) 2024/2847, Article 14: the final report of an exploited vulnerability runs from the measure, not
    /// from awareness; that of an incident from the notification that was submitted.
    #[test]
    fn the_duties_that_are_often_misread() {
        let known = (Event::ExploitationKnown, "2026-11-02T09:00:00Z");
        let now = "2026-11-02T10:00:00Z";
        check(
            "cra-warning",
            &[known],
            None,
            now,
            Some((Standing::Running, "2026-11-03T09:00:00Z")),
        );
        check(
            "cra-notification",
            &[known],
            None,
            now,
            Some((Standing::Running, "2026-11-05T09:00:00Z")),
        );
        check("cra-final", &[known], None, now, None);
        // A fix alone, of what nobody exploits, starts nothing.
        check("cra-final", &[(Event::Fixed, "2026-11-20T09:00:00Z")], None, now, None);
        let fixed = [known, (Event::Fixed, "2026-11-20T09:00:00Z")];
        check(
            "cra-final",
            &fixed,
            None,
            now,
            Some((Standing::Running, "2026-12-05T00:00:00Z")),
        );
        let incident = [(Event::IncidentKnown, "2026-11-02T09:00:00Z")];
        check("cra-incident-final", &incident, None, now, None);
        let notified = [incident[0], (Event::IncidentNotified, "2026-11-05T08:00:00Z")];
        check(
            "cra-incident-final",
            &notified,
            None,
            now,
            Some((Standing::Running, "2026-12-06T00:00:00Z")),
        );
        check("fda-communicate", &[known], None, now, None);
        let risk = [(Event::UncontrolledRiskKnown, "2026-11-02T09:00:00Z")];
        check(
            "fda-communicate",
            &risk,
            None,
            now,
            Some((Standing::Running, "2026-12-03T00:00:00Z")),
        );
        check(
            "fda-fix",
            &risk,
            None,
            now,
            Some((Standing::Running, "2027-01-02T00:00:00Z")),
        );
        check(
            "hipaa-individuals",
            &[(Event::BreachDiscovered, "2026-11-02T09:00:00Z")],
            None,
            now,
            Some((Standing::Running, "2027-01-02T00:00:00Z")),
        );
        check(
            "gdpr-authority",
            &[(Event::PersonalDataBreachKnown, "2026-11-02T09:00:00Z")],
            None,
            now,
            Some((Standing::Running, "2026-11-05T09:00:00Z")),
        );
    }

    #[test]
    fn words_of_events_come_back() {
        for event in Event::ALL {
            assert_eq!(Event::from_word(&event.word()), Some(*event));
        }
        let mut names: Vec<String> = by_default().into_iter().map(|clock| clock.name).collect();
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
