//! Rules for secrets that belong to no provider.

use ward_evidence::{RuleMeta, Severity};

use super::rule::META;

/// A password given to a name.
pub static PASSWORD: RuleMeta = RuleMeta {
    id: "secrets/password",
    severity: Severity::High,
    summary: "A password is assigned in clear text.",
    docs: "A name such as `DB_PASSWORD` or `smtp.password` is given a value that is no placeholder, no reference to \
        a variable or secret store, and no ordinary word.\n\n\
        Whoever reads the file can log in. Take it from the environment or a secret store, change the password, and \
        remember that the history still holds the old one.",
    ..META
};

/// A token or key given to a name.
pub static GENERIC: RuleMeta = RuleMeta {
    id: "secrets/generic-key",
    severity: Severity::High,
    summary: "A random value is assigned to a name that announces a key, token or secret.",
    docs: "The name says key, token or secret, and the value is spelt like nothing that people write: judged by how \
        rare its letters are beside each other, not by entropy alone, so that long identifiers stay quiet.\n\n\
        Take it from the environment or a secret store, and have it replaced where it was made.",
    ..META
};

/// A header that carries credentials.
pub static HEADER: RuleMeta = RuleMeta {
    id: "secrets/authorization-header",
    severity: Severity::High,
    summary: "An authorization header is written out with its credential.",
    docs: "`Authorization: Bearer ..` with a random value, or `Basic ..` that decodes to a name and a password.\n\n\
        Source: RFC 6750, RFC 7617. Read the credential from the environment when the request is made.",
    ..META
};

/// What cookies are signed with, or a cookie.
pub static SESSION: RuleMeta = RuleMeta {
    id: "secrets/session",
    severity: Severity::Medium,
    summary: "A session cookie or the secret that signs cookies is written out.",
    docs: "Whoever holds it acts as the user, or can make cookies for any user. End the session, replace the secret.",
    ..META
};

/// A connection string with a password.
pub static CONNECTION: RuleMeta = RuleMeta {
    id: "secrets/connection-string",
    severity: Severity::High,
    summary: "A connection string holds a password.",
    docs: "`Server=..;User Id=..;Password=..`, `jdbc:..?user=..&password=..` and the like. Whoever can reach the \
        database can log in.\n\n\
        Keep the string without its password, and take that from a secret store; or use an identity that needs none.",
    ..META
};

/// An address with a password.
pub static ADDRESS: RuleMeta = RuleMeta {
    id: "secrets/address-password",
    severity: Severity::High,
    summary: "An address holds a user and a password.",
    docs: "`postgres://user:password@host/db`, `https://user:token@host/`: RFC 3986, section 3.2.1, calls this \
        deprecated, because addresses are logged, shown and copied.\n\n\
        Take the password from a secret store when the connection is made.",
    ..META
};

/// A private key.
pub static PRIVATE_KEY: RuleMeta = RuleMeta {
    id: "secrets/private-key",
    severity: Severity::Critical,
    summary: "A private key.",
    docs: "A PEM block (RFC 7468, RFC 5958), an OpenSSH, PuTTY, PGP (RFC 9580) or age private key. The block is \
        read: public keys and certificates are no findings; an encrypted key is one of low severity, because its \
        passphrase can be tried.\n\n\
        Make a new key, withdraw the old one where it is trusted, and keep the new one in a key store.",
    ..META
};

/// A JSON web token.
pub static JWT: RuleMeta = RuleMeta {
    id: "secrets/jwt",
    severity: Severity::Medium,
    summary: "A signed JSON web token.",
    docs: "Its header and claims were decoded (RFC 7519). Until it expires, whoever holds it is its subject. The \
        details say by which algorithm it is signed and whether it has an end.\n\n\
        Revoke the session or replace the signing key.",
    ..META
};

/// A hash of a password.
pub static HASH: RuleMeta = RuleMeta {
    id: "secrets/password-hash",
    severity: Severity::Medium,
    summary: "The hash of a password.",
    docs: "bcrypt, crypt (`$1$`, `$5$`, `$6$`, `$y$`), Apache, Argon2, PBKDF2, LDAP: passwords that people think of \
        are found from them by trying. Old schemes (`$1$`, `{SHA}`, `$apr1$`) fall within hours.\n\n\
        Keep hashes in a database with restricted access, and change the passwords of those that were published.",
    ..META
};

/// All of them.
pub(crate) static ALL: &[&RuleMeta] = &[
    &PASSWORD,
    &GENERIC,
    &HEADER,
    &SESSION,
    &CONNECTION,
    &ADDRESS,
    &PRIVATE_KEY,
    &JWT,
    &HASH,
];
