//! Broken hash functions.

use ward_evidence::{RuleMeta, Severity, controls::CODE_1A};

use super::super::{
    Arg,
    rule::{Hit, On, Rule},
};

pub(super) static WEAK_HASH: Rule = Rule {
    meta: RuleMeta {
        id: "code/weak-hash",
        severity: Severity::Medium,
        controls: &[CODE_1A],
        summary: "A hash function for which collisions are known.",
        docs: "Two texts with the same MD5 or SHA-1 can be made at will, so neither protects a password, a signature or \
            the integrity of a model file.\n\n\
            Example: `hashlib.md5(data).hexdigest()`\n\n\
            **Instead:** `hashlib.sha256`; for passwords `hashlib.scrypt` or a library made for them. Where it is a \
            checksum and nothing else, say so: `hashlib.md5(data, usedforsecurity=False)`.\n\n\
            Source: RFC 6151, NIST SP 800-131A; CWE-327.",
    },
    on: &[
        On::Call("hashlib.md5"),
        On::Call("hashlib.md4"),
        On::Call("hashlib.sha1"),
        On::Call("hashlib.sha"),
        On::Call("hashlib.new"),
    ],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        let mut used = ctx.arg(call, None, "usedforsecurity");
        if site.name == "hashlib.new" {
            let name = ctx.arg(call, 0, "name").given().and_then(|name| ctx.str(name));
            let weak = name.is_some_and(|name| matches!(&*name.to_ascii_lowercase(), "md4" | "md5" | "sha" | "sha1"));
            if !weak {
                used = Arg::Unknown;
            }
        }
        let used_for_security = match used {
            Arg::Given(used) => !ctx.is_false(used),
            Arg::Absent => true,
            Arg::Unknown => false,
        };
        if used_for_security {
            out.report(Hit::at(call).thorough_if(ctx.is_test()).bandit("B324", Severity::High));
        }
    },
    bad: &[
        "import hashlib\nhashlib.md5(x)",
        "from hashlib import sha1 as s\ns(x)",
        "import hashlib\nhashlib.new('MD5')",
    ],
    good: &[
        "import hashlib\nhashlib.sha256(x)",
        "import hashlib\nhashlib.md5(x, usedforsecurity=False)",
        "import hashlib\nhashlib.new('sha256')",
    ],
};
