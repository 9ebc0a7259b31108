//! The certificate of the service, and the certificates of its clients.

use super::super::{
    Kind, Setting, Wrong,
    values::{bool_of, digest, file, role, text, word},
};
use crate::{
    config::Config,
    identity::{ClientCertificate, Role},
};

/// The settings.
pub(super) const SETTINGS: &[Setting] = &[
    Setting {
        path: "tls.certificate",
        kind: Kind::File,
        default: "Ward's own",
        doc: "The certificate chain, in PEM, the server's own first. Read again when it changes; connections stay open.",
        restart: false,
        set: |config, value| {
            config.tls.certificate = file(value);
            Ok(())
        },
    },
    Setting {
        path: "tls.key",
        kind: Kind::File,
        default: "Ward's own",
        doc: "The private key of that certificate, in PEM.",
        restart: false,
        set: |config, value| {
            config.tls.key = file(value);
            Ok(())
        },
    },
    Setting {
        path: "tls.client_ca",
        kind: Kind::File,
        default: "none",
        doc: "The authority, in PEM, whose client certificates are believed.",
        restart: false,
        set: |config, value| {
            config.tls.client_ca = file(value);
            Ok(())
        },
    },
    Setting {
        path: "tls.client_required",
        kind: Kind::Bool,
        default: "false",
        doc: "Whether a connection without a client certificate of that authority is refused in the handshake.",
        restart: false,
        set: |config, value| {
            config.tls.client_required = bool_of(value);
            if config.tls.client_required && config.tls.client_ca.is_none() {
                return Err("set tls.client_ca too");
            }
            Ok(())
        },
    },
    Setting {
        path: "client[].name",
        kind: Kind::Text,
        default: "must be set",
        doc: "`[[serve.client]]`, a client certificate that is somebody: its name on the ledger, `cert:NAME`.",
        restart: false,
        set: |config, value| {
            let name = word(&text(value))?;
            if config.clients.iter().any(|client| client.name == name) {
                return Err("this name stands twice");
            }
            config.clients.push(ClientCertificate {
                name,
                spki: [0; 32],
                role: Role::Service,
            });
            Ok(())
        },
    },
    Setting {
        path: "client[].spki",
        kind: Kind::Text,
        default: "must be set",
        doc: "SHA-256 of the certificate's public key (SPKI), 64 hexadecimal digits.",
        restart: false,
        set: |config, value| {
            let spki = digest(&text(value))?;
            if config.clients.iter().any(|client| client.spki == spki) {
                return Err("this key stands twice");
            }
            client(config)?.spki = spki;
            Ok(())
        },
    },
    Setting {
        path: "client[].role",
        kind: Kind::Text,
        default: "\"service\"",
        doc: "Its role.",
        restart: false,
        set: |config, value| {
            client(config)?.role = role(&text(value))?;
            Ok(())
        },
    },
];

fn client(config: &mut Config) -> Result<&mut ClientCertificate, Wrong> {
    config.clients.last_mut().ok_or("set its name too")
}
