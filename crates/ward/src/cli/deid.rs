//! `ward deid`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Data;

/// `ward deid`.
///
/// Exit codes: 0 everything was examined, 2 Ward failed (usage, configuration, output), 3 part was not examined: the
/// list says what and why. What was found and replaced is no failure.
#[derive(Debug, Args)]
pub struct Deid {
    /// Files and folders. `-`, or nothing, reads standard input. Symbolic links inside folders are not followed.
    #[arg(value_name = "FILE|DIR")]
    pub inputs: Vec<PathBuf>,

    /// What the files are.
    #[arg(long, value_name = "KIND", default_value = "auto")]
    pub kind: DeidKind,

    /// What is put in place of a value.
    #[arg(long, value_name = "MODE", default_value = "tag")]
    pub mode: ModeChoice,

    /// Replace nothing: print what would be replaced, and where.
    /// With `--kind jsonl`, lines {"id","text"} become {"id","text","spans":[{"start","end","type"}]}; offsets count Unicode
    /// code points of the text.
    #[arg(long)]
    pub spans: bool,

    /// Where to write: a file for one input, a folder for several. Files keep their names, and below a given folder its
    /// structure. Without it the result of one file goes to standard output.
    #[arg(long, value_name = "PATH")]
    pub out: Option<PathBuf>,

    /// Give results names that say nothing, and note in this private file which is which; the same file given again gives
    /// the same names. Manifest, summary and journal use the new names. Without it results keep the names of their inputs.
    #[arg(long, value_name = "FILE", requires = "out")]
    pub rename: Option<PathBuf>,

    /// Print a summary as one JSON object. Without --out it holds the result too.
    #[arg(long)]
    pub json: bool,

    /// A file whose people are looked for in all the others: a FHIR or HL7 record, or a note. May be given again.
    #[arg(long, value_name = "FILE")]
    pub known: Vec<PathBuf>,

    /// Everything belongs to this one patient. Without it, the patient whom a record, a line or a row names.
    #[arg(long, value_name = "ID")]
    pub subject: Option<String>,

    /// Keep what stands for what in the vault of the data folder, so that `ward reid` can put values back.
    #[arg(long)]
    pub vault: bool,

    /// With --vault: days until the rows are forgotten [default: never].
    #[arg(long, value_name = "DAYS", requires = "vault", value_parser = clap::value_parser!(u32).range(1..=36500))]
    pub ttl: Option<u32>,

    /// Data folder.
    #[command(flatten)]
    pub data: Data,

    /// A file with the master key of surrogates, 64 hexadecimal digits, instead of the data folder's.
    #[arg(long, value_name = "FILE", conflicts_with = "vault")]
    pub key_file: Option<PathBuf>,

    /// Whose data it is: other tenants get other surrogates.
    #[arg(long, value_name = "NAME", default_value = "local")]
    pub tenant: String,

    /// Write what was replaced, where and by which rule, one JSON object a line, without the values.
    #[arg(long, value_name = "FILE")]
    pub manifest: Option<PathBuf>,

    /// Write a page that shows original and result side by side and takes corrections. It holds the ORIGINAL text.
    #[arg(long, value_name = "FILE.html")]
    pub review: Option<PathBuf>,

    /// Corrections exported from a review page: spans that were added or rejected. They apply to files that have not
    /// changed since.
    #[arg(long, value_name = "REVIEW.json")]
    pub accept: Option<PathBuf>,

    /// Skip what an interrupted run with the same options has finished.
    #[arg(long, requires = "out")]
    pub resume: bool,

    /// Files worked on at a time [default: one a processor].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,

    /// How text is encoded that is neither UTF-8 nor begins with a byte-order mark, such as windows-1252. The output is
    /// UTF-8.
    #[arg(long, value_name = "NAME")]
    pub encoding: Option<String>,

    /// Declare that a person looked at the pixels of the DICOM images and that no text is burnt in.
    #[arg(long)]
    pub pixels_clean: bool,

    /// For DICOM: keep what an option of the profile lets stay. May be given again. With `--mode remove` only patient and
    /// safe-private.
    #[arg(long, value_name = "WORD", value_parser = clap::builder::PossibleValuesParser::new(ward_deid::dicom::Options::RETAIN))]
    pub retain: Vec<String>,
}

/// The format of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DeidKind {
    /// Find out, file by file.
    Auto,
    /// Plain text.
    Text,
    /// JSON lines: any objects, or FHIR resources (NDJSON).
    Jsonl,
    /// One JSON text of any shape.
    Json,
    /// FHIR R4 JSON.
    Fhir,
    /// HL7 v2.
    Hl7,
    /// XML, such as HL7 CDA documents.
    Xml,
    /// DICOM.
    Dicom,
    /// A table with commas, tabs, semicolons or bars.
    Csv,
}

/// What is put in place of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ModeChoice {
    /// Typed placeholders such as `[NAME_1KR]`. Pseudonymised.
    Tag,
    /// Realistic stand-ins, the same for the same patient and key; dates moved by one number of days. Pseudonymised.
    Surrogate,
    /// The Safe Harbor profile: removal or random tokens, dates to the year. There is no way back.
    Remove,
}
