//! `ward scan`, `ward rules` and `ward explain`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use ward_evidence::Severity;

use super::Data;

/// `ward scan`.
#[derive(Debug, Clone, Args)]
pub struct Scan {
    /// Folders, files, or git repositories; `-` reads standard input. In a repository: what git tracks and what
    /// `git add .` would add.
    #[arg(value_name = "PATH", default_value = ".")]
    pub paths: Vec<PathBuf>,

    /// Engines to run, of secrets, models, code, repository, dependencies, licences [default: what ward.toml says, else all].
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub engines: Vec<String>,

    /// Search the whole history of the repository too: every object, also those that no branch reaches.
    #[arg(long)]
    pub history: bool,

    /// Scan only what is staged for the next commit.
    #[arg(long, conflicts_with_all = ["history", "commits"])]
    pub staged: bool,

    /// Scan only what these commits brought in: A..B, or one commit and all before it.
    #[arg(long, value_name = "RANGE", conflicts_with = "history")]
    pub commits: Option<String>,

    /// Scan only files that are not as this commit, branch or tag has them.
    #[arg(long, value_name = "REVISION", conflicts_with_all = ["history", "staged", "commits"])]
    pub since: Option<String>,

    /// Scan files that git ignores too.
    #[arg(long)]
    pub no_ignore: bool,

    /// Scan again whenever a file changes, and say what came and what went, until interrupted.
    #[arg(long, conflicts_with_all = ["history", "staged", "commits", "write_baseline", "fix", "out", "report", "json", "format"])]
    pub watch: bool,

    /// A baseline: the findings it lists are kept back [default: what ward.toml says, else none].
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,

    /// List all findings in this baseline, and what it listed before and is still found.
    #[arg(long, value_name = "FILE", conflicts_with = "baseline", requires = "reason")]
    pub write_baseline: Option<PathBuf>,

    /// Why the findings are kept back, for --write-baseline: three letters at least.
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,

    /// Who decided so, for --write-baseline [default: the user's name].
    #[arg(long, value_name = "NAME", env = "USER", hide_env = true)]
    pub by: Option<String>,

    /// What to write.
    #[arg(long, value_name = "FORMAT", default_value = "text", conflicts_with = "json")]
    pub format: Format,

    /// Write one more report to a file, from the same scan: `sarif=ward.sarif`. May be given several times.
    #[arg(long, value_name = "FORMAT=FILE", value_parser = one_report)]
    pub report: Vec<(Format, PathBuf)>,

    /// Print a JSON schema and scan nothing: that of --json, or with `--schema=settings` that of the section `[scan]` of
    /// ward.toml.
    #[arg(long, value_name = "OF", num_args = 0..=1, require_equals = true, default_missing_value = "report")]
    pub schema: Option<Schema>,

    /// The same as --format json.
    #[arg(long)]
    pub json: bool,

    /// Exit with 1 when a finding is at least this bad: critical, high, medium, low or info [default: what ward.toml says,
    /// else low].
    #[arg(long, value_name = "SEVERITY")]
    pub threshold: Option<Severity>,

    /// Write the report to this file and not to standard output.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,

    /// How much is shown [default: what ward.toml says, else default].
    #[arg(long, value_name = "PROFILE")]
    pub profile: Option<Profile>,

    /// Report what this tool would report, with its names for rules, its severities and its markers.
    #[arg(long, value_name = "TOOL", conflicts_with_all = ["history", "commits"])]
    pub compat: Option<Compat>,

    /// Show what would mend findings, as a patch (other versions of packages only with --engines dependencies), and mend them after a question on a terminal. Files that git could not
    /// give back as they are stay as they are.
    #[arg(long, conflicts_with_all = ["history", "commits", "staged", "compat", "write_baseline"])]
    pub fix: bool,

    /// With --fix: list the updates of packages that advisories speak for, and commits that downloads of models can be pinned
    /// to, and change nothing. With --json as JSON.
    #[arg(long, requires = "fix", conflicts_with_all = ["apply", "diff"])]
    pub proposals: bool,

