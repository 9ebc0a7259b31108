//! `ward disclose` and `ward incident`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Data;

/// What every command about cases takes.
#[derive(Debug, Args, Clone)]
pub struct Desk {
    /// Data folder.
    #[command(flatten)]
    pub data: Data,
    /// The file with the section `[disclose]`; by default ward.toml here, if there is one.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Who takes the step: a name of [disclose.people].
    #[arg(long = "as", value_name = "NAME", env = "WARD_AS")]
    pub actor: Option<String>,
    /// When it happened, if that was earlier: 2026-11-22T09:30:00+01:00.
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// Words that a step needs. What a reporter wrote belongs into a file, not on the command line.
#[derive(Debug, Args, Clone)]
pub struct Words {
    /// Why, in a few words.
    #[arg(long, value_name = "TEXT", conflicts_with = "text")]
    pub reason: Option<String>,
    /// Why, from a file; `-` reads standard input.
    #[arg(long, value_name = "FILE")]
    pub text: Option<PathBuf>,
}

/// A case, and what every command takes.
#[derive(Debug, Args, Clone)]
pub struct Of {
    /// The case, WD-2026-0001.
    #[arg(value_name = "CASE")]
    pub case: String,
    /// Desk.
    #[command(flatten)]
    pub desk: Desk,
}

/// `ward disclose`.
#[derive(Debug, Subcommand)]
pub enum Disclose {
    /// Take in a report: a text or an e-mail (.eml), from a file or standard input. Says what is missing.
    Receive {
        /// The report. `-` reads standard input.
        #[arg(value_name = "FILE", default_value = "-")]
        file: PathBuf,
        /// It is an e-mail [default: by the name .eml].
        #[arg(long)]
        mail: bool,
        /// One line to call it by [default: the mail's subject, or the first line].
        #[arg(long, value_name = "TEXT")]
        title: Option<String>,
        /// The reporter's name, where the report does not say.
        #[arg(long, value_name = "NAME")]
        from: Option<String>,
        /// Where to answer, where the report does not say.
        #[arg(long, value_name = "ADDRESS")]
        contact: Option<String>,
        /// What the reporter says of machines that helped: none, assisted, generated.
        #[arg(long, value_name = "USE")]
        ai: Option<String>,
        /// Desk.
        #[command(flatten)]
        desk: Desk,
    },
    /// List cases: reports and incidents.
    List {
        /// Also those that have ended.
        #[arg(long)]
        all: bool,
        /// Desk.
        #[command(flatten)]
        desk: Desk,
    },
    /// Show a case: its report, steps, clocks, fixes, and what is missing before it can be closed.
    Show {
        /// Case.
        #[command(flatten)]
        of: Of,
        /// Write this attachment's bytes to --out instead. It is a stranger's file.
        #[arg(long, value_name = "N", requires = "out")]
        attachment: Option<usize>,
        /// Where to write it.
        #[arg(long, value_name = "FILE", requires = "attachment")]
        out: Option<PathBuf>,
    },
    /// Record that the reporter was told, and print a letter that says so and asks for what is missing.
    Ack {
        /// Case.
        #[command(flatten)]
        of: Of,
    },
    /// Print the letter again.
    Reply {
        /// Case.
        #[command(flatten)]
        of: Of,
        /// Record that it was sent.
        #[arg(long)]
        sent: bool,
    },
    /// Record how bad it is.
    Assess {
        /// Case.
        #[command(flatten)]
        of: Of,
        /// A CVSS vector, 3.1 or 4.0; both may be given.
        #[arg(long, value_name = "VECTOR")]
        cvss: Vec<String>,
        /// What it may do to patients: none, privacy, delay, wrong-treatment, harm.
        #[arg(long, value_name = "IMPACT", default_value = "none")]
        clinical: String,
        /// What is known of its use: none, poc, active.
        #[arg(long, value_name = "STATE", default_value = "none")]
        exploitation: String,
        /// A severity other than that of the scores: low, medium, high, critical. Needs a reason.
        #[arg(long, value_name = "SEVERITY")]
        severity: Option<String>,
        /// The weakness, CWE-22.
        #[arg(long, value_name = "CWE")]
        cwe: Option<String>,
        /// Words.
        #[command(flatten)]
        words: Words,
    },
    /// Record that it could not be reproduced, and what was tried.
    NotReproduced {
        /// Case.
        #[command(flatten)]
        of: Of,
        /// Words.
        #[command(flatten)]
        words: Words,
    },
    /// Decline it: no vulnerability, out of scope, or another case.
    Decline {
        /// Case.
        #[command(flatten)]
        of: Of,
        /// The case that it repeats.
        #[arg(long, value_name = "CASE")]
        duplicate_of: Option<String>,
        /// Words.
        #[command(flatten)]
        words: Words,
    },
    /// Take up a case that had ended.
    Reopen {
        /// Case.
        #[command(flatten)]
        of: Of,
        /// Words.
        #[command(flatten)]
        words: Words,
    },
    /// Record which releases are affected: from git's tags, as stated, or declined.
    Affected {
        /// Case.
        #[command(flatten)]
        of: Of,
        /// The repository whose tags are asked.
        #[arg(long, value_name = "DIR", default_value = ".")]
        repo: PathBuf,
        /// A commit that brought the fault. Tags that hold it, and no fix, are affected.
        #[arg(long, value_name = "COMMIT")]
        introduced: Vec<String>,
        /// A commit that mends it; give each one that was picked for a release line.
        #[arg(long, value_name = "COMMIT")]
        fixed: Vec<String>,
        /// The file whose text shows the fault, with --pattern.
        #[arg(long, value_name = "FILE", requires = "pattern", conflicts_with = "introduced")]
        path: Option<String>,
        /// The text that shows the fault, as it stands.
        #[arg(long, value_name = "TEXT", requires = "path")]
        pattern: Option<String>,
        /// An affected version, as stated by a person.
        #[arg(long, value_name = "VERSION", conflicts_with_all = ["introduced", "path"])]
        release: Vec<String>,
        /// Nobody looks; give the reason.
        #[arg(long, conflicts_with_all = ["introduced", "path", "release"])]
        declined: bool,
        /// Words.
        #[command(flatten)]
        words: Words,
    },
    /// Look for the same fault elsewhere with rules of `ward scan`, or record what was found by hand.
    Siblings {
        /// Case.
        #[command(flatten)]
        of: Of,
        /// What is scanned.
        #[arg(long, value_name = "DIR", default_value = ".")]
        repo: PathBuf,
        /// A rule of `ward scan`; see `ward rules`.
        #[arg(long, value_name = "RULE", value_delimiter = ',')]
        rule: Vec<String>,
        /// Nobody looks; give the reason.
        #[arg(long, conflicts_with = "rule")]
        declined: bool,
        /// Words.
        #[command(flatten)]
        words: Words,
    },
    /// Record the fix of a line of versions, or that there will be none.
    Fix {
        /// Case.
        #[command(flatten)]
        of: Of,
        /// The line, as in [disclose.supported]: 1.x.
        #[arg(long, value_name = "LINE")]
        line: String,
        /// The version that mends it.
        #[arg(long, value_name = "VERSION", required_unless_present = "declined")]
        release: Option<String>,
        /// There will be none; give the reason.
        #[arg(long, conflicts_with = "release")]
        declined: bool,
        /// Words.
        #[command(flatten)]
        words: Words,
    },
    /// Record a date of publication that was agreed on.
    Coordinate {
        /// Case.
        #[command(flatten)]
        of: Of,
        /// With whom.
        #[arg(long, value_name = "WHOM")]
        with: String,
        /// The day.
        #[arg(long, value_name = "YYYY-MM-DD")]
        on: Option<String>,
    },
    /// Write the advisory: CSAF 2.0, OSV, CycloneDX VEX and a page, from a draft that you write.
    Advise {
        /// Case.
        #[command(flatten)]
        of: Of,
        /// Print a draft to fill in.
        #[arg(long, conflicts_with_all = ["draft", "out", "declined"])]
        template: bool,
        /// The draft.
        #[arg(long, value_name = "FILE", requires = "out")]
        draft: Option<PathBuf>,
        /// The folder of advisories. What lists its contents is written anew.
        #[arg(long, value_name = "DIR", requires = "draft")]
        out: Option<PathBuf>,
        /// There will be none; give the reason.
        #[arg(long, conflicts_with = "draft")]
        declined: bool,
        /// Words.
        #[command(flatten)]
        words: Words,
    },
    /// Record that the advisory is public.
    Publish {
        /// Case.
        #[command(flatten)]
        of: Of,
        /// Where.
        #[arg(long, value_name = "URL", required = true)]
        url: Vec<String>,
        /// Its CVE.
        #[arg(long, value_name = "CVE")]
        cve: Option<String>,
    },
    /// What a report and an incident share.
    #[command(flatten)]
    Record(Record),
    /// Say who works on it.
    Assign {
        /// Case.
        #[command(flatten)]
        of: Of,
        /// Who.
        #[arg(long, value_name = "NAME")]
        to: String,
    },
    /// Record who is to be thanked, and whether they agreed to be named.
    Credit {
        /// Case.
        #[command(flatten)]
        of: Of,
        /// The name to be used.
        #[arg(long, value_name = "NAME")]
        name: String,
        /// A page of theirs.
        #[arg(long, value_name = "URL")]
        url: Option<String>,
        /// They asked or agreed to be named in public.
        #[arg(long, conflicts_with = "no_consent")]
        consent: bool,
        /// They did not.
        #[arg(long, required_unless_present = "consent")]
        no_consent: bool,
        /// How that is known.
        #[arg(long, value_name = "TEXT")]
        how: Option<String>,
    },
    /// Say what is due. Exit code 1 when something is overdue or soon will be.
    Due {
        /// Also warn of this security.txt before it is stale.
        #[arg(long, value_name = "FILE")]
        security_txt: Option<PathBuf>,
        /// Also show a note on the desktop (notify-send), where there is one.
        #[arg(long)]
        notify: bool,
        /// Also post what is due to `webhook` of `[disclose]`: ids, clocks and times, no text.
        #[arg(long)]
        webhook: bool,
        /// As of then, instead of now.
        #[arg(long, value_name = "TIME")]
        now: Option<String>,
        /// Desk.
        #[command(flatten)]
        desk: Desk,
    },
    /// Print everything that is kept of a case, as JSON.
    Export {
        /// Case.
        #[command(flatten)]
        of: Of,
    },
    /// Forget a case for good: its key is destroyed.
    Forget {
        /// Case.
        #[command(flatten)]
        of: Of,
    },
    /// Print a security.txt (RFC 9116) made from [disclose.contact].
    SecurityTxt {
        /// Also have the running service serve it.
        #[arg(long, conflicts_with = "check")]
        serve: bool,
        /// Check this file instead: what it lacks, and whether it soon is stale.
        #[arg(long, value_name = "FILE")]
        check: Option<PathBuf>,
        /// Desk.
        #[command(flatten)]
        desk: Desk,
    },
    /// Print the thanks to those who reported what is published and agreed to be named, as Markdown.
    Thanks {
        /// Desk.
        #[command(flatten)]
        desk: Desk,
    },
    /// Print scope and good faith for the policy, as Markdown.
    Terms {
        /// Desk.
        #[command(flatten)]
        desk: Desk,
    },
    /// The key that opens what the running service took in.
    #[command(subcommand)]
    Key(IntakeKey),
    /// Let the running service take in reports from anybody, or no longer. Needs a key first.
    Door {
        /// What it is to be.
        #[arg(value_name = "open|shut")]
        state: DoorState,
        /// Desk.
        #[command(flatten)]
        desk: Desk,
    },
    /// Open what the running service took in, and make cases of it.
    Intake {
        /// The file of the identity [default: the one in the data folder].
        #[arg(long, value_name = "FILE")]
        identity: Option<PathBuf>,
        /// Desk.
        #[command(flatten)]
        desk: Desk,
    },
}

/// Whether reports are taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum DoorState {
    /// From anybody, sealed for the team.
    Open,
    /// From nobody.
    Shut,
}

