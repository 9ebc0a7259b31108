//! Promises of how reports are handled, beyond their times.

use super::{Facts, Outcome, broken, kept, proof, rules};
use crate::{
    promise::Promise,
    verdict::{Proof, Verdict},
};

/// What a report must hold.
pub(super) fn contents(facts: &Facts<'_>, promise: &Promise) -> Outcome {
    let asked: Vec<Proof> = facts
        .reading
        .asked
        .iter()
        .filter(|asked| asked.place.path == promise.place.path)
        .take(12)
        .map(|asked| proof(&asked.place.path, Some(asked.place.line), "asked for"))
        .collect();
    if asked.is_empty() {
        let verdict = Verdict::Unverifiable {
            why: "what reports hold is not shown by a repository",
            would: "the completeness of reports in `ward disclose`",
        };
        return Outcome::new(
            &rules::CONDUCT,
            verdict,
            "What reports hold is shown by cases, not by files.",
        );
    }
    Outcome::new(
        &rules::PROMISE,
        kept(asked, Some("that reports hold it is not shown")),
        "What a report must hold is listed.",
    )
}

/// A security.txt.
pub(super) fn security_txt(facts: &Facts<'_>, promise: &Promise) -> Outcome {
    let files = &facts.reading.security_txt;
    if files.is_empty() {
        let path = promise.place.path.as_str();
        let host = promise.text.contains("http");
        if host {
            let verdict = Verdict::Unverifiable {
                why: "it stands on a web host, and nothing here is fetched",
                would: "the file at that address",
            };
            return Outcome::new(
                &rules::SECURITY_TXT,
                verdict,
                "A security.txt on a web host is not fetched.",
            );
        }
        let shown = proof(
            path,
            Some(promise.place.line),
            "no security.txt is in any place where it is looked for",
        );
        return Outcome::new(
            &rules::SECURITY_TXT,
            broken(vec![shown]),
            "A security.txt is promised, and there is none.",
        );
    }
    let today = facts.repository.today;
    let mut faults: Vec<Proof> = Vec::new();
    for file in files {
        if file.expires.is_some_and(|expires| expires < today) {
            let line = file
                .fields
                .iter()
                .find(|(name, ..)| name == "expires")
                .map(|(.., line)| *line);
            faults.push(proof(&file.path, line, "it has expired"));
        }
        faults.extend(
            file.faults
                .iter()
                .take(12)
                .map(|(line, fault)| proof(&file.path, Some(*line), *fault)),
        );
    }
    if !faults.is_empty() {
        return Outcome::new(
            &rules::SECURITY_TXT,
            broken(faults),
            "The security.txt has expired or is faulty.",
        );
    }
    let shown = files
        .iter()
        .map(|file| proof(&file.path, None, "a security.txt that has not expired"))
        .collect();
    Outcome::new(
        &rules::PROMISE,
        kept(shown, Some("that it is served at its address is not shown")),
        "A security.txt is there.",
    )
}

/// What is done with a report: shown by cases.
pub(super) fn conduct(_facts: &Facts<'_>, _promise: &Promise) -> Outcome {
    let verdict = Verdict::Unverifiable {
        why: "how reports are handled is not shown by a repository",
        would: "the cases of `ward disclose`, and the advisories that came of them",
    };
    Outcome::new(
        &rules::CONDUCT,
        verdict,
        "How reports are handled is shown by cases, not by files.",
    )
}

/// A safe harbour, or its opposite.
pub(super) fn safe_harbour(facts: &Facts<'_>, promise: &Promise) -> Outcome {
    if !threatens(&promise.text.to_lowercase()) {
        return statement(facts, promise);
    }
    let place = &promise.place;
    let shown = proof(&place.path, Some(place.line), "it threatens those who report");
    Outcome::new(
        &rules::THREAT,
        broken(vec![shown]),
        "It threatens those who look for faults, whatever their faith.",
    )
}

/// Whether a sentence, in lower case, holds out the law to those who report: without a word that takes it back, or that says
/// who acts in bad faith.
fn threatens(text: &str) -> bool {
    const LAW: &[&str] = &[
        "prosecut",
        "legal action",
        "legal proceeding",
        "law enforcement",
        "sued",
        "lawsuit",
    ];
    const NOT_SO: &[&str] = &[
        " not ",
        "n't ",
        "n’t ",
        " no ",
        " never ",
        "without",
        "refrain",
        "waive",
        "protect",
        "safe harbo",
        "good faith",
        "good-faith",
        "authoriz",
        "authoris",
        "third part",
        "malicious",
        "bad faith",
        "violat",
        "abus",
        "extort",
        "comply",
        "complian",
        "outside",
        "harm",
        "misuse",
        "destr",
    ];
    let padded = format!(" {text} ");
    LAW.iter().any(|law| padded.contains(law)) && !NOT_SO.iter().any(|word| padded.contains(word))
}

/// A statement of will: scope, bounty.
pub(super) fn statement(_facts: &Facts<'_>, _promise: &Promise) -> Outcome {
    let verdict = Verdict::Unverifiable {
        why: "it is a statement of will: no file shows that it is held to",
        would: "how reports were dealt with, in the cases of `ward disclose`",
    };
    Outcome::new(
        &rules::CONDUCT,
        verdict,
        "It is a statement of will: no file shows that it is held to.",
    )
}

/// A plan for incidents.
pub(super) fn plan(facts: &Facts<'_>, _promise: &Promise) -> Outcome {
    let is_plan = |name: &str| {
        (name.contains("incident") || name.contains("runbook") || name.contains("playbook"))
            && (name.ends_with(".md") || name.ends_with(".rst") || name.ends_with(".adoc") || name.ends_with(".txt"))
    };
    let found: Vec<Proof> = facts
        .named(&is_plan)
        .take(5)
        .map(|path| proof(path, None, "a plan for incidents"))
        .collect();
    if !found.is_empty() {
        return Outcome::new(
            &rules::PROMISE,
            kept(found, Some("that it is followed is shown by drills and cases")),
            "A plan for incidents is there.",
        );
    }
    let verdict = Verdict::Unverifiable {
        why: "how incidents are handled is not shown by a repository",
        would: "a plan, drills, and the incidents of `ward disclose`",
    };
    Outcome::new(
        &rules::CONDUCT,
        verdict,
        "How incidents are handled is not shown by files.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threats_are_told_from_safe_harbours() {
        for text in [
            "researchers who probe our software will be prosecuted and reported to law enforcement.",
            "we reserve the right to take legal action against anyone who tests our systems.",
        ] {
            assert!(threatens(text), "{text}");
        }
        for text in [
            "we will not take legal action against anybody for research in good faith.",
            "we won't pursue legal action.",
            "if legal action is begun by a third party, we will say that you kept to this policy.",
            "we may take legal action against those who act with malicious intent.",
            "no legal proceedings follow a report.",
            "we credit reporters.",
        ] {
            assert!(!threatens(text), "{text}");
        }
    }
}
