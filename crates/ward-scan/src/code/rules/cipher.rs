//! Ciphers, and keys, that can be broken.

use ruff_python_ast::Expr;
use ward_evidence::{RuleMeta, Severity, controls::CODE_1A};

use super::super::{
    Ctx,
    rule::{Hit, On, Rule},
};

pub(super) static WEAK_CIPHER: Rule = Rule {
    meta: RuleMeta {
        id: "code/weak-cipher",
        severity: Severity::Medium,
        controls: &[CODE_1A],
        summary: "A cipher, or a way to use one, that is known to be weak.",
        docs: "DES, RC2, RC4, Blowfish, CAST, IDEA and SEED have short blocks, short keys or biased streams. In ECB mode equal blocks stay equal, so pictures and records show through.\n\nExample: `DES.new(key, DES.MODE_ECB)`\n\n**Instead:** AES-GCM or ChaCha20-Poly1305, as `cryptography.hazmat.primitives.ciphers.aead.AESGCM`.\n\nSource: NIST SP 800-131A; CWE-327.",
    },
    on: &[
        On::Call("Crypto.Cipher.ARC2.new"),
        On::Call("Crypto.Cipher.ARC4.new"),
        On::Call("Crypto.Cipher.Blowfish.new"),
        On::Call("Crypto.Cipher.DES.new"),
        On::Call("Crypto.Cipher.DES3.new"),
        On::Call("Crypto.Cipher.CAST.new"),
        On::Call("Crypto.Cipher.XOR.new"),
        On::Call("Cryptodome.Cipher.ARC2.new"),
        On::Call("Cryptodome.Cipher.ARC4.new"),
        On::Call("Cryptodome.Cipher.Blowfish.new"),
        On::Call("Cryptodome.Cipher.DES.new"),
        On::Call("Cryptodome.Cipher.DES3.new"),
        On::Call("Cryptodome.Cipher.CAST.new"),
        On::Call("Cryptodome.Cipher.XOR.new"),
        On::Call("cryptography.hazmat.primitives.ciphers.algorithms.ARC4"),
        On::Call("cryptography.hazmat.primitives.ciphers.algorithms.RC2"),
        On::Call("cryptography.hazmat.primitives.ciphers.algorithms.Blowfish"),
        On::Call("cryptography.hazmat.primitives.ciphers.algorithms.CAST5"),
        On::Call("cryptography.hazmat.primitives.ciphers.algorithms.IDEA"),
        On::Call("cryptography.hazmat.primitives.ciphers.algorithms.SEED"),
        On::Call("cryptography.hazmat.primitives.ciphers.algorithms.TripleDES"),
        On::Call("cryptography.hazmat.decrepit.ciphers.algorithms.ARC4"),
        On::Call("cryptography.hazmat.decrepit.ciphers.algorithms.RC2"),
        On::Call("cryptography.hazmat.decrepit.ciphers.algorithms.Blowfish"),
        On::Call("cryptography.hazmat.decrepit.ciphers.algorithms.CAST5"),
        On::Call("cryptography.hazmat.decrepit.ciphers.algorithms.IDEA"),
        On::Call("cryptography.hazmat.decrepit.ciphers.algorithms.SEED"),
        On::Call("cryptography.hazmat.decrepit.ciphers.algorithms.TripleDES"),
        On::Call("cryptography.hazmat.primitives.ciphers.modes.ECB"),
        On::Call("Crypto.Cipher.AES.new"),
        On::Call("Cryptodome.Cipher.AES.new"),
    ],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        if site.name.ends_with(".modes.ECB") {
            out.report(
                Hit::at(call)
                    .thorough_if(ctx.is_test())
                    .bandit("B305", Severity::Medium),
            );
            return;
        }
        let named = site.name.contains(".ciphers.algorithms.");
        let cipher = site
            .name
            .strip_prefix("Crypto.Cipher.")
            .or(site.name.strip_prefix("Cryptodome.Cipher."));
        let weak = named || cipher.is_some_and(|cipher| !cipher.starts_with("AES.") && !cipher.starts_with("ChaCha20"));
        if weak {
            let known = cipher.is_none_or(|cipher| {
                ["ARC2.", "ARC4.", "Blowfish.", "DES.", "DES3.", "CAST.", "XOR."]
                    .iter()
                    .any(|one| cipher.starts_with(one))
            });
            if known {
                out.report(
                    Hit::at(call)
                        .severity(Severity::High)
                        .thorough_if(ctx.is_test())
                        .bandit("B304", Severity::High),
                );
            }
            return;
        }
        let ecb = |expr| ctx.name(expr).is_some_and(|name| name.ends_with(".MODE_ECB"));
        if cipher.is_some() && ctx.arg(call, 1, "mode").given().is_some_and(ecb) {
            out.report(
                Hit::at(call)
                    .thorough_if(ctx.is_test())
                    .bandit("B305", Severity::Medium),
            );
        }
    },
    bad: &[
        "from Crypto.Cipher import DES\nDES.new(key)",
        "from Crypto.Cipher import AES\nAES.new(key, AES.MODE_ECB)",
        "from cryptography.hazmat.primitives.ciphers import algorithms, modes\nx = algorithms.ARC4(key)",
        "from cryptography.hazmat.primitives.ciphers import modes\nmodes.ECB()",
    ],
    good: &[
        "from Crypto.Cipher import AES\nAES.new(key, AES.MODE_GCM)",
        "from cryptography.hazmat.primitives.ciphers import algorithms\nalgorithms.AES(key)",
        "import hashlib\nhashlib.new('sha256')",
    ],
};

