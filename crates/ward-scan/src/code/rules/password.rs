//! Passwords in programs.

use ruff_python_ast::{Expr, Stmt};
use ward_evidence::{RuleMeta, Severity, controls::CODE_1A};

use super::super::rule::{Hit, On, Rule};

pub(super) static PASSWORD: Rule = Rule {
    meta: RuleMeta {
        id: "code/hardcoded-password",
        severity: Severity::Low,
        controls: &[CODE_1A],
        summary: "Something called like a password is given a literal text.",
        docs: "A password in a program is known to everybody who can read the program, now and in its history, and cannot be changed without a release.\n\nExample: `connect(password=\"..\")`\n\n**Instead:** read it from a secret store or the environment.\n\nSource: CWE-259, CWE-798. This rule knows the name alone, so only the thorough profile shows it; texts that look like real credentials are findings of the engine of secrets.",
    },
    on: &[
        On::Assign,
        On::Keyword("password"),
        On::Keyword("passwd"),
        On::Keyword("pwd"),
        On::Keyword("secret"),
        On::Keyword("passphrase"),
        On::Keyword("token"),
    ],
    check: |ctx, site, out| {
        let text = |expr: &Expr| matches!(expr, Expr::StringLiteral(text) if text.value.len() > 2);
        if let (Some(_), Some(keyword)) = (site.call(), site.keyword()) {
            if text(keyword.value) {
                out.report(Hit::at(keyword.value).thorough().bandit("B106", Severity::Low));
            }
            return;
        }
        let Some(Stmt::Assign(assign)) = site.stmt() else {
            return;
        };
        let named = assign.targets.iter().any(|target| match target {
            Expr::Name(name) => is_password(name.id.as_str()),
            Expr::Attribute(attribute) => is_password(attribute.attr.as_str()),
            _ => false,
        });
        if named && text(&assign.value) && !ctx.is_test() {
            out.report(Hit::at(&*assign.value).thorough().bandit("B105", Severity::Low));
        }
    },
    bad: &[
        "password = 'letmein'",
        "connect(password='letmein')",
        "self.db_passwd = 'letmein'",
    ],
    good: &[
        "password = os.environ['P']",
        "password = ''",
        "connect(user='x')",
        "passwords = 'x y z'",
    ],
};

fn is_password(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.split('_')
        .any(|part| matches!(part, "password" | "passwd" | "pwd" | "passphrase" | "secret"))
}
