//! A case: what was done about a report or an incident, step by step. Its state is what its steps come to; nothing else
//! is kept.

mod rules;
mod step;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    Error, ErrorKind, Report,
    calendar::instant,
    clock::{Event, Happened},
    report::Completeness,
    score::{Assessment, Level},
};

pub use rules::{Missing, needs};
pub use step::{AdvisoryMade, Credit, Publication, Role, Sealed, Siblings, Step, Subjects, Versions, What};

/// Most steps of one case.
pub const MAX_STEPS: usize = 10_000;

/// What a case is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A report of a vulnerability.
    Vulnerability,
    /// Something that happened.
    Incident,
}

/// Where a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// A report arrived.
    Received,
    /// The reporter knows.
    Acknowledged,
    /// Its severity is known.
    Assessed,
    /// Nobody could show it again.
    NotReproduced,
    /// It is no vulnerability of ours, out of scope, or another case.
    Declined,
    /// A fix is under way or released.
    Fix,
    /// A date of publication is agreed on.
    Coordinated,
    /// The advisory is public.
    Published,
    /// An incident was noticed.
    Detected,
    /// It cannot spread.
    Contained,
    /// What it touched is known.
    IncidentAssessed,
    /// Its cause is removed.
    Remediated,
    /// The service is what it was.
    Recovered,
    /// What can be learned is written down.
    Learned,
    /// Nothing is left to do.
    Closed,
}

impl State {
    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Acknowledged => "acknowledged",
            Self::Assessed | Self::IncidentAssessed => "assessed",
            Self::NotReproduced => "not-reproduced",
            Self::Declined => "declined",
            Self::Fix => "fix",
            Self::Coordinated => "coordinated",
            Self::Published => "published",
            Self::Detected => "detected",
            Self::Contained => "contained",
            Self::Remediated => "remediated",
            Self::Recovered => "recovered",
            Self::Learned => "learned",
            Self::Closed => "closed",
        }
    }

    /// True while there is something to do.
    #[must_use]
    pub fn is_open(self) -> bool {
        !matches!(self, Self::Closed | Self::Declined | Self::NotReproduced)
    }
}

/// A release that is, or should be, free of the fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fix {
    /// Released as this version.
    Released(String),
    /// There will be none, for this reason.
    Declined(String),
}

/// A case, as its steps come to.
#[derive(Clone)]
pub struct Case {
    /// Its id, `WD-2026-0001`.
    pub id: String,
    /// What it is about.
    pub kind: Kind,
    /// Where it stands.
    pub state: State,
    /// One line.
    pub title: String,
    /// The steps.
    pub steps: Vec<Step>,
    /// The report, of a vulnerability.
    pub report: Option<Report>,
    /// The latest assessment.
    pub assessment: Option<Assessment>,
    /// Which versions are affected.
    pub versions: Option<Versions>,
    /// What the search for siblings came to.
    pub siblings: Option<step::Siblings>,
    /// The fix of each line of versions that was named.
    pub fixes: BTreeMap<String, Fix>,
    /// The advisory, or why there is none.
    pub advisory: Option<step::AdvisoryMade>,
    /// When it is to be public, as agreed on.
    pub public_on: Option<jiff::civil::Date>,
    /// Where it was made public.
    pub published: Option<Publication>,
    /// Who is to be thanked.
    pub credits: Vec<Credit>,
    /// Another case that this one repeats.
    pub duplicate_of: Option<String>,
    /// Whose data an incident touched.
    pub subjects: Option<Subjects>,
    /// Who works on it.
    pub assigned: Option<String>,
    events: BTreeMap<Event, Timestamp>,
}

impl Happened for Case {
    fn when(&self, event: Event) -> Option<Timestamp> {
        self.events.get(&event).copied()
    }

    fn severity(&self) -> Option<Level> {
        self.assessment.as_ref().map(|assessment| assessment.level)
    }
}

impl Case {
    /// From its steps.
    ///
    /// # Errors
    /// [`ErrorKind::Store`] when they do not begin a case.
    pub fn from_steps(id: &str, steps: Vec<Step>) -> Result<Self, Error> {
        let damaged = || {
            Error::new(
                ErrorKind::Store,
                "the steps of this case do not begin with a report or an incident",
            )
        };
        let (kind, state, title, report) = match steps.first().map(|step| &step.what) {
            Some(What::Received { report }) => (
                Kind::Vulnerability,
                State::Received,
                report.title.clone(),
                Some((**report).clone()),
            ),
            Some(What::Detected { title, .. }) => (Kind::Incident, State::Detected, title.clone(), None),
            _ => return Err(damaged()),
        };
        let mut case = Self {
            id: id.to_owned(),
            kind,
            state,
            title,
            steps: Vec::new(),
            report,
            assessment: None,
            versions: None,
            siblings: None,
            fixes: BTreeMap::new(),
            advisory: None,
            public_on: None,
            published: None,
            credits: Vec::new(),
            duplicate_of: None,
            subjects: None,
            assigned: None,
            events: BTreeMap::new(),
        };
        for step in steps {
            case.take(step);
        }
        Ok(case)
    }

    /// What its report holds; none for an incident.
    #[must_use]
    pub fn completeness(&self) -> Option<Completeness> {
        self.report.as_ref().map(Completeness::of)
    }

    /// When it began, as first recorded.
    #[must_use]
    pub fn opened(&self) -> Timestamp {
        instant(self.steps.first().map_or(0, |step| step.at_unix_ms))
    }

    /// The number that the next step has.
    #[must_use]
    pub fn next_number(&self) -> u32 {
        u32::try_from(self.steps.len()).unwrap_or(u32::MAX).saturating_add(1)
    }