pub(super) static WEAK_KEY: Rule = Rule {
    meta: RuleMeta {
        id: "code/weak-key",
        severity: Severity::High,
        controls: &[CODE_1A],
        summary: "A key that is short enough to be broken.",
        docs: "RSA and DSA below 2,048 bits and elliptic curves below 224 bits are within reach of those who want to.\n\nExample: `rsa.generate_private_key(65537, 1024)`\n\n**Instead:** RSA with 3,072 bits, P-256 or Ed25519.\n\nSource: NIST SP 800-57 part 1; CWE-326.",
    },
    on: &[
        On::Call("cryptography.hazmat.primitives.asymmetric.dsa.generate_private_key"),
        On::Call("cryptography.hazmat.primitives.asymmetric.rsa.generate_private_key"),
        On::Call("cryptography.hazmat.primitives.asymmetric.ec.generate_private_key"),
        On::Call("Crypto.PublicKey.RSA.generate"),
        On::Call("Crypto.PublicKey.DSA.generate"),
        On::Call("Cryptodome.PublicKey.RSA.generate"),
        On::Call("Cryptodome.PublicKey.DSA.generate"),
        On::Call("rsa.newkeys"),
        On::Call("paramiko.RSAKey.generate"),
        On::Call("paramiko.DSSKey.generate"),
    ],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        if site.name.ends_with(".ec.generate_private_key") {
            if let Some(curve) = ctx.arg(call, 0, "curve").given()
                && is_short_curve(ctx, curve)
            {
                out.report(
                    Hit::at(call)
                        .thorough_if(ctx.is_test())
                        .bandit("B505", Severity::Medium),
                );
            }
            return;
        }
        let (position, name) = match site.name {
            name if name.ends_with(".rsa.generate_private_key") => (1, "key_size"),
            name if name.ends_with(".dsa.generate_private_key") => (0, "key_size"),
            "rsa.newkeys" => (0, "nbits"),
            _ => (0, "bits"),
        };
        let bits = ctx
            .arg(call, position, name)
            .given()
            .and_then(|bits| ctx.constant(bits).as_int());
        if let Some(bits) = bits.filter(|bits| *bits < 2_048) {
            let theirs = if bits < 1_024 { Severity::High } else { Severity::Medium };
            out.report(Hit::at(call).thorough_if(ctx.is_test()).bandit("B505", theirs));
        }
    },
    bad: &[
        "from cryptography.hazmat.primitives.asymmetric import rsa\nrsa.generate_private_key(65537, 1024)",
        "from Crypto.PublicKey import RSA\nRSA.generate(bits=512)",
        "from cryptography.hazmat.primitives.asymmetric import ec\nec.generate_private_key(ec.SECP192R1())",
    ],
    good: &[
        "from cryptography.hazmat.primitives.asymmetric import rsa\nrsa.generate_private_key(65537, 4096)",
        "from Crypto.PublicKey import RSA\nRSA.generate(n)",
        "from cryptography.hazmat.primitives.asymmetric import ec\nec.generate_private_key(ec.SECP256R1())",
    ],
};

fn is_short_curve<'a>(ctx: &Ctx<'a>, curve: &'a Expr) -> bool {
    let name = match curve {
        Expr::Call(call) => ctx.callee(call),
        other => ctx.name(other),
    };
    let name = name.unwrap_or_default();
    matches!(name.rsplit('.').next(), Some("SECP192R1" | "SECT163K1" | "SECT163R2"))
}
