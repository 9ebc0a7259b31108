//! Short ids that give a key away.

use ward_evidence::{RuleMeta, Severity, controls::CODE_1A};

use super::super::rule::{Hit, On, Rule};

pub(super) static HASHIDS: Rule = Rule {
    meta: RuleMeta {
        id: "code/hashids-secret",
        severity: Severity::Medium,
        controls: &[CODE_1A],
        summary: "The application's secret key is the salt of ids that everybody sees.",
        docs: "Hashids shuffles numbers and is no cipher: whoever has some ids with their numbers can compute the salt. With the key of the application they then sign sessions of their own.\n\nExample: `Hashids(salt=app.config[\"SECRET_KEY\"])`\n\n**Instead:** a salt that is used for nothing else, or random ids (`uuid.uuid4()`).\n\nSource: Hashids documentation, which says that it hides nothing; CWE-326, CWE-200.",
    },
    on: &[On::Call("hashids.Hashids")],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        let salt = ctx.arg(call, 0, "salt").given();
        if salt.is_some_and(|salt| ctx.text(ctx.behind(salt)).contains("SECRET_KEY")) {
            out.report(Hit::at(call).thorough_if(ctx.is_test()));
        }
    },
    bad: &[
        "from hashids import Hashids\nHashids(salt=app.config['SECRET_KEY'])",
        "import hashids\nfrom django.conf import settings\nhashids.Hashids(settings.SECRET_KEY, min_length=8)",
    ],
    good: &[
        "from hashids import Hashids\nHashids(salt=app.config['ID_SALT'])",
        "from hashids import Hashids\nHashids()",
        "sign(app.config['SECRET_KEY'])",
    ],
};
