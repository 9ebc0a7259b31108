//! Broken hash functions.

use ruff_python_ast::{Expr, ExprCall};
use ward_evidence::{RuleMeta, Severity, controls::CODE_1A};

use super::super::{
    Arg, Ctx,
    rule::{Hit, On, Out, Rule},
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
            Source: RFC 6151, NIST SP 800-131A; CWE-327. Where nothing around it speaks of a password, a signature, a user \
            or a check, it names files or cache entries, and only the thorough profile shows it.",
    },
    on: &[
        On::Call("hashlib.md5"),
        On::Call("hashlib.md4"),
        On::Call("hashlib.sha1"),
        On::Call("hashlib.sha"),
        On::Call("hashlib.new"),
        On::Call("Crypto.Hash.MD2.new"),
        On::Call("Crypto.Hash.MD4.new"),
        On::Call("Crypto.Hash.MD5.new"),
        On::Call("Crypto.Hash.SHA.new"),
        On::Call("Crypto.Hash.SHA1.new"),
        On::Call("Cryptodome.Hash.MD2.new"),
        On::Call("Cryptodome.Hash.MD4.new"),
        On::Call("Cryptodome.Hash.MD5.new"),
        On::Call("Cryptodome.Hash.SHA.new"),
        On::Call("Cryptodome.Hash.SHA1.new"),
        On::Call("cryptography.hazmat.primitives.hashes.MD5"),
        On::Call("cryptography.hazmat.primitives.hashes.SHA1"),
        On::Method("set_password"),
        On::Method("setPassword"),
    ],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        let kept = |method: &str| matches!(method, "set_password" | "setPassword");
        if matches!(&*call.func, Expr::Attribute(method) if kept(method.attr.as_str())) {
            becomes_password(ctx, call, out);
            return;
        }
        if !site.name.starts_with("hashlib.") {
            // Whoever takes a library for cryptography means protection.
            out.report(
                Hit::at(call)
                    .thorough_if(ctx.is_test())
                    .bandit("B303", Severity::Medium),
            );
            return;
        }
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
            let protects = matches!(used, Arg::Given(_)) || protects(ctx, call);
            let hit = Hit::at(call).thorough_if(!protects || ctx.is_test());
            out.report(hit.bandit("B324", Severity::High));
        }
    },
    bad: &[
        "import hashlib\nhashlib.md5(x)",
        "from Crypto.Hash import MD5\nMD5.new()",
        "from hashlib import sha1 as s\ns(x)",
        "import hashlib\nhashlib.new('MD5')",
        "import hashlib\ndef f(user, typed):\n    made = hashlib.md5(typed).hexdigest()\n    user.set_password(made)",
    ],
    good: &[
        "import hashlib\nhashlib.sha256(x)",
        "import hashlib\nhashlib.md5(x, usedforsecurity=False)",
        "import hashlib\nhashlib.new('sha256')",
        "import hashlib\ndef f(user, typed):\n    made = hashlib.sha256(typed).hexdigest()\n    user.set_password(made)",
    ],
};

/// A broken hash that is kept as somebody's password, wherever it was made.
fn becomes_password<'a>(ctx: &Ctx<'a>, call: &'a ExprCall, out: &mut Out<'_>) {
    // One that is made in the call itself is told where it is made.
    let named = call.arguments.args.first().filter(|given| given.is_name_expr());
    let Some(Expr::Call(digest)) = named.map(|given| ctx.behind(given)) else {
        return;
    };
    let name = ctx.callee(digest).unwrap_or_default();
    let broken = ["md5", "md4", "sha1", "md2"].iter().any(|hash| {
        let name = name.to_ascii_lowercase();
        name.starts_with(&format!("hashlib.{hash}.")) || name.contains(&format!(".hash.{hash}.new."))
    });
    if broken {
        let note = "a hash function for which collisions are known, and which is quick to guess at, makes a password";
        out.report(
            Hit::at(call)
                .note(note)
                .severity(Severity::High)
                .thorough_if(ctx.is_test()),
        );
    }
}

/// Whether the words around a hash say that it protects something.
fn protects(ctx: &Ctx<'_>, call: &ExprCall) -> bool {
    const WORDS: &[&str] = &[
        "passw",
        "pwd",
        "secret",
        "sign",
        "auth",
        "login",
        "user",
        "session",
        "credential",
        "verif",
        "integrity",
        "hmac",
        "salt",
        "csrf",
        "otp",
        "apikey",
        "api_key",
        "access_token",
        "certificate",
    ];
    let speaks = |text: &str| {
        let text = text
            .get(..text.floor_char_boundary(400))
            .unwrap_or(text)
            .to_ascii_lowercase();
        WORDS.iter().any(|word| text.contains(word))
    };
    let statement = ctx.statements().last().is_some_and(|stmt| {
        !matches!(
            stmt,
            ruff_python_ast::Stmt::FunctionDef(_) | ruff_python_ast::Stmt::ClassDef(_)
        ) && speaks(ctx.text(*stmt))
    });
    let named = ctx.function().is_some_and(|function| speaks(function.name.as_str()));
    statement || named || speaks(ctx.text(call))
}
