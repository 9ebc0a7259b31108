//! Who may do what, from where, and what must be there before a case is closed.

use super::{Case, Fix, Kind, MAX_STEPS, Publication, Role, State, What};
use crate::{Error, ErrorKind};

/// Something that must be recorded, or declined with a reason, before a case is closed, and the command for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// What, in words.
    pub what: String,
    /// How to mend it.
    pub command: String,
}

impl Case {
    /// Whether a person of this role may take this step now. `supported` are the lines of versions that are owed a fix.
    ///
    /// # Errors
    /// [`ErrorKind::Role`] and [`ErrorKind::State`], with what to do.
    pub fn check(&self, role: Role, what: &What, supported: &[String]) -> Result<(), Error> {
        if !may(role, what) {
            let who = match (may(Role::Analyst, what), may(Role::Developer, what)) {
                (true, true) => "an analyst, a developer or a coordinator",
                (true, false) => "an analyst or a coordinator",
                (false, true) => "a developer or a coordinator",
                (false, false) => "a coordinator",
            };
            return Err(Error::new(
                ErrorKind::Role,
                format!("the role {} may not do this; ask {who}", role.word()),
            ));
        }
        if self.steps.len() >= MAX_STEPS {
            return Err(Error::new(
                ErrorKind::State,
                "this case has as many steps as a case may have; open another",
            ));
        }
        let state = |what: &str| Err(Error::new(ErrorKind::State, what));
        match (what.of_kind(), self.kind) {
            (Some(Kind::Incident), Kind::Vulnerability) => return state("this is a report, not an incident"),
            (Some(Kind::Vulnerability), Kind::Incident) => {
                return state("this is an incident, not a report; use `ward incident`");
            }
            _ => {}
        }
        if matches!(what, What::Noted { .. } | What::Marked { .. }) {
            // Late notes and late notices to an authority belong on a case that is closed, too.
            return Ok(());
        }
        if matches!(what, What::Reopened { .. }) {
            return if self.state.is_open() {
                state("this case is open")
            } else {
                Ok(())
            };
        }
        if self.state == State::Closed {
            return state("this case is closed; `ward disclose reopen` opens it again");
        }
        if !self.state.is_open()
            && !matches!(
                what,
                What::Closed { .. } | What::Credited { .. } | What::Replied { .. } | What::Acknowledged { .. }
            )
        {
            return state("this case has ended; `ward disclose reopen` takes it up again");
        }
        match what {
            What::Received { .. } | What::Detected { .. } => state("a case begins once"),
            What::Fixed { .. } | What::FixDeclined { .. } | What::Advisory { .. } if self.assessment.is_none() => {
                state("assess it first: `ward disclose assess`")
            }
            What::Published { .. }
                if self
                    .advisory
                    .as_ref()
                    .is_none_or(|advisory| advisory.declined.is_some()) =>
            {
                state("there is no advisory to publish; `ward disclose advise` writes one")
            }
            What::Published { .. } if self.unfixed(supported).next().is_some() => {
                state("a supported line has neither a fix nor a reason for none; see `ward disclose show`")
            }
            What::Published { publication } => check_publication(publication),
            What::Fixed { line, .. } | What::FixDeclined { line, .. }
                if !supported.is_empty() && !supported.contains(line) =>
            {
                let lines: Vec<&str> = supported.iter().map(String::as_str).collect();
                let says = format!("this line is not supported; those that are: {}", lines.join(", "));
                Err(Error::new(ErrorKind::State, says))
            }
            What::Closed { reason } => self.check_close(reason.as_deref(), supported),
            _ => Ok(()),
        }
    }

    /// Whether a step may have happened then: nothing is done about a report before it came. What is noted or marked may
    /// lie before: somebody exploited it, or a breach was discovered, and the report came later.
    ///
    /// # Errors
    /// [`ErrorKind::State`].
    pub fn check_time(&self, happened_unix_ms: Option<u64>, what: &What) -> Result<(), Error> {
        let begun = self.steps.first();
        let begun = begun.map_or(0, |step| step.happened_unix_ms.unwrap_or(step.at_unix_ms));
        let early = happened_unix_ms.is_some_and(|happened| happened < begun);
        if early && !matches!(what, What::Noted { .. } | What::Marked { .. }) {
            return Err(Error::new(ErrorKind::State, "--at lies before the case began"));
        }
        Ok(())
    }

