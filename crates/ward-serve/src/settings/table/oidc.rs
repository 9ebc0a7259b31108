//! The issuer whose tokens are taken.

use std::time::Duration;

use super::super::{
    Kind, Setting, Wrong, masked,
    values::{MANY, number, role, text, texts},
};
use crate::{
    config::Config,
    fetch,
    identity::{
        Role,
        oidc::{self, KeySource, OidcSettings},
    },
};

/// The settings.
pub(super) const SETTINGS: &[Setting] = &[
    Setting {
        path: "oidc.issuer",
        kind: Kind::Text,
        default: "none",
        doc: "The issuer whose tokens are taken, as in their claim `iss`.",
        restart: false,
        set: |config, value| {
            let issuer = text(value);
            if masked(&issuer) != issuer {
                return Err("write the issuer's name without a password");
            }
            config.oidc = Some(OidcSettings {
                issuer,
                audiences: Vec::new(),
                keys: KeySource::Url(String::new()),
                algorithms: ["RS256", "PS256", "ES256", "EdDSA"]
                    .iter()
                    .filter_map(|name| oidc::algorithm(name))
                    .collect(),
                role_claim: "roles".to_owned(),
                roles: Vec::new(),
                types: Vec::new(),
                acr: Vec::new(),
                amr: Vec::new(),
                max_age_s: None,
                leeway_s: 30,
                reread: Duration::from_secs(10),
            });
            Ok(())
        },
    },
    Setting {
        path: "oidc.audience",
        kind: Kind::Texts,
        default: "must be set",
        doc: "Who the tokens must be for, as in `aud`: at least one of these.",
        restart: false,
        set: |config, value| {
            issuer(config)?.audiences = texts(value);
            Ok(())
        },
    },
    Setting {
        path: "oidc.keys",
        kind: Kind::Text,
        default: "must be set",
        doc: "The issuer's key set (JWKS): `file:PATH`, or an `https` address, read again every ten minutes and for unknown keys.",
        restart: false,
        set: |config, value| {
            let text = text(value);
            issuer(config)?.keys = match text.strip_prefix("file:") {
                Some(path) => KeySource::File(path.into()),
                None if fetch::is_address(&text) => KeySource::Url(text),
                None => return Err("write file:PATH or an https address (http on this machine)"),
            };
            Ok(())
        },
    },
    Setting {
        path: "oidc.algorithms",
        kind: Kind::Texts,
        default: "[\"RS256\", \"PS256\", \"ES256\", \"EdDSA\"]",
        doc: "The signatures taken, as in `alg`. Shared secrets and `none` are never taken.",
        restart: false,
        set: |config, value| {
            let names = texts(value);
            let algorithms = names
                .iter()
                .map(|name| oidc::algorithm(name))
                .collect::<Option<Vec<_>>>();
            issuer(config)?.algorithms = algorithms.filter(|algorithms| !algorithms.is_empty()).ok_or(
                "write algorithms with public keys: RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, EdDSA",
            )?;
            Ok(())
        },
    },
    Setting {
        path: "oidc.role_claim",
        kind: Kind::Text,
        default: "\"roles\"",
        doc: "The claim that tells the role, a text or a list of texts; dots lead into objects, as in `realm_access.roles`.",
        restart: false,
        set: |config, value| {
            issuer(config)?.role_claim = text(value);
            Ok(())
        },
    },
    Setting {
        path: "oidc.roles",
        kind: Kind::Texts,
        default: "must be set",
        doc: "Which value of the claim means which role, as in `ward-doctors=clinician`; the first that is there counts.",
        restart: false,
        set: |config, value| {
            const FORM: Wrong = "write VALUE=ROLE, such as \"ward-doctors=clinician\"";
            let mut roles = Vec::new();
            for text in texts(value) {
                let (value, word) = text.rsplit_once('=').ok_or(FORM)?;
                let role = role(word.trim())?;
                if role == Role::BreakGlass {
                    return Err("break-glass is given by `ward key new`, with a reason and an end, and not by a token");
                }
                roles.push((value.trim().to_owned(), role));
            }
            issuer(config)?.roles = roles;
            Ok(())
        },
    },
    Setting {
        path: "oidc.types",
        kind: Kind::Texts,
        default: "access tokens, and tokens that say nothing of their kind",
        doc: "What a token must call itself in the field `typ` of its header, such as `at+jwt` (RFC 9068).",
        restart: false,
        set: |config, value| {
            issuer(config)?.types = texts(value);
            Ok(())
        },
    },
    Setting {
        path: "oidc.acr",
        kind: Kind::Texts,
        default: "any",
        doc: "How strong the sign-in must have been, as in the claim `acr`: one of these. A token that does not say is refused then.",
        restart: false,
        set: |config, value| {
            issuer(config)?.acr = texts(value);
            Ok(())
        },
    },
    Setting {
        path: "oidc.amr",
        kind: Kind::Texts,
        default: "any",
        doc: "By what the holder must have signed in, as in the claim `amr` (RFC 8176): one of these, such as `mfa` or `hwk`. A token that does not say is refused then.",
        restart: false,
        set: |config, value| {
            issuer(config)?.amr = texts(value);
            Ok(())
        },
    },
    Setting {
        path: "oidc.max_age_s",
        kind: Kind::Number { least: 1, most: MANY },
        default: "any",
        doc: "Most seconds since the holder signed in, as in the claim `auth_time`. A token that does not say is refused then.",
        restart: false,
        set: |config, value| {
            issuer(config)?.max_age_s = Some(number(value));
            Ok(())
        },
    },
    Setting {
        path: "oidc.leeway_s",
        kind: Kind::Number { least: 0, most: 300 },
        default: "30",
        doc: "Seconds by which the issuer's clock and this one may differ.",
        restart: false,
        set: |config, value| {
            issuer(config)?.leeway_s = number(value);
            Ok(())
        },
    },
];

fn issuer(config: &mut Config) -> Result<&mut OidcSettings, Wrong> {
    config.oidc.as_mut().ok_or("set oidc.issuer too")
}
