//! What `ward batch` takes.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{KindChoice, triage::ScaleChoice};

/// `ward batch`.
///
/// Exit codes: 0 everything was examined, 1 a compression was not proved, 2 Ward failed (usage, configuration, output), 3 part was not
/// examined: the rows and the summary say what and why.
#[derive(Debug, Args)]
pub struct Batch {
    /// Files and folders. A file called .ndjson or .jsonl (also .gz) holds a record a line: a FHIR resource, or {"id","text"} (see --text-key);
    /// every other file is one record. `-` reads lines from standard input. Symbolic links inside folders are not followed.
    #[arg(value_name = "FILE|DIR", required = true)]
    pub inputs: Vec<PathBuf>,

    /// What to do, divided by commas. With deid, the other steps see what is left, and no column holds the original.
    #[arg(long, value_name = "STEPS", value_delimiter = ',', default_value = "deid,facts")]
    pub steps: Vec<Step>,

    /// The folder for the results. It is made; it must not hold other results.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,

    /// How results are written.
    #[arg(long, value_name = "FORMAT", default_value = "parquet")]
    pub format: Format,

    /// What the records are.
    #[arg(long, value_name = "KIND", default_value = "auto")]
    pub kind: KindChoice,

    /// Where the text stands in a line that is no FHIR resource.
    #[arg(long, value_name = "KEY", default_value = "text")]
    pub text_key: String,

    /// Where its id stands.
    #[arg(long, value_name = "KEY", default_value = "id")]
    pub id_key: String,

    /// For compress: most tokens of a result. Allergies, medicines that were not stopped, abnormal values, a note's header and its newest
    /// visit always stay.
    #[arg(long, value_name = "N")]
    pub max_tokens: Option<usize>,

    /// For compress: count tokens with a model's own tokenizer: its tokenizer.json, the folder that holds it, or a GGUF file. Without it
    /// they are estimated.
    #[arg(long, value_name = "FILE")]
    pub tokenizer: Option<PathBuf>,

    /// For triage: the NEWS2 scale for oxygen saturation [default: 2 when a record sets a target of 88-92 %, else 1].
    #[arg(long, value_name = "SCALE")]
    pub scale: Option<ScaleChoice>,

    /// Go on after what an interrupted run with the same inputs and options has finished.
    #[arg(long)]
    pub resume: bool,

    /// Records worked on at a time [default: one a processor].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,

    /// Print the summary as one JSON object.
    #[arg(long)]
    pub json: bool,
}

/// What is done to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Step {
    /// Replace what identifies by placeholders. They are those of one record: nothing can be put back.
    Deid,
    /// Read its clinical facts.
    Facts,
    /// Shorten it and prove that its facts are kept.
    Compress,
    /// Say how urgent its patient is.
    Triage,
    /// Show the state of its patient: problems, medicines, allergies, values over time, visits.
    State,
}

/// The format of results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Apache Parquet.
    Parquet,
    /// A JSON object a line.
    Ndjson,
}
