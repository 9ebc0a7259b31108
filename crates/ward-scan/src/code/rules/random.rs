//! Random numbers that can be guessed.

use ruff_python_ast::{Expr, Stmt};
use ward_evidence::{RuleMeta, Severity, controls::CODE_1A};

use super::super::{
    Ctx,
    rule::{Hit, On, Rule},
};

pub(super) static WEAK_RANDOM: Rule = Rule {
    meta: RuleMeta {
        id: "code/weak-random",
        severity: Severity::Medium,
        controls: &[CODE_1A],
        summary: "Something that must not be guessed is made of numbers that can be.",
        docs: "The numbers of `random` follow from a state that 624 of them give away. A password, a token or a salt made of them can be computed by others.\n\nExample: `password = \"\".join(random.choice(letters) for _ in range(12))`\n\n**Instead:** the module `secrets`: `secrets.token_urlsafe()`, `secrets.choice(letters)`.\n\nSource: Python documentation of `random` and `secrets`; CWE-338. Where nothing says that it is a secret, only the thorough profile shows it.",
    },
    on: &[
        On::Call("random.Random"),
        On::Call("random.random"),
        On::Call("random.randrange"),
        On::Call("random.randint"),
        On::Call("random.choice"),
        On::Call("random.choices"),
        On::Call("random.uniform"),
        On::Call("random.triangular"),
        On::Call("random.randbytes"),
        On::Call("random.sample"),
        On::Call("random.getrandbits"),
    ],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        let secret = makes_a_secret(ctx);
        let severity = if secret { Severity::Medium } else { Severity::Low };
        let hit = Hit::at(call).severity(severity).thorough_if(!secret || ctx.is_test());
        out.report(hit.bandit("B311", Severity::Low));
    },
    bad: &[
        "import random\npassword = ''.join(random.choice(a) for _ in range(12))",
        "import random\ndef make_otp():\n    return random.randint(0, 9)",
    ],
    good: &[
        "import secrets\npassword = secrets.token_hex()",
        "import random\nrandom.shuffle(x)",
        "import random\nrandom.SystemRandom().choice(x)",
    ],
};

/// Whether the name of what is assigned, of the function, or of the argument around the place is that of a secret.
fn makes_a_secret(ctx: &Ctx<'_>) -> bool {
    let model = ["torch", "transformers", "tensorflow", "jax", "numpy"]
        .iter()
        .any(|one| ctx.has_import(one));
    let secret = |name: &str| {
        let name = name.to_ascii_lowercase();
        let mut parts = name.split('_');
        parts.any(|part| {
            matches!(
                part,
                "password" | "passwd" | "secret" | "nonce" | "salt" | "otp" | "csrf" | "captcha"
            )
        }) || [
            "session_id",
            "session_key",
            "api_key",
            "access_token",
            "auth_token",
            "reset_token",
        ]
        .iter()
        .any(|one| name.contains(one))
            || !model && name.split('_').any(|part| part == "token")
    };
    if ctx.function().is_some_and(|function| secret(function.name.as_str())) {
        return true;
    }
    let target = |expr: &Expr| match expr {
        Expr::Name(name) => secret(name.id.as_str()),
        Expr::Attribute(attribute) => secret(attribute.attr.as_str()),
        _ => false,
    };
    match ctx.statements().last() {
        Some(Stmt::Assign(assign)) => assign.targets.iter().any(target),
        Some(Stmt::AnnAssign(assign)) => target(&assign.target),
        Some(Stmt::AugAssign(assign)) => target(&assign.target),
        _ => false,
    }
}