    /// With --fix: mend without a question.
    #[arg(long, requires = "fix")]
    pub apply: bool,

    /// With --fix: write only the patch, for `git apply`.
    #[arg(long, requires = "fix", conflicts_with = "apply")]
    pub diff: bool,

    /// With --fix --apply: mend also files that git could not give back.
    #[arg(long, requires = "apply")]
    pub force: bool,

    /// Ask providers whether they still accept the tokens that were found: GitHub, Hugging Face, OpenAI, Anthropic, Slack,
    /// Stripe, npm, Replicate, SendGrid, DigitalOcean. Each token is sent to its own provider, which learns of it and of this
    /// machine's address; nothing is changed there. Uses the network.
    #[arg(long, conflicts_with_all = ["watch", "fix"])]
    pub verify: bool,

    /// Obey markers of other tools, such as those of gitleaks and detect-secrets.
    #[arg(long)]
    pub foreign_markers: bool,

    /// Look at every blob of the history again, also those found clean before.
    #[arg(long)]
    pub no_cache: bool,

    /// Read the licences of what is installed here: a virtual environment, a site-packages or a node_modules folder. What
    /// lies at the root of PATH under its usual name is read anyway.
    #[arg(long, value_name = "DIR")]
    pub environment: Vec<PathBuf>,

    /// Statements about vulnerabilities, OpenVEX or CycloneDX: a finding that they say does no harm here, and why, is kept
    /// back.
    #[arg(long, value_name = "FILE")]
    pub vex: Vec<PathBuf>,

    /// How many threads [default: one a core].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub jobs: Option<u16>,

    /// Data folder: holds the key of fingerprints when there is no baseline.
    #[command(flatten)]
    pub data: Data,
}

/// What a JSON schema describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Schema {
    /// The report of --json.
    Report,
    /// The section `[scan]` of ward.toml.
    Settings,
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
    /// Markdown, for the summary of a build.
    Markdown,
    /// JUnit XML, for build servers.
    Junit,
    /// GitLab's report of static analysis: code, models, repositories.
    GitlabSast,
    /// GitLab's report of secret detection.
    GitlabSecrets,
    /// GitLab's report of dependency scanning: dependencies and licences.
    GitlabDependencies,
}

/// `FORMAT=FILE`.
fn one_report(text: &str) -> Result<(Format, PathBuf), String> {
    let (format, file) = text.split_once('=').ok_or("write FORMAT=FILE, as sarif=ward.sarif")?;
    if file.is_empty() {
        return Err("name a file after the `=`".to_owned());
    }
    let known = || {
        let names = Format::value_variants().iter().filter_map(ValueEnum::to_possible_value);
        let names: Vec<String> = names.map(|name| name.get_name().to_owned()).collect();
        format!("no format of this name; there are {}", names.join(", "))
    };
    let format = Format::from_str(format, false).map_err(|_| known())?;
    Ok((format, PathBuf::from(file)))
}

/// How much of what was found is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Profile {
    /// What is worth a person's time.
    Default,
    /// Everything, also style and tests.
    Thorough,
}

/// Tools whose reports Ward can give.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Compat {
    /// Bandit 1.9: its tests B101 to B704 for Python.
    Bandit,
}

/// `ward rules`.
#[derive(Debug, Args)]
pub struct Rules {
    /// Only the rules whose name begins so.
    #[arg(value_name = "START", default_value = "")]
    pub start: String,

    /// Print JSON.
    #[arg(long, conflicts_with = "markdown")]
    pub json: bool,

    /// Print a table in Markdown.
    #[arg(long)]
    pub markdown: bool,
}

/// `ward explain`.
#[derive(Debug, Args)]
pub struct Explain {
    /// The rule, as a report names it; a control, as `DATA-1a`; or a test of Bandit, as B301, for Ward's rule for the same fault.
    #[arg(value_name = "RULE")]
    pub rule: String,

    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}
