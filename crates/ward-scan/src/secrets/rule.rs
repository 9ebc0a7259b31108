//! What a rule for a provider's credential is: data, with a check.
//!
//! A rule says which rare literals announce it ([`SecretRule::keywords`]), what the credential looks like
//! ([`Shape`]), what its structure proves ([`SecretRule::check`]), and shows texts that hold it and texts that do not.
//! The engine adds what is the same for all: boundaries, placeholders, places that lower a severity, decoding.

use ward_evidence::{
    RuleMeta, Severity,
    controls::{SEC_1A, SEC_1B},
};

use super::sample::Sample;

/// One kind of credential of one provider.
///
/// ```text
/// pub static RULES: &[SecretRule] = &[SecretRule {
///     meta: RuleMeta { id: "secrets/acme-key", severity: Severity::High, summary: "..", docs: "..", ..META },
///     keywords: &["acme_sk_"],
///     shape: Shape::Token("acme_sk_[0-9a-f]{40}"),
///     yes: &[Sample::Text("ACME_KEY=acme_sk_<<hex:40>>"), ..],
///     no: &[Sample::Text("acme_sk_<<hex:39>>"), ..],
///     ..SecretRule::DEFAULT
/// }];
/// ```
pub struct SecretRule {
    /// Its name, severity and documentation. The id is `secrets/<provider>-<kind>`.
    pub meta: RuleMeta,
    /// Lower-case ASCII literals, at least three bytes each; one of them must stand within 96 bytes after the start of
    /// the match or anywhere inside its first [`reach`](Self::reach) bytes. Upper and lower case in the text are the
    /// same. Rare ones keep the scan fast: for a [`Shape::Token`] use its own prefix, for a [`Shape::Named`] the
    /// provider's name.
    pub keywords: &'static [&'static str],
    /// What it looks like.
    pub shape: Shape,
    /// How many bytes from a keyword the match can reach.
    pub reach: usize,
    /// What the text of the secret proves: a prefix that is publishable, a checksum, an encoded account.
    pub check: fn(&str) -> Verdict,
    /// Least Shannon entropy of the secret in bits per character, over its own characters; 0 switches the test off.
    /// Random hexadecimal of 32 characters has about 3.6, random base62 of 36 about 4.6.
    pub min_entropy: f32,
    /// How its provider could be asked whether it still works, for the few with a harmless question.
    pub verify: Option<Verify>,
    /// At least two texts that hold it.
    pub yes: &'static [Sample],
    /// At least two texts that look like it and do not hold it.
    pub no: &'static [Sample],
}

impl SecretRule {
    /// What most rules share; the rest must be given. Use as `..SecretRule::DEFAULT`.
    pub const DEFAULT: SecretRule = SecretRule {
        meta: META,
        keywords: &[],
        shape: Shape::Token(""),
        reach: 256,
        check: plausible,
        min_entropy: 2.5,
        verify: None,
        yes: &[],
        no: &[],
    };
}

/// What most metadata share. Use as `RuleMeta { id: .., summary: .., docs: .., ..META }`.
pub const META: RuleMeta = RuleMeta {
    id: "",
    severity: Severity::High,
    controls: &[SEC_1A, SEC_1B],
    summary: "",
    docs: "",
};

/// The default [`SecretRule::check`]: the shape says all there is to know.
#[must_use]
pub fn plausible(_secret: &str) -> Verdict {
    Verdict::Plausible
}

/// What a credential looks like. Patterns are those of the `regex` crate without Unicode (`\w`, `\d` and `\s` are
/// ASCII); upper and lower case differ unless `(?i:..)` says otherwise. Bound every repetition. The secret is the group
/// `secret`, or the whole match where there is no such group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Stands for itself: `acme_sk_[0-9a-f]{40}`. Write no boundaries: the engine asks that neither a letter, a digit
    /// nor `_` stands on either side, and knows that the `n` of an escaped line end (`\n`) and the `3D` of `%3D` are no
    /// letters.
    Token(&'static str),
    /// Known by the name it is given: `name` is a pattern of the provider's names (upper and lower case are the
    /// same), `value` that of the secret, with boundaries as for a token. Between the two stand at most 30 more
    /// characters of the name, and an assignment of any language: `ACME_API_KEY = "..."`, `acme.key: ...`,
    /// `{"acmeKey":"..."}`, `<acme_key>...`, `acme_key, "..."`, `Acme(api_key="...")`, `acme ... Authorization: Bearer
    /// ...`. The secret, or a part of it, must be as rare as random text is.
    Named {
        /// The provider's names: `acme|acmecorp`.
        name: &'static str,
        /// The secret: `[0-9a-f]{40}`.
        value: &'static str,
    },
    /// A pattern of its own, with all its boundaries.
    Text(&'static str),
}

/// What the text of a secret proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// A checksum or an encoded structure is right: it is no accident. Not even a place full of examples hides it.
    Proven,
    /// It looks like one.
    Plausible,
    /// It is one of less worth, or probably none: a publishable key, a test key, a checksum that is wrong (mistyped,
    /// cut, made up). The severity is at most this; the sentence says why, without the value.
    Weaker(Severity, &'static str),
    /// It is none.
    Wrong,
}

/// A harmless question to a provider that tells whether a credential works. Ward asks nobody: this is data for a client
/// that a person switches on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verify {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Address; `{secret}` stands for the credential.
    pub url: &'static str,
    /// Name and value of the header that carries it; `{secret}` stands for the credential.
    pub header: (&'static str, &'static str),
    /// Status codes that mean it works.
    pub live: &'static [u16],
    /// Status codes that mean it does not. Any other code means that nobody knows.
    pub dead: &'static [u16],
}
