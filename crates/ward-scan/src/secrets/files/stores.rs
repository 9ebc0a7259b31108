//! Stores of keys and passwords that are no text, told by their first bytes. What they hold is encrypted, well or
//! badly; that they
//! lie here is the finding.

use ward_evidence::{RuleMeta, Severity};

use crate::{
    Blob, Findings, Found,
    report::Value,
    secrets::{place::Place, rule::META},
};

/// A store of keys or passwords.
pub static STORE: RuleMeta = RuleMeta {
    id: "secrets/file-store",
    severity: Severity::Medium,
    summary: "A store of keys or passwords.",
    docs: "Java and PKCS #12 key stores, KeePass and other password safes, browsers' logins, Kerberos key tables, \
        key chains. What they hold is encrypted with a passphrase that can be tried, or with a key beside them.\n\n\
        Keep them out of repositories; replace what they hold if the passphrase is weak or was published too.",
    ..META
};

/// How a store begins, where its mark stands, which names it has (all, when empty), and what it is.
struct Store {
    offset: usize,
    mark: &'static [u8],
    names: &'static [&'static str],
    severity: Severity,
    what: &'static str,
}

const STORES: &[Store] = &[
    Store {
        offset: 0,
        mark: b"\xfe\xed\xfe\xed\x00\x00\x00",
        names: &["*"],
        severity: Severity::Medium,
        what: "a Java key store (JKS)",
    },
    Store {
        offset: 0,
        mark: b"\xce\xce\xce\xce\x00\x00\x00",
        names: &["*"],
        severity: Severity::Medium,
        what: "a Java key store (JCEKS)",
    },
    Store {
        offset: 0,
        mark: b"\x03\xd9\xa2\x9a\x67\xfb\x4b\xb5",
        names: &["*"],
        severity: Severity::Medium,
        what: "a KeePass 2 database",
    },
    Store {
        offset: 0,
        mark: b"\x03\xd9\xa2\x9a\x65\xfb\x4b\xb5",
        names: &["*"],
        severity: Severity::Medium,
        what: "a KeePass database",
    },
    Store {
        offset: 0,
        mark: b"PWS3",
        names: &[".psafe3", ".dat"],
        severity: Severity::Medium,
        what: "a Password Safe database",
    },
    Store {
        offset: 0,
        mark: b"\x30\x82",
        names: &[".p12", ".pfx", ".pkcs12"],
        severity: Severity::Medium,
        what: "a PKCS #12 key store",
    },
    Store {
        offset: 0,
        mark: b"\x30\x80",
        names: &[".p12", ".pfx", ".pkcs12"],
        severity: Severity::Medium,
        what: "a PKCS #12 key store",
    },
    Store {
        offset: 0,
        mark: b"kych",
        names: &["*"],
        severity: Severity::Medium,
        what: "a macOS key chain",
    },
    Store {
        offset: 0,
        mark: b"SQLite format 3\x00",
        names: &[
            "login data",
            "login data-journal",
            "web data",
            "cookies",
            "key4.db",
            "key3.db",
            "cookies.sqlite",
            "signons.sqlite",
            "credentials.db",
            "access_tokens.db",
            ".keychain-db",
            "logins.db",
            "1password.sqlite",
        ],
        severity: Severity::High,
        what: "a browser's or tool's database of logins",
    },
    Store {
        offset: 0,
        mark: b"\x05\x02\x00\x00",
        names: &[".keytab", "krb5.keytab"],
        severity: Severity::High,
        what: "a Kerberos key table",
    },
    Store {
        offset: 0,
        mark: b"\x05\x04",
        names: &["krb5cc"],
        severity: Severity::Medium,
        what: "a Kerberos ticket cache",
    },
    Store {
        offset: 0,
        mark: b"regf",
        names: &["sam", "system", "security", "ntuser.dat"],
        severity: Severity::High,
        what: "a hive of the Windows registry",
    },
    Store {
        offset: 0,
        mark: b"\x94\x00\x00\x00",
        names: &["key3.db"],
        severity: Severity::Medium,
        what: "Firefox's key database",
    },
    Store {
        offset: 0,
        mark: b"GnomeKeyring\n\r\x00\n",
        names: &["*"],
        severity: Severity::Medium,
        what: "a GNOME key ring",
    },
    Store {
        offset: 0,
        mark: b"KWALLET\n\r\x00\r\n",
        names: &["*"],
        severity: Severity::Medium,
        what: "a KDE wallet",
    },
];

/// Reports `bytes`, the start of `blob` when `offset` is 0, if they begin a store.
pub(crate) fn binary(name: &str, bytes: &[u8], offset: u64, blob: &Blob<'_>, findings: &mut Findings) {
    if offset != 0 {
        return;
    }
    let store = STORES.iter().find(|store| {
        let marked = bytes
            .get(store.offset..)
            .is_some_and(|rest| rest.starts_with(store.mark));
        marked
            && store
                .names
                .iter()
                .any(|end| *end == "*" || name.ends_with(end) || end.len() == 6 && name.starts_with(end))
    });
    let Some(store) = store else { return };
    // The key stores of certificates that come with every Java and browser hold nothing secret.
    if matches!(name, "cacerts" | "cacerts.jks" | "truststore.jks" | "cacerts.bcfks") || name.contains("truststore") {
        return;
    }
    let place = Place::of(&blob.place.full_path());
    findings.found.push(Found {
        rule: &STORE,
        severity: place.lower(store.severity),
        at: blob.place.clone().over(0, bytes.len() as u64),
        note: store.what.into(),
        details: place.why().map(str::to_owned).into_iter().collect(),
        value: Value::new(store.what.as_bytes()),
        more: crate::report::More::default(),
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, start: &[u8], expect: usize) {
        let mut bytes = start.to_vec();
        bytes.resize(64, 0);
        let mut findings = Findings::default();
        let blob = Blob::of_bytes(path, &bytes);
        binary(&blob.name(), &bytes, 0, &blob, &mut findings);
        assert_eq!(findings.found.len(), expect, "{path}");
    }

    #[test]
    fn stores_are_told_by_their_first_bytes() {
        check("release.keystore", b"\xfe\xed\xfe\xed\x00\x00\x00\x02", 1);
        check("x.kdbx", b"\x03\xd9\xa2\x9a\x67\xfb\x4b\xb5", 1);
        check("x.pfx", b"\x30\x82\x0a\x00", 1);
        check("x.der", b"\x30\x82\x0a\x00", 0);
        check("Default/Login Data", b"SQLite format 3\x00", 1);
        check("app.db", b"SQLite format 3\x00", 0);
        check("jre/cacerts", b"\xfe\xed\xfe\xed\x00\x00\x00\x02", 0);
    }
}
