//! What can be typed. The doc comments are the help, the man pages and the reference.

pub mod attest;
pub mod batch;
pub mod db;
pub mod deid;
pub mod disclose;
pub mod doctor;
pub mod hook;
pub mod lsp;
pub mod mcp;
pub mod model;
pub mod policy;
pub mod reid;
pub mod sbom;
pub mod scan;
pub mod state;
pub mod triage;
pub mod vault;

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;

/// Makes an AI project's security policy true: guards what goes through a model, and proves it.
///
/// Exit codes: 0 clean, 1 findings (or a ledger that does not verify), 2 Ward failed (usage, configuration, input, output),
/// 3 nothing found but part was not examined.
#[derive(Debug, Parser)]
#[command(name = "ward", version, propagate_version = true, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What Ward can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve an OpenAI-compatible API behind the guard.
    Serve(Serve),
    /// Ask a question about a record, through the whole request path in this one process.
    Ask(Ask),
    /// De-identify files and folders: text, FHIR, HL7 v2, DICOM, CSV, JSON lines.
    Deid(deid::Deid),
    /// Put back what `ward deid --vault` replaced: in its results, or in what a model made of them.
    Reid(reid::Reid),
    /// List, erase, expire and rotate what the vault keeps.
    #[command(subcommand)]
    Vault(vault::Vault),
    /// Show the clinical facts of a record.
    Facts(Record),
    /// Compress a record and prove that its facts are kept.
    Compress(Compress),
    /// Show the state of a patient: allergies, medicines with their changes, problems, values over time, visits.
    State(state::State),
    /// Scan files, history, archives and model files for secrets and for what runs code.
    Scan(scan::Scan),
    /// Scan what is staged before every commit: install, uninstall, look after the hook.
    #[command(subcommand)]
    Hook(hook::Hook),
    /// Show findings in an editor: a language server over standard input and output.
    Lsp(lsp::Lsp),
    /// List the rules of `ward scan`.
    Rules(scan::Rules),
    /// Say what a rule finds, why it matters and what to do instead; or what a control says and what it has to do with.
    Explain(scan::Explain),
    /// Import the advisories that `ward scan` compares packages with, and say how old they are.
    #[command(subcommand)]
    Db(db::Db),
    /// Write a bill of materials of software, models and data; compare two; state what a vulnerability does.
    Sbom(sbom::Sbom),
    /// Hold a security policy against the repository, promise by promise.
    #[command(subcommand)]
    Policy(policy::Policy),
    /// Take in reports of vulnerabilities and handle them, from receipt to advisory, on the clock.
    #[command(subcommand)]
    Disclose(disclose::Disclose),
    /// Handle incidents: detect, contain, assess, remediate, recover, learn.
    #[command(subcommand)]
    Incident(disclose::Incident),
    /// Work with model files.
    #[command(subcommand)]
    Model(model::Model),
    /// Join evidence for the requirements of a standard into a dated report; verify and compare such reports.
    Attest(attest::Attest),
    /// Say how urgent the patient of a record is: NEWS2, qSOFA, urgent complaints, every reason with its place.
    Triage(triage::Triage),
    /// Take many records through several steps, into Parquet or JSON lines.
    Batch(batch::Batch),
    /// Give an agent tools over records without showing it who they are about: an MCP server over standard input and output.
    Mcp(mcp::Mcp),
    /// Say which settings count, and what is risky about them, the certificate and the keys.
    ///
    /// Exit codes: 0 no risk above info, 1 a risk, 2 Ward failed.
    Doctor(doctor::Doctor),
    /// Make, list, rotate and revoke API keys.
    #[command(subcommand)]
    Key(Key),
    /// Verify, export and prove what the ledger holds.
    #[command(subcommand)]
    Ledger(Ledger),
    /// Print a completion script for a shell.
    Completions {
        /// The shell.
        shell: Shell,
    },
    /// Write the manual pages to a folder.
    Man {
        /// The folder; it must exist.
        folder: PathBuf,
    },
}

