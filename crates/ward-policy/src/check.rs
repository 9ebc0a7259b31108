//! Holding promises against a repository.
//!
//! ```text
//! promise -> frame (advice, others, plans) -> the check of its topic, from the table CHECKS -> Verdict, message, rule
//! reading, repository -> remarks (links, contacts, copies, templates), missing
//! ```
//!
//! A family of checks is one file, a topic one line of `CHECKS`, a rule one entry of [`rules()`]. `Kept` is only said with
//! something that shows it, and what a configuration shows carries its limit: a workflow that gates is no run.

mod asked;
mod clocks;
mod contacts;
mod containers;
mod dependencies;
mod disclosure;
mod files;
mod frame;
mod insights;
mod missing;
mod remarks;
mod rules;
mod scanned;
mod served;
mod service;
#[cfg(test)]
mod tests;
mod tools;
mod updates;
mod versions;
mod workflows;

use ward_evidence::RuleMeta;

use crate::{
    pipeline::{self, Pipelines},
    promise::Promise,
    read::Reading,
    report::{Judged, Report},
    repository::Repository,
    topic::Topic,
    verdict::{Proof, Proofs, Verdict},
};

pub(crate) use rules::KEPT_BACK;
pub use rules::rules;

/// The limit of what files show about a run.
pub(crate) const CONFIGURED: &str = "this is configuration: that it ran, and what it found, is not shown";

/// What checks look at.
struct Facts<'a> {
    reading: &'a Reading,
    repository: &'a Repository,
    pipelines: Pipelines,
    /// Rules of the text that its own clocks, contacts and versions break, found once.
    clocks: clocks::Clocks,
    /// What comes before what, found once for each run.
    order: asked::Memory,
}

/// What a check says.
struct Outcome {
    rule: &'static RuleMeta,
    verdict: Verdict,
    message: String,
}

impl Outcome {
    fn new(rule: &'static RuleMeta, verdict: Verdict, message: impl Into<String>) -> Self {
        Self {
            rule,
            verdict,
            message: message.into(),
        }
    }
}