    fn take(&mut self, step: Step) {
        let at = step.when();
        let mut event = |event: Event| {
            self.events.entry(event).or_insert(at);
        };
        match &step.what {
            What::Received { .. } => event(Event::Received),
            What::Detected { .. } => {}
            What::Acknowledged { .. } => {
                event(Event::Acknowledged);
                self.forward(State::Acknowledged);
            }
            What::Assessed { assessment } => {
                event(Event::Assessed);
                if assessment.exploitation == crate::score::Exploitation::Active {
                    event(Event::ExploitationKnown);
                }
                self.assessment = Some(assessment.clone());
                self.forward(State::Assessed);
            }
            What::NotReproduced { .. } => {
                event(Event::Ended);
                self.state = State::NotReproduced;
            }
            What::Declined { duplicate_of, .. } => {
                event(Event::Ended);
                self.duplicate_of.clone_from(duplicate_of);
                self.state = State::Declined;
            }
            What::Reopened { .. } => {
                self.events.remove(&Event::Ended);
                self.state = self.furthest();
            }
            What::Affected { versions } => self.versions = Some(versions.clone()),
            What::Siblings { siblings } => self.siblings = Some(siblings.clone()),
            What::Fixed { line, version } => {
                self.fixes.insert(line.clone(), Fix::Released(version.clone()));
                self.forward(State::Fix);
            }
            What::FixDeclined { line, reason } => {
                self.fixes.insert(line.clone(), Fix::Declined(reason.clone()));
                self.forward(State::Fix);
            }
            What::FixesDone => event(Event::Fixed),
            What::Coordinated { public_on, .. } => {
                self.public_on = public_on.as_deref().and_then(|day| day.parse().ok());
                self.forward(State::Coordinated);
            }
            What::Advisory { made } => self.advisory = Some((**made).clone()),
            What::Published { publication } => {
                event(Event::Published);
                self.published = Some(publication.clone());
                self.forward(State::Published);
            }
            What::Marked { event: marked, .. } => event(*marked),
            What::Contained { .. } => {
                event(Event::Contained);
                self.forward(State::Contained);
            }
            What::IncidentAssessed { .. } => self.forward(State::IncidentAssessed),
            What::Remediated { .. } => self.forward(State::Remediated),
            What::Recovered { .. } => self.forward(State::Recovered),
            What::Learned { .. } => {
                event(Event::Learned);
                self.forward(State::Learned);
            }
            What::SubjectsListed { subjects } => self.subjects = Some(subjects.clone()),
            What::Credited { credit } => {
                self.credits.retain(|one| one.name != credit.name);
                self.credits.push(credit.clone());
            }
            What::Assigned { to } => self.assigned = Some(to.clone()),
            What::Closed { .. } => {
                event(Event::Ended);
                self.state = State::Closed;
            }
            What::Noted { .. } | What::Replied { .. } => {}
        }
        self.steps.push(step);
    }

    fn forward(&mut self, state: State) {
        if self.state.is_open() {
            self.state = self.state.max(state);
        }
    }

    /// The state that the steps so far come to when nothing had ended.
    fn furthest(&self) -> State {
        let mut state = match self.kind {
            Kind::Vulnerability => State::Received,
            Kind::Incident => State::Detected,
        };
        for step in &self.steps {
            state = state.max(step.what.reaches().unwrap_or(state));
        }
        state
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Channel;

    /// A report and steps after it, one hour apart.
    pub(crate) fn steps(more: Vec<What>) -> Vec<Step> {
        let report = Report::from_text(Channel::Text, None, b"SQL injection in src/db.py of version 1.2.3").unwrap();
        let first = What::Received {
            report: Box::new(report),
        };
        std::iter::once(first)
            .chain(more)
            .enumerate()
            .map(|(i, what)| Step {
                number: u32::try_from(i).unwrap() + 1,
                at_unix_ms: 1_795_348_800_000 + i as u64 * 3_600_000,
                happened_unix_ms: None,
                by: "ana".to_owned(),
                role: Role::Coordinator,
                what,
            })
            .collect()
    }

    fn state(more: Vec<What>) -> &'static str {
        Case::from_steps("WD-2026-0001", steps(more)).unwrap().state.word()
    }

    #[test]
    fn a_case_is_where_its_steps_lead() {
        let ack = || What::Acknowledged { note: None };
        let gone = || What::NotReproduced {
            tried: "on 1.2.3".to_owned(),
        };
        let fix = || What::Fixed {
            line: "1.2".to_owned(),
            version: "1.2.4".to_owned(),
        };
        assert_eq!(state(vec![]), "received");
        assert_eq!(state(vec![ack()]), "acknowledged");
        assert_eq!(state(vec![fix(), ack()]), "fix");
        assert_eq!(state(vec![ack(), gone()]), "not-reproduced");
        assert_eq!(
            state(vec![
                ack(),
                gone(),
                What::Reopened {
                    reason: "video".to_owned()
                }
            ]),
            "acknowledged"
        );
        assert_eq!(state(vec![gone(), ack()]), "not-reproduced");
        assert!(Case::from_steps("x", Vec::new()).is_err());
    }

    #[test]
    fn events_are_when_they_first_happened() {
        let mut all = steps(vec![
            What::Acknowledged { note: None },
            What::Acknowledged { note: None },
        ]);
        all[1].happened_unix_ms = Some(1_795_348_800_001);
        let case = Case::from_steps("x", all).unwrap();
        assert_eq!(case.when(Event::Acknowledged), Some(instant(1_795_348_800_001)));
        assert_eq!(case.when(Event::Published), None);
    }
}