/// Where Ward keeps its keys, certificate and ledger.
#[derive(Debug, Args, Clone)]
pub struct Data {
    /// The data folder [default: the user's folder for application data].
    #[arg(long, value_name = "DIR", env = "WARD_DATA")]
    pub data: Option<PathBuf>,
}

/// A model server behind the guard.
#[derive(Debug, Args, Clone)]
pub struct Upstream {
    /// Put the guard in front of this OpenAI-compatible server, such as http://127.0.0.1:11434 (Ollama).
    /// It sees records compressed, and what Ward's rules find of names, dates and identifiers replaced. Plain http only on
    /// this machine.
    #[arg(long, value_name = "URL")]
    pub upstream: Option<String>,

    /// The one model the upstream offers, for servers that do not list theirs.
    #[arg(long, value_name = "MODEL", requires = "upstream")]
    pub upstream_model: Option<String>,

    /// A file that holds the upstream's API key and nothing else.
    #[arg(long, value_name = "FILE", requires = "upstream")]
    pub upstream_key_file: Option<PathBuf>,

    /// Seconds the upstream may stay silent before the request is given up.
    #[arg(long, value_name = "SECONDS", default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub upstream_timeout: u64,
}

/// `ward serve`.
#[derive(Debug, Args)]
pub struct Serve {
    /// Address and port to listen on. Port 0 takes a free one [default: 127.0.0.1:8443].
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,

    /// Settings [default: ward.toml in the data folder, if there is one]. Flags count more. Taken up again when it changes
    /// and at SIGHUP.
    #[arg(long, value_name = "FILE", env = "WARD_CONFIG")]
    pub config: Option<PathBuf>,

    /// Data folder.
    #[command(flatten)]
    pub data: Data,

    /// A folder of records that agents may see over `/mcp`, de-identified: a caller sees those below callers/ID, by the id of its
    /// key, and those below roles/ROLE.
    #[arg(long, value_name = "DIR")]
    pub records: Option<PathBuf>,

    /// Upstream.
    #[command(flatten)]
    pub upstream: Upstream,

    /// Largest request body, in bytes [default: 16777216].
    #[arg(long, value_name = "BYTES", value_parser = clap::value_parser!(u64).range(1024..=(1 << 30)))]
    pub max_body: Option<u64>,

    /// Most requests under way at a time; more wait for two seconds and are then answered 503 [default: 256].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=65536))]
    pub max_requests: Option<u32>,
}

/// `ward ask`.
#[derive(Debug, Args)]
pub struct Ask {
    /// The record: a FHIR R4 resource or bundle, HL7 v2 messages, or a note. `-` reads standard input.
    #[arg(value_name = "RECORD")]
    pub record: PathBuf,

    /// The question.
    #[arg(value_name = "QUESTION")]
    pub question: String,

    /// The model [default: ward-cite, or the upstream's first].
    #[arg(long, value_name = "MODEL")]
    pub model: Option<String>,

    /// Upstream.
    #[command(flatten)]
    pub upstream: Upstream,

    /// Data folder.
    #[command(flatten)]
    pub data: Data,

    /// Print everything as one JSON object.
    #[arg(long)]
    pub json: bool,
}

/// A record to read.
#[derive(Debug, Args)]
pub struct Record {
    /// The record. `-` reads standard input.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,

    /// What it is.
    #[arg(long, value_name = "KIND", default_value = "auto")]
    pub kind: KindChoice,

    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// A record to compress.
#[derive(Debug, Args)]
pub struct Compress {
    /// The record.
    #[command(flatten)]
    pub record: Record,

    /// Most tokens of the result. What is least relevant to the question and oldest is left out first, and listed; allergies,
    /// medicines that were not stopped, abnormal values, a note's header and its newest visit always stay.
    #[arg(long, value_name = "N")]
    pub max_tokens: Option<usize>,

    /// Count tokens with a model's own tokenizer: its tokenizer.json, the folder that holds it, or a GGUF file.
    /// Without it they are estimated.
    #[arg(long, value_name = "PATH")]
    pub tokenizer: Option<PathBuf>,

