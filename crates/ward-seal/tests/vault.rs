//! Kill -9 in the middle of rotating the vault, over and over: no row is lost.

#![allow(clippy::unwrap_used, reason = "helpers outside of #[test] functions")]
#![cfg(unix)]

use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use ward_seal::{
    store::DataDir,
    vault::{Cipher, Vault},
};
use zeroize::Zeroizing;

const FOLDER: &str = "WARD_SEAL_VAULT_FOLDER";
const SUBJECTS: usize = 120;
const ROUNDS: u64 = 8;

fn open(folder: &Path) -> Vault {
    Vault::open(&DataDir::open(folder).unwrap()).unwrap()
}

/// The child: rotates until it is killed. Does nothing in an ordinary run.
#[test]
fn child_rotates_until_killed() {
    let Some(folder) = env::var_os(FOLDER) else {
        return;
    };
    let vault = open(&PathBuf::from(folder));
    // From one cipher to the other and back.
    for cipher in Cipher::ALL.into_iter().rev().cycle() {
        assert_eq!(vault.rotate(Some(cipher)).unwrap().damaged, []);
    }
}

#[test]
fn no_row_is_lost_when_a_rotation_is_killed() {
    let temp = tempfile::tempdir().unwrap();
    let folder = temp.path().join("data");
    let vault = open(&folder);
    let id = |i: usize| vault.subject("t", &format!("patient {i}"));
    for i in 0..SUBJECTS {
        vault
            .update(&id(i), 0, None, |rows| {
                rows.push(Zeroizing::new(format!("row {i}").into_bytes()))
            })
            .unwrap();
    }
    for round in 0..ROUNDS {
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["child_rotates_until_killed", "--exact", "--nocapture"])
            .env(FOLDER, &folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(40 + 23 * round));
        child.kill().unwrap();
        child.wait().unwrap();
        for i in 0..SUBJECTS {
            let subject = vault.read(&id(i), 1).unwrap().unwrap();
            assert_eq!(subject.rows.len(), 1);
            assert_eq!(subject.rows[0].as_slice(), format!("row {i}").as_bytes());
        }
    }
    assert_eq!(vault.rotate(None).unwrap().wrapped, SUBJECTS as u64);
    assert!(!folder.join("keys/vault-next.key").exists());
}
