//! What a repository's policies say, lifted out of its files.
//!
//! ```text
//! Repository -> documents (SECURITY.md, security.txt, ..) -> units (markdown) -> frames, topics (lexicon) -> Reading
//! ```
//!
//! Everything here carries its place. Nothing is judged: a contact that is a placeholder or a table whose dates have passed is
//! for [`crate::verdict`].

mod contacts;
mod frame;
mod insights;
mod language;
mod names;
mod objects;
mod odd;
mod prose;
mod security_txt;
mod sources;
pub(crate) mod support;
mod tables;
mod times;
mod ward_toml;

use std::sync::Arc;

use crate::{
    promise::{Place, Promise, Within},
    repository::Repository,
};

pub(crate) use objects::looks_at_tests_too;

/// What the policies of a repository say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// What is promised, advised and asked for, by document and line.
    pub promises: Vec<Promise>,
    /// Where to report.
    pub contacts: Vec<Contact>,
    /// Rows of tables (or lists) of supported versions.
    pub versions: Vec<VersionRow>,
    /// Every stated time of a response, from prose and from tables.
    pub clocks: Vec<Clock>,
    /// What a report is asked to hold: each item of such a list, in the policy's words.
    pub asked: Vec<Asked>,
    /// Commands that are shown in fences. They are no promise.
    pub shown: Vec<Shown>,
    /// Links, with where they point.
    pub links: Vec<Link>,
    /// Comments of HTML, which a reader of the page does not see.
    pub comments: Vec<Comment>,
    /// Names by which the text calls the project whose policy it is ("the X security team", "vulnerabilities in X").
    pub names: Vec<Named>,
    /// Each security.txt.
    pub security_txt: Vec<SecurityTxt>,
    /// Each SECURITY-INSIGHTS file.
    pub insights: Vec<Insights>,
    /// What else is worth a remark: invisible characters, mixed scripts, hidden instructions, text that is a placeholder.
    pub facts: Vec<Fact>,
    /// What is said of the project, its people or its software and bound to no topic: no promise, and judged by nobody.
    pub unmapped: Vec<Unmapped>,
    /// How many more such sentences there are than `unmapped` holds.
    pub unmapped_more: usize,
    /// The documents that were read.
    pub documents: Vec<Document>,
    /// What was not read, with why: path, reason.
    pub not_examined: Vec<(String, String)>,
    /// A policy is there and was not read.
    pub unread_policy: bool,
}

/// A document that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The file.
    pub path: String,
    /// What it is.
    pub kind: DocumentKind,
    /// The language it was taken for, as a code of ISO 639-1. None: too little text to say.
    pub language: Option<&'static str>,
    /// Its headings with their lines.
    pub headings: Vec<(u32, String)>,
    /// How many bytes it has.
    pub len: u64,
    /// It holds words other than headings, markup and comments.
    pub has_text: bool,
}

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocumentKind {
    /// The security policy: SECURITY.md and its like, or the file that the caller named.
    Policy,
    /// CONTRIBUTING.
    Contributing,
    /// README: its sections on security, and its badges.
    Readme,
    /// security.txt of RFC 9116.
    SecurityTxt,
    /// security-insights.yml of the OpenSSF.
    Insights,
    /// ward.toml.
    WardToml,
}

/// Where to report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// What it is.
    pub kind: ContactKind,
    /// The address, plain: an obfuscated one is put together ("security at x dot org" is `security@x.org`).
    pub value: String,
    /// For forms of a forge, `host/owner/name`, lower case.
    pub slug: Option<String>,
    /// It was written so that machines would not read it.
    pub obfuscated: bool,
    /// What is odd about its characters.
    pub trick: Option<Trick>,
    /// Where.
    pub place: Place,
}

/// What a contact is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ContactKind {
    /// An e-mail address.
    Email,
    /// A private advisory form: `github.com/owner/name/security/advisories/new`, GitLab's confidential issues.
    Advisory,
    /// A platform: huntr, HackerOne, Bugcrowd, Intigriti, Tidelift.
    Platform,
    /// Another web page.
    Form,
    /// A public tracker: issues, discussions.
    PublicTracker,
    /// A telephone number, chat, or whatever else is named.
    Other,
    /// A key for encrypted mail: URL, fingerprint or key server.
    Key,
}

/// What is odd about characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Trick {
    /// Letters of more than one script in one word: Latin and Cyrillic.
    MixedScripts,
    /// Characters that nobody sees: zero-width, tags, controls.
    Invisible,
    /// Characters that turn the direction of writing.
    Direction,
}

/// A row of a table of supported versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionRow {
    /// The words of the version's cell: `1.x.x`, `< 1.0`, `Latest`, `main`.
    pub text: String,
    /// What they mean.
    pub versions: Versions,
    /// Whether it is supported; none where the table does not say so in a word that is known.
    pub supported: Option<bool>,
    /// The last day of support, in days since 1970.
    pub until: Option<i64>,
    /// The earliest day that the words of its end may mean: `June 2028` names no day.
    pub until_at_least: Option<i64>,
    /// What ends on that day, where the table's head says that it is a part of the support: `active`, `bug`, `extended`.
    pub phase: Option<&'static str>,
    /// The headings that it stands under, the outermost first.
    pub headings: Vec<Arc<str>>,
    /// Where.
    pub place: Place,
}