    fn check_close(&self, reason: Option<&str>, supported: &[String]) -> Result<(), Error> {
        let missing = needs(self, supported);
        if missing.is_empty() {
            return Ok(());
        }
        let _ = reason;
        let list: Vec<String> = missing
            .iter()
            .map(|one| format!("{} ({})", one.what, one.command))
            .collect();
        Err(Error::new(
            ErrorKind::State,
            format!(
                "before it is closed, record or decline with a reason: {}",
                list.join("; ")
            ),
        ))
    }

    /// The supported lines that have neither a fix nor a reason for none. An incident owes none.
    pub fn unfixed<'a>(&'a self, supported: &'a [String]) -> impl Iterator<Item = &'a str> {
        supported
            .iter()
            .map(String::as_str)
            .filter(|line| self.kind == Kind::Vulnerability && !self.fixes.contains_key(*line))
    }

    /// True when no supported line is left without a fix or a reason, and one has a fix: from then on a corrective measure
    /// is available.
    #[must_use]
    pub fn is_fixed(&self, supported: &[String]) -> bool {
        self.fixes.values().any(|fix| matches!(fix, Fix::Released(_))) && self.unfixed(supported).next().is_none()
    }
}

/// What is missing before a case can be closed: nothing for one that was declined or not reproduced.
#[must_use]
pub fn needs(case: &Case, supported: &[String]) -> Vec<Missing> {
    let mut out = Vec::new();
    let mut need = |what: &str, command: &str| {
        out.push(Missing {
            what: what.to_owned(),
            command: command.to_owned(),
        });
    };
    match case.kind {
        Kind::Vulnerability if matches!(case.state, State::Declined | State::NotReproduced) => {}
        Kind::Vulnerability => {
            if case.assessment.is_none() {
                need("the assessment", "ward disclose assess");
            }
            if case.versions.is_none() {
                need("the affected versions", "ward disclose affected");
            }
            if case.siblings.is_none() {
                need("the search for siblings", "ward disclose siblings");
            }
            for line in case.unfixed(supported) {
                need(&format!("the fix for {line}"), "ward disclose fix");
            }
            if case.fixes.is_empty() && supported.is_empty() {
                need("a fix", "ward disclose fix");
            }
            match &case.advisory {
                None => need("the advisory", "ward disclose advise"),
                Some(advisory) if advisory.declined.is_none() && case.published.is_none() => {
                    need("its publication", "ward disclose publish");
                }
                Some(_) => {}
            }
        }
        Kind::Incident => {
            let done = |word: &str| case.steps.iter().any(|step| step.what.word() == word);
            for (word, what, command) in [
                ("contained", "how it was contained", "ward incident contain"),
                ("incident-assessed", "what it touched", "ward incident assess"),
                ("remediated", "how its cause was removed", "ward incident remediate"),
                ("recovered", "how the service recovered", "ward incident recover"),
                ("learned", "what can be learned", "ward incident learn"),
            ] {
                if !done(word) {
                    need(what, command);
                }
            }
        }
    }
    out
}

/// The table of roles.
fn may(role: Role, what: &What) -> bool {
    match role {
        Role::Coordinator => true,
        Role::Observer => false,
        Role::Analyst => matches!(
            what,
            What::Received { .. }
                | What::Detected { .. }
                | What::Acknowledged { .. }
                | What::Assessed { .. }
                | What::NotReproduced { .. }
                | What::Affected { .. }
                | What::Siblings { .. }
                | What::Marked { .. }
                | What::Contained { .. }
                | What::IncidentAssessed { .. }
                | What::Remediated { .. }
                | What::Recovered { .. }
                | What::Learned { .. }
                | What::SubjectsListed { .. }
                | What::Noted { .. }
                | What::Assigned { .. }
        ),
        Role::Developer => matches!(
            what,
            What::Affected { .. }
                | What::Siblings { .. }
                | What::Fixed { .. }
                | What::FixesDone
                | What::Contained { .. }
                | What::Remediated { .. }
                | What::Recovered { .. }
                | What::Noted { .. }
        ),
    }
}

