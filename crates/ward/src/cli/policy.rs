//! `ward policy`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::Data;

/// `ward policy`.
#[derive(Debug, Subcommand)]
pub enum Policy {
    /// Read the promises of a security policy and hold each against the repository.
    ///
    /// Every promise gets a verdict with its evidence: kept, broken, weak, contradictory, vague, unverifiable, not examined;
    /// advice to users and what others promise are told apart. Exit codes: 0 nothing contradicts the policy, 1 a promise is
    /// broken, weak or contradictory, 2 Ward failed, 3 nothing is wrong but part was not examined, or there is no policy.
    Check(Check),
    /// Write a security policy and the configuration that makes it true.
    ///
    /// SECURITY.md, security.txt, ward.toml, a pipeline, a hook, updates of dependencies, CODEOWNERS. Shows what changes
    /// before it writes; what somebody edited is left as it is when it runs again.
    Init(Init),
    /// Say what a verdict, a rule, a topic or a control means.
    Explain(Explain),
}

/// `ward policy check`.
#[derive(Debug, Args)]
pub struct Check {
    /// The project's folder [default: the root of the repository that this folder lies in].
    #[arg(value_name = "PATH")]
    pub path: Option<PathBuf>,

    /// Read this document as the policy, and no other.
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,

    /// Fail also when a promise is vague, or nothing here can verify it.
    #[arg(long)]
    pub strict: bool,

    /// Run no engine of `ward scan`: promises about what code and files hold are then not examined.
    #[arg(long)]
    pub no_scan: bool,

    /// Engines of `ward scan` to run.
    #[arg(
        long,
        value_name = "NAME",
        value_delimiter = ',',
        default_value = "code,repository,secrets,models",
        conflicts_with = "no_scan"
    )]
    pub engines: Vec<String>,

    /// Scan the whole history too, as `ward scan --history` does.
    #[arg(long, conflicts_with = "no_scan")]
    pub history: bool,

    /// What to write.
    #[arg(long, value_name = "FORMAT", default_value = "text", conflicts_with = "json")]
    pub format: Format,

    /// The same as --format json.
    #[arg(long)]
    pub json: bool,

    /// Write one more report to a file, from the same check: `sarif=policy.sarif`. May be given several times.
    #[arg(long, value_name = "FORMAT=FILE", value_parser = one_report)]
    pub report: Vec<(Format, PathBuf)>,

    /// Write the report to this file and not to standard output.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,

    /// Print the JSON schema of --json and check nothing.
    #[arg(long)]
    pub schema: bool,

    /// Data folder: holds the key of the scan's fingerprints and the imported advisories.
    #[command(flatten)]
    pub data: Data,
}

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people at a terminal.
    Text,
    /// One JSON object.
    Json,
    /// SARIF 2.1.0, for code-scanning services and editors.
    Sarif,
    /// One page that needs no network.
    Html,
    /// A picture with the numbers, SVG.
    Badge,
}

/// `FORMAT=FILE`.
fn one_report(text: &str) -> Result<(Format, PathBuf), String> {
    let (format, file) = text.split_once('=').ok_or("write FORMAT=FILE, as sarif=policy.sarif")?;
    if file.is_empty() {
        return Err("name a file after the `=`".to_owned());
    }
    Ok((Format::from_str(format, false)?, PathBuf::from(file)))
}

/// `ward policy explain`.
#[derive(Debug, Args)]
pub struct Explain {
    /// A verdict (`weak`), a rule as a report names it, a topic (`static-analysis`), a control (`CODE-1a`) or a clause
    /// (`CODE-1`). Without one: all verdicts.
    #[arg(value_name = "WORD")]
    pub word: Option<String>,

    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// `ward policy init`.
#[derive(Debug, Args)]
pub struct Init {
    /// The project's folder [default: the root of the repository that this folder lies in].
    #[arg(value_name = "PATH")]
    pub path: Option<PathBuf>,

    /// Ask nothing, take what was said before or what the repository shows, and write.
    #[arg(long, short)]
    pub yes: bool,

    /// Write without asking whether to.
    #[arg(long)]
    pub apply: bool,

    /// Show what would change and write nothing.
    #[arg(long, conflicts_with = "apply")]
    pub dry_run: bool,

    /// Write also the blocks that somebody edited or took out.
    #[arg(long)]
    pub replace: bool,

    /// The project's name [default: its manifest's].
    #[arg(long, value_name = "NAME")]
    pub project: Option<String>,

    /// Where vulnerabilities are reported: an e-mail address or a private form.
    #[arg(long, value_name = "ADDRESS")]
    pub contact: Option<String>,

    /// The page of published advisories.
    #[arg(long, value_name = "URL")]
    pub advisories: Option<String>,

    /// A supported version and the last day of its support: `1.4.x=2027-06-30`. May be given several times.
    #[arg(long, value_name = "VERSION=DAY")]
    pub supported: Vec<String>,

    /// Whether the project loads or ships models [default: what the repository shows].
    #[arg(long, value_name = "BOOL")]
    pub models: Option<bool>,

    /// The address of the service that the project runs.
    #[arg(long, value_name = "URL")]
    pub service: Option<String>,

    /// How fast reports are answered: standard, strict, small-team [default: standard].
    #[arg(long, value_name = "PROFILE")]
    pub profile: Option<String>,

    /// Who proposes updates of dependencies [default: dependabot on GitHub, else renovate].
    #[arg(long, value_name = "SERVICE")]
    pub updates: Option<Updater>,

    /// Who owns the code: `@name`, `@organisation/team`. May be given several times.
    #[arg(long, value_name = "OWNER")]
    pub owner: Vec<String>,

    /// Write a workflow for GitHub [default: unless only GitLab is used].
    #[arg(long, value_name = "BOOL")]
    pub github: Option<bool>,

    /// Write a pipeline for GitLab [default: when the repository lives there].
    #[arg(long, value_name = "BOOL")]
    pub gitlab: Option<bool>,

    /// Where pipelines get Ward from: the address of its repository.
    #[arg(long, value_name = "URL")]
    pub ward_repository: Option<String>,

    /// Which commit of Ward pipelines build, by its full id.
    #[arg(long, value_name = "COMMIT")]
    pub ward_commit: Option<String>,

    /// Print what is or would be written as one JSON object, without the diff.
    #[arg(long)]
    pub json: bool,
}

/// A service that proposes updates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Updater {
    /// GitHub's.
    Dependabot,
    /// Renovate.
    Renovate,
    /// None.
    None,
}