/// What a version's cell means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Versions {
    /// Every version that begins so: `1.x` is `1`, `2.3.x` is `2.3`.
    Series(String),
    /// This version.
    Exact(String),
    /// Compared with a version: `<`, `<=`, `>`, `>=`.
    Compared(&'static str, String),
    /// From, to: `1.2 - 1.4`.
    Between(String, String),
    /// The newest release.
    Latest,
    /// A branch: `main`, `dev`.
    Branch(String),
    /// All others: "older", "others", "any previous".
    Older,
    /// Not understood.
    Unknown,
}

impl Versions {
    /// What the name of a version means: `1.x`, `< 2.0`, `latest`.
    pub(crate) fn of(name: &str) -> Self {
        tables::versions(name)
    }
}

/// A stated time of a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clock {
    /// What is done by then.
    pub kind: ClockKind,
    /// How fast.
    pub within: Within,
    /// For which severity, in lower case; none for all.
    pub severity: Option<String>,
    /// It is an aim ("we aim to"), not a promise.
    pub goal: bool,
    /// Where.
    pub place: Place,
}

/// What is done by a stated time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClockKind {
    /// The report is acknowledged; the first response.
    Acknowledge,
    /// It is assessed, triaged, confirmed.
    Assess,
    /// It is fixed.
    Fix,
    /// There is word of progress.
    Update,
    /// It is published; the embargo ends.
    Publish,
    /// Not said of what.
    Other,
}

/// Something that a report is asked to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The words of the item.
    pub text: String,
    /// Where.
    pub place: Place,
}

/// A command that a document shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// One line of a fence, without a prompt sign.
    pub command: String,
    /// The headings above it, outermost first.
    pub headings: Vec<String>,
    /// Where.
    pub place: Place,
}

/// A link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its words.
    pub text: String,
    /// Where it points, as written.
    pub target: String,
    /// It is a picture, or a link around one: a badge.
    pub picture: bool,
    /// Where it stands.
    pub place: Place,
}

/// What a policy says and no topic takes up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmapped {
    /// The words as they stand in the file, on one line, markup left out; an answer with its question.
    pub text: String,
    /// Where.
    pub place: Place,
}

/// A comment of HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// Its words, on one line, cut off after 500 characters.
    pub text: String,
    /// It speaks to whoever edits or reads by machine: an instruction, which is never followed.
    pub addresses_machines: bool,
    /// Where.
    pub place: Place,
}

/// A name by which a text calls the project that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The name, as written.
    pub name: String,
    /// Where.
    pub place: Place,
}

/// A security.txt (RFC 9116).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SecurityTxt {
    /// The file.
    pub path: String,
    /// It is wrapped in an OpenPGP signature. Whose, and whether it is good, is not looked at.
    pub signed: bool,
    /// Its fields in their order: name in lower case, value, line.
    pub fields: Vec<(String, String, u32)>,
    /// When it expires, in days since 1970.
    pub expires: Option<i64>,
    /// What the format does not allow: line, and which rule of RFC 9116.
    pub faults: Vec<(u32, &'static str)>,
}

/// A SECURITY-INSIGHTS file: what it claims, as paths and values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Insights {
    /// The file.
    pub path: String,
    /// Its `schema-version`.
    pub schema: Option<String>,
    /// Each scalar: the way to it, joined by `.`, its text, its line.
    pub claims: Vec<(String, String, u32)>,
}

/// Something that is worth a remark and is no promise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What.
    pub kind: FactKind,
    /// In Ward's words; never a quote of what is hidden.
    pub note: String,
    /// Where.
    pub place: Place,
}

/// Something that is worth a remark and is no promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FactKind {
    /// A character that nobody sees, or that turns the direction of writing.
    InvisibleText,
    /// Letters of more than one script in an address.
    MixedScripts,
    /// A comment or hidden text that speaks to machines.
    HiddenInstructions,
    /// Words that a template left: "[INSERT CONTACT METHOD]", "your-email@example.com", "Use this section to tell people".
    Placeholder,
    /// Two documents of one kind: a forge shows one of them.
    SecondPolicy,
    /// A document without words.
    EmptyDocument,
}

/// What the policies of `repository` say.
#[must_use]
pub fn policies(repository: &Repository) -> Reading {
    policies_of(repository, None)
}

/// What the policies of `repository` say, where `policy` is a file of it that the caller named as the policy: it is read
/// instead of every other security policy.
#[must_use]
pub fn policies_of(repository: &Repository, policy: Option<&str>) -> Reading {
    sources::read(repository, policy)
}