/// Whether a publication names pages that can be opened, and a CVE that can be one.
fn check_publication(publication: &Publication) -> Result<(), Error> {
    let wrong = |what| Err(Error::new(ErrorKind::State, what));
    let is_page = |place: &String| {
        let host = place
            .strip_prefix("https://")
            .and_then(|rest| rest.split(['/', '?', '#']).next());
        host.is_some_and(|host| host.contains('.') && !host.starts_with('.') && !host.ends_with('.'))
            && !place.contains(|c: char| c.is_whitespace() || c.is_control())
    };
    if publication.places.is_empty() || !publication.places.iter().all(is_page) {
        return wrong("where it is public is named by addresses that begin with https://");
    }
    let is_cve = |cve: &String| {
        let parts: Vec<&str> = cve.split('-').collect();
        let digits =
            |text: &str, at_least: usize| text.len() >= at_least && text.bytes().all(|byte| byte.is_ascii_digit());
        matches!(parts[..], ["CVE", year, number] if year.len() == 4 && digits(year, 4) && digits(number, 4))
    };
    if !publication.cve.iter().all(is_cve) {
        return wrong("a CVE is written as CVE-2026-12345");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::{
        Publication, Step, Versions,
        step::{AdvisoryMade, Siblings},
        tests::steps,
    };
    use super::*;
    use crate::score::{Assessment, Clinical, Exploitation, Level};

    fn assessed() -> What {
        let assessment = Assessment::new(
            &[],
            Clinical::None,
            Exploitation::None,
            Some(Level::High),
            Some("seen".to_owned()),
            None,
        )
        .unwrap();
        What::Assessed { assessment }
    }

    fn advisory(declined: Option<&str>) -> What {
        What::Advisory {
            made: Box::new(AdvisoryMade {
                draft: None,
                revision: 1,
                revised_unix_ms: Vec::new(),
                files: Vec::new(),
                declined: declined.map(str::to_owned),
            }),
        }
    }

    fn case(more: Vec<What>) -> Case {
        Case::from_steps("WD-2026-0001", steps(more)).unwrap()
    }

    /// DIS-4a: affected versions, siblings, a fix per supported version and an advisory, each recorded or declined.
    #[test]
    fn no_case_is_closed_before_everything_is_recorded_or_declined() {
        let supported = ["1.2".to_owned(), "2.0".to_owned()];
        let closed = What::Closed { reason: None };
        let versions = |declined| What::Affected {
            versions: Versions {
                affected: Vec::new(),
                unaffected: Vec::new(),
                how: "why".to_owned(),
                declined,
            },
        };
        let siblings = |declined| What::Siblings {
            siblings: Siblings {
                rules: Vec::new(),
                places: Vec::new(),
                how: "why".to_owned(),
                declined,
            },
        };
        let all = || {
            vec![
                assessed(),
                versions(false),
                siblings(true),
                What::Fixed {
                    line: "1.2".to_owned(),
                    version: "1.2.4".to_owned(),
                },
                What::FixDeclined {
                    line: "2.0".to_owned(),
                    reason: "not affected".to_owned(),
                },
                advisory(None),
                What::Published {
                    publication: Publication {
                        places: vec!["https://a.example".to_owned()],
                        cve: None,
                    },
                },
            ]
        };
        assert_eq!(case(all()).check(Role::Coordinator, &closed, &supported), Ok(()));
        for (left_out, expect) in [
            (0, "the assessment"),
            (1, "the affected versions"),
            (2, "the search for siblings"),
            (3, "the fix for 1.2"),
            (4, "the fix for 2.0"),
            (5, "the advisory"),
            (6, "its publication"),
        ] {
            let mut some = all();
            some.remove(left_out);
            let error = case(some).check(Role::Coordinator, &closed, &supported).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::State);
            assert!(error.to_string().contains(expect), "{left_out}: {error}");
        }
        // Declined with a reason is enough, and a report that came to nothing needs none of it.
        let declined = vec![
            assessed(),
            versions(true),
            siblings(true),
            all().remove(3),
            all().remove(4),
            advisory(Some("internal only")),
        ];
        assert_eq!(case(declined).check(Role::Coordinator, &closed, &supported), Ok(()));
        let nothing = vec![What::Declined {
            reason: "out of scope".to_owned(),
            duplicate_of: None,
        }];
        assert_eq!(case(nothing).check(Role::Coordinator, &closed, &supported), Ok(()));
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let supported = ["1.2".to_owned()];
        let ready = case(vec![
            assessed(),
            What::Fixed {
                line: "1.2".to_owned(),
                version: "1.2.4".to_owned(),
            },
            What::Advisory {
                made: Box::new(AdvisoryMade {
                    draft: None,
                    revision: 1,
                    revised_unix_ms: Vec::new(),
                    files: Vec::new(),
                    declined: None,
                }),
            },
        ]);
        for (place, cve, good) in [
            ("https://acme.dev/a", None, true),
            ("https://acme.dev/a", Some("CVE-2026-12345"), true),
            ("https://acme.dev/a", Some("2026-1"), false),
            ("http://acme.dev/a", None, false),
            ("https://", None, false),
            ("https://acme.dev/a b", None, false),
            ("javascript:alert(1)", None, false),
        ] {
            let publication = Publication {
                places: vec![place.to_owned()],
                cve: cve.map(str::to_owned),
            };
            let found = ready.check(Role::Coordinator, &What::Published { publication }, &supported);
            assert_eq!(found.is_ok(), good, "{place} {cve:?} {found:?}");
        }
        let other = What::Fixed {
            line: "0.9".to_owned(),
            version: "0.9.1".to_owned(),
        };
        assert!(ready.check(Role::Developer, &other, &supported).is_err());
        assert!(
            ready.check(Role::Developer, &other, &[]).is_ok(),
            "nobody says what is supported"
        );
        let begun = ready.steps[0].at_unix_ms;
        let told = What::Acknowledged { note: None };
        assert!(ready.check_time(Some(begun - 1), &told).is_err());
        assert!(ready.check_time(Some(begun), &told).is_ok());
        assert!(
            ready
                .check_time(Some(begun - 1), &What::Noted { text: "x".to_owned() })
                .is_ok()
        );
    }

    #[test]
    fn roles_and_states() {
        let note = What::Noted { text: "x".to_owned() };
        let publish = What::Published {
            publication: Publication {
                places: Vec::new(),
                cve: None,
            },
        };
        let fix = What::Fixed {
            line: "1.2".to_owned(),
            version: "1.2.4".to_owned(),
        };
        let kind = |case: &Case, role, what: &What| case.check(role, what, &[]).map_err(|error| error.kind());
        let fresh = case(vec![]);
        for role in Role::ALL {
            assert_eq!(kind(&fresh, role, &note).is_ok(), role != Role::Observer, "{role:?}");
        }
        assert_eq!(kind(&fresh, Role::Developer, &assessed()), Err(ErrorKind::Role));
        let says = |role, what: &What| fresh.check(role, what, &[]).unwrap_err().to_string();
        for (role, what, who) in [
            (Role::Developer, assessed(), "an analyst or a coordinator"),
            (Role::Analyst, fix.clone(), "a developer or a coordinator"),
            (Role::Analyst, publish.clone(), "ask a coordinator"),
            (Role::Observer, note.clone(), "an analyst, a developer or a coordinator"),
        ] {
            assert!(says(role, &what).contains(who), "{role:?}: {}", says(role, &what));
        }
        assert_eq!(kind(&fresh, Role::Analyst, &publish), Err(ErrorKind::Role));
        assert_eq!(kind(&fresh, Role::Coordinator, &publish), Err(ErrorKind::State));
        assert_eq!(
            kind(&fresh, Role::Developer, &fix),
            Err(ErrorKind::State),
            "not assessed"
        );
        assert_eq!(kind(&case(vec![assessed()]), Role::Developer, &fix), Ok(()));
        assert_eq!(
            kind(&fresh, Role::Coordinator, &What::Contained { note: String::new() }),
            Err(ErrorKind::State)
        );
        let ended = case(vec![What::NotReproduced { tried: "x".to_owned() }]);
        assert_eq!(kind(&ended, Role::Coordinator, &assessed()), Err(ErrorKind::State));
        assert_eq!(
            kind(&ended, Role::Coordinator, &What::Reopened { reason: "x".to_owned() }),
            Ok(())
        );
        assert_eq!(
            kind(&fresh, Role::Coordinator, &What::Reopened { reason: "x".to_owned() }),
            Err(ErrorKind::State)
        );
    }

    #[test]
    fn an_incident_is_closed_after_its_lessons() {
        let mut all = steps(Vec::new());
        all[0].what = What::Detected {
            title: "x".to_owned(),
            facts: String::new(),
            alerts: Vec::new(),
        };
        let note = || "x".to_owned();
        let more = [
            What::Contained { note: note() },
            What::IncidentAssessed { note: note() },
            What::Remediated { note: note() },
            What::Recovered { note: note() },
            What::Learned { note: note() },
        ];
        for what in more {
            let case = Case::from_steps("x", all.clone()).unwrap();
            assert!(
                case.check(Role::Coordinator, &What::Closed { reason: None }, &[])
                    .is_err()
            );
            all.push(Step { what, ..all[0].clone() });
        }
        let case = Case::from_steps("x", all).unwrap();
        assert_eq!(case.state.word(), "learned");
        assert_eq!(
            case.check(Role::Coordinator, &What::Closed { reason: None }, &[]),
            Ok(())
        );
        assert!(case.check(Role::Coordinator, &assessed(), &[]).is_err());
    }
}