/// A check of a topic.
type Check = fn(&Facts<'_>, &Promise) -> Outcome;

/// Which check looks at which topic. Every topic has one line; a test counts.
const CHECKS: &[(Topic, Check)] = &[
    (Topic::PrivateChannel, contacts::channel),
    (Topic::NeverPublic, contacts::never_public),
    (Topic::ReportContents, disclosure::contents),
    (Topic::SecurityTxt, disclosure::security_txt),
    (Topic::Acknowledge, clocks::judge),
    (Topic::Assess, clocks::judge),
    (Topic::Fix, clocks::judge),
    (Topic::Updates, clocks::judge),
    (Topic::Embargo, clocks::judge),
    (Topic::SupportedVersions, versions::judge),
    (Topic::AffectedVersions, disclosure::conduct),
    (Topic::Siblings, disclosure::conduct),
    (Topic::FixEveryVersion, disclosure::conduct),
    (Topic::Advisory, disclosure::conduct),
    (Topic::Credit, disclosure::conduct),
    (Topic::SafeHarbour, disclosure::safe_harbour),
    (Topic::Scope, disclosure::statement),
    (Topic::Bounty, disclosure::statement),
    (Topic::IncidentResponse, disclosure::plan),
    (Topic::StaticAnalysis, tools::judge),
    (Topic::CustomRules, tools::judge),
    (Topic::Injection, scanned::injection),
    (Topic::TypeCheck, tools::judge),
    (Topic::Lint, tools::judge),
    (Topic::Tests, tools::judge),
    (Topic::Fuzzing, tools::judge),
    (Topic::Review, files::review),
    (Topic::CodeOwners, files::code_owners),
    (Topic::BranchProtection, files::branch_protection),
    (Topic::PreCommit, tools::pre_commit),
    (Topic::SecretScan, scanned::secrets),
    (Topic::HistoryScan, tools::judge),
    (Topic::EnvironmentFiles, scanned::environment_files),
    (Topic::KeyRotation, service::judge),
    (Topic::DependencyScan, tools::judge),
    (Topic::Pinning, dependencies::pinning),
    (Topic::UpdateBot, updates::update_bot),
    (Topic::Licences, tools::judge),
    (Topic::HashPinning, dependencies::hashes),
    (Topic::Sbom, tools::judge),
    (Topic::WorkflowHardening, workflows::judge),
    (Topic::SignedReleases, files::signed),
    (Topic::ImageDigests, containers::digests),
    (Topic::ContainerUser, containers::users),
    (Topic::SafeLoading, scanned::loading),
    (Topic::ModelChecksums, scanned::checksums),
    (Topic::WeightsOutsideGit, files::weights),
    (Topic::Adversarial, service::judge),
    (Topic::Poisoning, service::judge),
    (Topic::Extraction, service::judge),
    (Topic::Bias, service::judge),
    (Topic::Tokenizer, service::judge),
    (Topic::Authentication, service::judge),
    (Topic::RateLimit, service::judge),
    (Topic::InputValidation, service::judge),
    (Topic::ResourceLimits, service::judge),
    (Topic::ErrorMasking, service::judge),
    (Topic::Tls, service::judge),
    (Topic::CertificateChecks, scanned::certificates),
    (Topic::CertificatePinning, service::judge),
    (Topic::AuditLog, service::judge),
    (Topic::NetworkIsolation, service::judge),
    (Topic::Backup, service::judge),
    (Topic::Deidentification, service::judge),
    (Topic::Minimisation, service::judge),
    (Topic::EncryptionAtRest, service::judge),
    (Topic::Retention, service::judge),
    (Topic::OnDevice, service::judge),
    (Topic::Keystore, service::judge),
    (Topic::AntiTampering, service::judge),
    (Topic::Standards, service::standards),
];

/// Judges every promise of a reading, says what is wrong with the policy's text, and what it lacks.
#[must_use]
pub fn judge(reading: &Reading, repository: &Repository) -> Report {
    let pipelines = pipeline::read(repository);
    let facts = Facts {
        reading,
        repository,
        pipelines,
        clocks: clocks::Clocks::of(reading),
        order: asked::Memory::default(),
    };
    let mut judged: Vec<Judged> = reading.promises.iter().map(|promise| one(&facts, promise)).collect();
    judged.sort_by(|a, b| (&a.promise.place, a.promise.topic).cmp(&(&b.promise.place, b.promise.topic)));
    let mut not_examined = reading.not_examined.clone();
    not_examined.extend(facts.pipelines.not_examined.iter().cloned());
    not_examined.extend(remarks::not_examined(&facts));
    not_examined.extend(
        repository
            .scan
            .iter()
            .flat_map(|scan| scan.not_examined.iter().cloned()),
    );
    not_examined.sort();
    not_examined.dedup();
    Report {
        judged,
        missing: missing::missing(&facts),
        remarks: remarks::remarks(&facts),
        unmapped: reading.unmapped.clone(),
        unmapped_more: reading.unmapped_more,
        not_examined,
        documents: reading.documents.iter().map(|document| document.path.clone()).collect(),
        unread_policy: reading.unread_policy,
    }
}

fn one(facts: &Facts<'_>, promise: &Promise) -> Judged {
    let check = |promise: &Promise| {
        let found = CHECKS.iter().find(|(topic, _)| *topic == promise.topic);
        found.map_or_else(
            || {
                let verdict = Verdict::NotExamined("no check looks at promises of this kind".to_owned());
                Outcome::new(&rules::PROMISE, verdict, "No check looks at promises of this kind.")
            },
            |(_, check)| check(facts, promise),
        )
    };
    let outcome = frame::judge(promise, &check);
    Judged {
        promise: promise.clone(),
        control: promise.topic.control(),
        verdict: outcome.verdict,
        message: outcome.message,
        rule: outcome.rule.id,
    }
}

/// A proof that stands in a file.
fn proof(path: &str, line: Option<u32>, note: impl Into<String>) -> Proof {
    Proof {
        path: path.to_owned(),
        line,
        note: note.into(),
    }
}

/// Kept, when there is anything that shows it; else not examined.
fn kept(proofs: Vec<Proof>, limit: Option<&'static str>) -> Verdict {
    match Proofs::of(proofs) {
        Some(proofs) => Verdict::Kept { proofs, limit },
        None => Verdict::NotExamined("nothing was found that shows it".to_owned()),
    }
}

/// Broken, when there is anything that shows it; else not examined.
fn broken(proofs: Vec<Proof>) -> Verdict {
    match Proofs::of(proofs) {
        Some(proofs) => Verdict::Broken(proofs),
        None => Verdict::NotExamined("nothing was found that shows it".to_owned()),
    }
}

/// Weak, when there is anything that shows it; else not examined.
fn weak(proofs: Vec<Proof>) -> Verdict {
    match Proofs::of(proofs) {
        Some(proofs) => Verdict::Weak(proofs),
        None => Verdict::NotExamined("nothing was found that shows it".to_owned()),
    }
}

impl<'a> Facts<'a> {
    /// The text of a tracked file.
    fn text(&self, path: &str) -> Option<&'a str> {
        std::str::from_utf8(self.repository.files.get(path)?.bytes.as_deref()?).ok()
    }

    /// Tracked files by their last name, in lower case.
    fn named<'s>(&'s self, wanted: &'s dyn Fn(&str) -> bool) -> impl Iterator<Item = &'a str> + 's {
        self.repository.files.keys().map(String::as_str).filter(move |path| {
            let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
            wanted(&name)
        })
    }

    /// What to name as looked at where no pipeline has a thing.
    fn pipelines_proof(&self, what: &str) -> Proof {
        let files: Vec<&str> = self.pipelines.files.keys().map(String::as_str).collect();
        let path = files.first().copied().unwrap_or(".github/workflows");
        let note = match files.len() {
            0 => format!("there is no pipeline and no hook that runs {what}"),
            1 => format!("{path} was read: it does not run {what}"),
            count => format!("{count} files of pipelines and hooks were read: none runs {what}"),
        };
        proof(path, None, note)
    }
}

/// Words with one `, ` between them and `and` before the last.
fn listed(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