    /// Of a note of a single visit keep that visit to the letter, as the newest of several is kept. It then saves next to nothing.
    #[arg(long)]
    pub keep_current: bool,

    /// What the result is to answer: what it asks about comes first, and is left out last.
    #[arg(long, value_name = "TEXT")]
    pub question: Option<String>,
}

/// The format of a record.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum KindChoice {
    /// Find out.
    Auto,
    /// Plain text.
    Text,
    /// FHIR R4 JSON.
    Fhir,
    /// HL7 v2.
    Hl7,
}

/// `ward key`.
#[derive(Debug, Subcommand)]
pub enum Key {
    /// Make a key. It is shown once and kept only as a keyed hash.
    New(Box<NewKey>),
    /// Make a key that takes the place of another, which ends after an overlap.
    Rotate {
        /// The id of the key to replace.
        #[arg(value_name = "ID")]
        id: String,
        /// How long the old key still works: a number with m, h or d for minutes, hours or days; 0 ends it now.
        #[arg(long, value_name = "TIME", default_value = "7d")]
        overlap: String,
        /// Data folder.
        #[command(flatten)]
        data: Data,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// List keys: never the keys themselves.
    List {
        /// Data folder.
        #[command(flatten)]
        data: Data,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Print a key's canary phrase, to plant in what its holder alone sees. With another key it is told and stopped.
    Canary {
        /// The key's id.
        #[arg(value_name = "ID")]
        id: String,
        /// Data folder.
        #[command(flatten)]
        data: Data,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Revoke a key. A running server follows within seconds.
    Revoke {
        /// The key's id.
        #[arg(value_name = "ID")]
        id: String,
        /// Data folder.
        #[command(flatten)]
        data: Data,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

/// `ward key new`.
#[derive(Debug, Args)]
pub struct NewKey {
    /// What its holder is: clinician, service, auditor, administrator or break-glass.
    #[arg(long, value_name = "ROLE", default_value = "clinician")]
    pub role: String,

    /// Who holds it.
    #[arg(long, value_name = "NAME", default_value = "")]
    pub owner: String,

    /// When it expires: days, or a number with m, h or d [default: never; 1h for break-glass, which takes 12h at most].
    #[arg(long, value_name = "TIME")]
    pub expires: Option<String>,

    /// The environment it is for, such as production: only a server of that environment takes it [default: any].
    #[arg(long, value_name = "NAME")]
    pub environment: Option<String>,

    /// What it may do of what its role may, divided by commas: ask, reid, models, ledger, metrics [default: all but
    /// reid, with which an agent sees who a record is about].
    #[arg(long, value_name = "SCOPES", value_delimiter = ',')]
    pub scopes: Vec<String>,

    /// What it may be used for, divided by commas, such as treatment [default: anything].
    #[arg(long, value_name = "PURPOSES", value_delimiter = ',')]
    pub purposes: Vec<String>,

    /// Why it is made. Needed for break-glass. Stands in `ward key list`: name no patient.
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,

    /// Data folder.
    #[command(flatten)]
    pub data: Data,

    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// `ward ledger`.
#[derive(Debug, Subcommand)]
pub enum Ledger {
    /// Check every byte of every ledger in the data folder, and say what that proves. Works on a copy.
    Verify {
        /// Data folder, or a copy of it.
        #[command(flatten)]
        data: Data,
        /// A checkpoint kept elsewhere: the ledger must still hold everything it covers.
        #[arg(long, value_name = "FILE")]
        checkpoint: Option<PathBuf>,
        /// The key that was kept elsewhere: a verifier key, or its fingerprint.
        #[arg(long, value_name = "KEY")]
        key: Option<String>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Print every entry, one JSON object a line.
    Export {
        /// Data folder.
        #[command(flatten)]
        data: Data,
    },
    /// Print the proof that the entries of a receipt are in the ledger.
    Prove {
        /// The receipt, wr_...
        #[arg(value_name = "RECEIPT")]
        receipt: String,
        /// Data folder.
        #[command(flatten)]
        data: Data,
    },
}
