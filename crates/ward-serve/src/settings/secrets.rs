//! Where a secret is: a file, the environment, what systemd handed over, the kernel's key ring.

use std::{path::Path, sync::Arc};

use ward_guard::Phi;

use super::Value;

/// Largest file of a secret, in bytes.
const MAX_SECRET: u64 = 64 << 10;

/// How a secret is named.
const WAYS: [&str; 4] = ["file", "env", "credential", "keyring"];
pub(super) const FORM: &str =
    "a secret does not stand in this file: write \"file:PATH\", \"env:NAME\", \"credential:NAME\" or \"keyring:NAME\".";

/// Whether a text says where a secret is.
pub(super) fn is_elsewhere(text: &str) -> bool {
    text.split_once(':').is_some_and(|(way, _)| WAYS.contains(&way))
}

/// The secret that a text says the place of.
pub(super) fn find(text: &str, folder: &Path, env: &dyn Fn(&str) -> Option<String>) -> Result<Value, String> {
    let found = match text.split_once(':') {
        Some(("file", path)) => small_file(&folder.join(path)),
        Some(("env", name)) => env(name),
        // What systemd decrypted for this service alone (`LoadCredential`, `LoadCredentialEncrypted`).
        Some(("credential", name)) if !name.contains(['/', '\\']) && name != ".." => {
            env("CREDENTIALS_DIRECTORY").and_then(|folder| small_file(&Path::new(&folder).join(name)))
        }
        Some(("keyring", name)) => keyring(name),
        _ => return Err(FORM.to_owned()),
    };
    let secret = found
        .map(|secret| secret.trim().to_owned())
        .filter(|secret| !secret.is_empty());
    let secret = secret.ok_or("the file or variable that is named here is not there, or is empty.")?;
    Ok(Value::Secret(Arc::new(Phi::new(secret))))
}

fn small_file(path: &Path) -> Option<String> {
    let small = std::fs::metadata(path).is_ok_and(|about| about.len() <= MAX_SECRET);
    small.then(|| std::fs::read_to_string(path).ok()).flatten()
}

/// A key of type `user` in the kernel's key ring of this user, or of this session: `keyctl padd user NAME @u`.
#[cfg(target_os = "linux")]
fn keyring(name: &str) -> Option<String> {
    use linux_keyutils::{KeyRing, KeyRingIdentifier};
    let rings = [KeyRingIdentifier::Session, KeyRingIdentifier::User];
    rings.into_iter().find_map(|ring| {
        let key = KeyRing::from_special_id(ring, false).ok()?.search(name).ok()?;
        String::from_utf8(key.read_to_vec().ok()?).ok()
    })
}

#[cfg(not(target_os = "linux"))]
fn keyring(_: &str) -> Option<String> {
    // Only Linux keeps secrets in the kernel.
    None
}
