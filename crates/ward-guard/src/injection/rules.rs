//! The rules by family, one entry each: what it looks for, why that weighs something, and examples of both kinds.
//!
//! Patterns run over a copy in small letters (see [`crate::unicode::Copy`]). They were written from what is published about
//! attacks; no text of a collection of attacks is in them.

mod forging;
mod leaking;
mod persona;
mod steering;

/// What kind of sign a rule looks for. Only the strongest rule of a family counts at one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Family {
    /// Earlier instructions are to be disregarded.
    Overriding,
    /// The model is to be somebody without rules.
    Persona,
    /// The text pretends to come from somebody else, or to end the document.
    Forging,
    /// The prompt or a secret of it is asked for.
    Leaking,
    /// Data is to go somewhere.
    Exfiltration,
    /// The wording of the answer is prescribed.
    Steering,
    /// Words that speak to or of a model.
    Machine,
    /// Instructions in an encoding.
    Encoding,
    /// Instructions that a reader does not see.
    Hiding,
    /// What attacks make a model say to prove themselves.
    Payload,
}

impl Family {
    /// How many there are.
    pub const COUNT: usize = 10;
}

/// One rule.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Its name.
    pub id: &'static str,
    /// What it is a sign of.
    pub family: Family,
    /// How much it weighs alone, between 0 and 1.
    pub weight: f32,
    /// Words one of which must stand in the text, so that the pattern is tried at all.
    pub cues: &'static [&'static str],
    /// The pattern, for the `regex` crate.
    pub pattern: &'static str,
    /// Texts that it finds.
    pub yes: &'static [&'static str],
    /// Texts that it leaves alone.
    pub no: &'static [&'static str],
}

const GROUPS: &[&[Rule]] = &[persona::RULES, forging::RULES, leaking::RULES, steering::RULES];

/// How many rules there are.
pub(super) const COUNT: usize =
    persona::RULES.len() + forging::RULES.len() + leaking::RULES.len() + steering::RULES.len();

/// Every rule of the tables. Overriding and encodings have code of their own beside them.
pub(super) fn all() -> impl Iterator<Item = &'static Rule> {
    GROUPS.iter().copied().flatten()
}