/// `ward disclose key`.
#[derive(Debug, Subcommand)]
pub enum IntakeKey {
    /// Make a key pair. The service gets the public half; with --out the secret one never lies on its machine.
    New {
        /// Write the secret half there instead of into the data folder.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// Desk.
        #[command(flatten)]
        desk: Desk,
    },
    /// Seal for this public key, too.
    Add {
        /// The key, age1...
        #[arg(value_name = "RECIPIENT")]
        recipient: String,
        /// Desk.
        #[command(flatten)]
        desk: Desk,
    },
    /// Print the public keys that reports are sealed for.
    Show {
        /// Desk.
        #[command(flatten)]
        desk: Desk,
    },
}

/// `ward incident`.
#[derive(Debug, Subcommand)]
pub enum Incident {
    /// Open an incident: by hand, or from entries of the ledger.
    Open {
        /// One line.
        #[arg(long, value_name = "TEXT")]
        title: String,
        /// A receipt of the ledger (wr_...) that gave the alarm.
        #[arg(long, value_name = "RECEIPT")]
        alert: Vec<String>,
        /// Words.
        #[command(flatten)]
        words: Words,
        /// Desk.
        #[command(flatten)]
        desk: Desk,
    },
    /// List incidents.
    List {
        /// Also those that have ended.
        #[arg(long)]
        all: bool,
        /// Desk.
        #[command(flatten)]
        desk: Desk,
    },
    /// Show an incident with its timeline.
    Show {
        /// Case.
        #[command(flatten)]
        of: Of,
    },
    /// Record how it was contained.
    Contain {
        /// Case.
        #[command(flatten)]
        of: Of,
        /// Words.
        #[command(flatten)]
        words: Words,
    },
    /// Record what it touched.
    Assess {
        /// Case.
        #[command(flatten)]
        of: Of,
        /// Words.
        #[command(flatten)]
        words: Words,
    },
    /// Record how its cause was removed.
    Remediate {
        /// Case.
        #[command(flatten)]
        of: Of,
        /// Words.
        #[command(flatten)]
        words: Words,
    },
    /// Record how the service recovered.
    Recover {
        /// Case.
        #[command(flatten)]
        of: Of,
        /// Words.
        #[command(flatten)]
        words: Words,
    },
    /// Record what can be learned.
    Learn {
        /// Case.
        #[command(flatten)]
        of: Of,
        /// Words.
        #[command(flatten)]
        words: Words,
    },
    /// List whose data it touched, from the ledgers, for notices of a breach: pseudonymous ids, and what cannot be known.
    Subjects {
        /// Case.
        #[command(flatten)]
        of: Of,
        /// From when.
        #[arg(long, value_name = "TIME")]
        from: String,
        /// Until when.
        #[arg(long, value_name = "TIME")]
        until: String,
        /// Only what this key's holder did.
        #[arg(long, value_name = "KEY ID")]
        key: Option<String>,
    },
    /// What a report and an incident share.
    #[command(flatten)]
    Record(Record),
}

/// What is recorded of reports and of incidents alike.
#[derive(Debug, Subcommand)]
pub enum Record {
    /// Record something that clocks run from or to, such as exploitation-known, customers-told or breach-discovered.
    Mark {
        /// Case.
        #[command(flatten)]
        of: Of,
        /// What happened. Without a name that is known, the names are listed.
        #[arg(long, value_name = "EVENT")]
        event: String,
        /// Words.
        #[command(flatten)]
        words: Words,
    },
    /// Record a note.
    Note {
        /// Case.
        #[command(flatten)]
        of: Of,
        /// Words.
        #[command(flatten)]
        words: Words,
    },
    /// Close it, once everything is recorded or declined.
    Close {
        /// Case.
        #[command(flatten)]
        of: Of,
    },
}
