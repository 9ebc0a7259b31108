//! The rules about licences.

use ward_evidence::{RuleMeta, Severity, controls::DEP_3A};

/// Forbidden by the project's own list.
pub static DENIED: RuleMeta = RuleMeta {
    id: "licences/denied",
    severity: Severity::High,
    controls: &[DEP_3A],
    summary: "A component is under a licence that the project's policy denies.",
    docs: "The list `deny` in `[scan.licences]` of `ward.toml` has this licence, and the component offers no other.\n\n\
        Example: `deny = [\"AGPL-3.0-only\"]`, and a package that is under `AGPL-3.0-only`. One under `AGPL-3.0-only OR MIT` is \
        no finding: the project may choose.\n\n\
        **Instead:** replace the component, buy another licence, or let whoever answers for the policy change it.\n\n\
        Source: the project's policy; SPDX 3.0.1, Annex B (licence expressions).",
};

/// To be asked about by the project's own list.
pub static ASK: RuleMeta = RuleMeta {
    id: "licences/ask",
    severity: Severity::Low,
    controls: &[DEP_3A],
    summary: "A component is under a licence that somebody has to decide about.",
    docs: "The project has lists of licences, and this one stands in `ask` or in none of them. What nobody allowed is not \
        allowed.\n\n\
        Example: `allow = [\"MIT\"]`, and a package under `ISC`.\n\n\
        **Instead:** decide, and put the licence into `allow` or `deny` of `[scan.licences]` in `ward.toml`.\n\n\
        Source: the project's policy.",
};

/// Does not go with the project's own licence.
pub static INCOMPATIBLE: RuleMeta = RuleMeta {
    id: "licences/incompatible",
    severity: Severity::Medium,
    controls: &[DEP_3A],
    summary: "A component's licence asks for more than the project's own licence gives.",
    docs: "Whoever passes the project on must keep the terms of everything in it. A copyleft licence asks that the whole be \
        under it; a project under a permissive licence, or under another copyleft licence, does not do that. Ward's matrix stands \
        in the guide to licences; it knows licences, and not how the component is used, so that a lawyer may come to another \
        view.\n\n\
        Example: a project under MIT that needs a package under GPL-3.0-only.\n\n\
        **Instead:** use another component, keep it out of what is passed on, or change the project's licence.\n\n\
        Source: Free Software Foundation, Various Licenses and Comments about Them; Mozilla, MPL 2.0 FAQ; Apache Software \
        Foundation, GPL compatibility.",
};

/// Not for commercial use.
pub static NON_COMMERCIAL: RuleMeta = RuleMeta {
    id: "licences/non-commercial",
    severity: Severity::Medium,
    controls: &[DEP_3A],
    summary: "A component, a model or a data set may not be used commercially, or only for research.",
    docs: "Models and data sets are often given for research only. A product that was built with one has no right to it, and weights \
        that were trained on such data may be touched by it too.\n\n\
        Example: a model card with `license: cc-by-nc-4.0`.\n\n\
        **Instead:** use one that may be used so, or make sure that the project is what the licence allows, and allow it in \
        `[scan.licences]`.\n\n\
        Source: Creative Commons BY-NC 4.0, section 1(k); the licence that is named.",
};

/// Restrictions of use.
pub static RESTRICTED: RuleMeta = RuleMeta {
    id: "licences/use-restricted",
    severity: Severity::Info,
    controls: &[DEP_3A],
    summary: "A component, a model or a data set comes with restrictions of use that have to be passed on.",
    docs: "The licences of many models (OpenRAIL, Llama, Gemma, HAI-DEF) forbid some uses and ask that everybody who gets the model or \
        what was made of it be bound by the same list. They are no open-source licences.\n\n\
        Example: a model card with `license: llama3.1`.\n\n\
        **Instead:** read the conditions that the finding names, carry them in the project's own terms, and allow the licence in \
        `[scan.licences]`.\n\n\
        Source: the licence that is named.",
};

/// No licence.
pub static NONE: RuleMeta = RuleMeta {
    id: "licences/none",
    severity: Severity::Low,
    controls: &[DEP_3A],
    summary: "A component, a model or a data set gives no licence, so that nobody may use it.",
    docs: "Without a licence every right stays with the author (Berne Convention). That a file can be downloaded gives no right to \
        it.\n\n\
        Example: a package whose metadata say `License: Proprietary`; a model card without `license`.\n\n\
        **Instead:** ask its author for a licence, or use another one.\n\n\
        Source: Berne Convention, article 9.",
};

/// A text with changes.
pub static CHANGED: RuleMeta = RuleMeta {
    id: "licences/text-changed",
    severity: Severity::Low,
    controls: &[DEP_3A],
    summary: "A licence's text is a known one with words that restrict use added or much of it missing.",
    docs: "The text is taken for the licence it resembles by people and by tools. With a sentence added, such as that the work may not \
        be used commercially, it is another licence.\n\n\
        Example: the MIT licence followed by \"The Software may not be used for commercial purposes.\"\n\n\
        **Instead:** read what was added, and treat the licence as one of its own (`LicenseRef-..`).\n\n\
        Source: SPDX License List Matching Guidelines.",
};

/// Two statements that differ.
pub static CONTRADICTION: RuleMeta = RuleMeta {
    id: "licences/contradiction",
    severity: Severity::Low,
    controls: &[DEP_3A],
    summary: "The project's manifest names another licence than its licence file holds.",
    docs: "Whoever takes the project does not know which one holds, and tools read the one or the other.\n\n\
        Example: `license = \"MIT\"` in `pyproject.toml` beside a `LICENSE` with the text of Apache-2.0.\n\n\
        **Instead:** make them agree; `MIT OR Apache-2.0` if both are offered.\n\n\
        Source: PEP 639; npm and Cargo manuals, field `license`.",
};

/// No expression.
pub static UNREADABLE: RuleMeta = RuleMeta {
    id: "licences/unreadable",
    severity: Severity::Info,
    controls: &[DEP_3A],
    summary: "A licence is named in words that are no SPDX expression and no name that Ward knows.",
    docs: "A name that no list has cannot be compared with a policy, by Ward or by anybody else's tool.\n\n\
        Example: `license = \"see website\"`.\n\n\
        **Instead:** write an SPDX expression; `LicenseRef-` and a name of your own for a licence that is on no list.\n\n\
        Source: SPDX 3.0.1, Annex B; PEP 639.",
};

/// Every rule about licences.
pub static RULES: &[&RuleMeta] = &[
    &DENIED,
    &ASK,
    &INCOMPATIBLE,
    &NON_COMMERCIAL,
    &RESTRICTED,
    &NONE,
    &CHANGED,
    &CONTRADICTION,
    &UNREADABLE,
];
