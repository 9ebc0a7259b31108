//! The vault: rows, erasing, rotation, ciphers, damage.

use super::*;

fn row(text: &str) -> Row {
    Zeroizing::new(text.as_bytes().to_vec())
}

fn kind<T>(result: Result<T, Error>) -> ErrorKind {
    result.map(drop).unwrap_err().kind()
}

fn texts(vault: &Vault, id: &SubjectId) -> Vec<String> {
    let subject = vault.read(id, 0).unwrap().unwrap();
    subject
        .rows
        .iter()
        .map(|row| String::from_utf8(row.to_vec()).unwrap())
        .collect()
}

fn filled(count: usize) -> (tempfile::TempDir, Vault, Vec<SubjectId>) {
    let temp = tempfile::tempdir().unwrap();
    let vault = Vault::open(&DataDir::open(&temp.path().join("data")).unwrap()).unwrap();
    let ids: Vec<_> = (0..count)
        .map(|i| vault.subject("t", &format!("patient {i}")))
        .collect();
    for (i, id) in ids.iter().enumerate() {
        vault
            .update(id, 5, None, |rows| rows.extend([row(&format!("a{i}")), row("b")]))
            .unwrap();
    }
    (temp, vault, ids)
}

#[test]
fn keeps_rows_and_forgets_them() {
    let (_temp, vault, ids) = filled(2);
    vault.update(&ids[0], 9, None, |rows| rows.push(row("c"))).unwrap();
    assert_eq!(texts(&vault, &ids[0]), ["a0", "b", "c"]);
    assert_eq!(texts(&vault, &ids[1]), ["a1", "b"]);
    let listed = vault.list().unwrap();
    assert_eq!(listed.len(), 2);
    let first = listed.iter().find(|one| one.id == ids[0]).unwrap();
    assert_eq!(
        (first.rows, first.created_unix_ms, first.expires_unix_ms, first.damaged),
        (3, 5, None, false)
    );
    assert!(vault.erase(&ids[0]).unwrap());
    assert!(!vault.erase(&ids[0]).unwrap());
    assert!(vault.read(&ids[0], 0).unwrap().is_none());
    assert_eq!(vault.list().unwrap().len(), 1);
    assert_ne!(vault.subject("t", "x"), vault.subject("u", "x"));
    assert_ne!(vault.subject("a", "b 1:c"), vault.subject("a 1:b", "c"));
    assert_eq!(SubjectId::from_text(&ids[1].text()), Some(ids[1].clone()));
    assert_ne!(vault.pseudonym_key("t", "x"), vault.pseudonym_key("t", "y"));
}

#[test]
fn nothing_on_disk_can_be_read() {
    let (temp, vault, ids) = filled(1);
    vault
        .update(&ids[0], 9, None, |rows| rows.push(row("Zelda Quillfeather")))
        .unwrap();
    let mut folders = vec![temp.path().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = fs::read(&path).unwrap();
            assert!(
                !bytes.windows(5).any(|w| w == b"Zelda" || w == b"patie"),
                "{}",
                path.display()
            );
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt;
                assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o077, 0);
            }
        }
    }
}

#[test]
fn time_runs_out() {
    let (_temp, vault, ids) = filled(2);
    vault.update(&ids[0], 100, Some(50), |_| {}).unwrap();
    assert_eq!(vault.read(&ids[0], 149).unwrap().unwrap().expires_unix_ms, Some(150));
    assert!(vault.read(&ids[0], 150).unwrap().is_none());
    assert!(vault.expire(149).unwrap().is_empty());
    assert_eq!(vault.expire(150).unwrap(), [ids[0].clone()]);
    assert_eq!(vault.list().unwrap().len(), 1);
    // A subject that comes again after its time begins anew.
    vault.update(&ids[1], 100, Some(50), |_| {}).unwrap();
    vault.update(&ids[1], 200, None, |rows| rows.push(row("new"))).unwrap();
    assert_eq!(texts(&vault, &ids[1]), ["new"]);
}

#[test]
fn a_flipped_byte_refuses_that_subject_alone() {
    let (temp, vault, ids) = filled(2);
    for kind in ["key", "rows"] {
        let path = vault.path(&ids[0], kind);
        let whole = fs::read(&path).unwrap();
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 0x10;
            fs::write(&path, &bytes).unwrap();
            assert!(vault.read(&ids[0], 0).is_err(), "{kind} {at}");
        }
        for len in 0..whole.len() {
            fs::write(&path, &whole[..len]).unwrap();
            assert!(vault.read(&ids[0], 0).is_err(), "{kind} {len}");
        }
        let mut longer = whole.clone();
        longer.push(0);
        fs::write(&path, &longer).unwrap();
        assert_eq!(self::kind(vault.read(&ids[0], 0)), ErrorKind::Damaged);
        fs::write(&path, &whole).unwrap();
    }
    assert_eq!(texts(&vault, &ids[0]), ["a0", "b"]);
    assert_eq!(texts(&vault, &ids[1]), ["a1", "b"]);
    // So are rows that are gone.
    let whole = fs::read(vault.path(&ids[0], "rows")).unwrap();
    fs::remove_file(vault.path(&ids[0], "rows")).unwrap();
    assert_eq!(self::kind(vault.read(&ids[0], 0)), ErrorKind::Damaged);
    assert_eq!(self::kind(vault.update(&ids[0], 0, None, |_| {})), ErrorKind::Damaged);
    fs::write(vault.path(&ids[0], "rows"), whole).unwrap();
    // Another subject's files are damage, too.
    for kind in ["key", "rows"] {
        let whole = fs::read(vault.path(&ids[0], kind)).unwrap();
        fs::copy(vault.path(&ids[1], kind), vault.path(&ids[0], kind)).unwrap();
        assert_eq!(self::kind(vault.read(&ids[0], 0)), ErrorKind::Damaged);
        fs::write(vault.path(&ids[0], kind), whole).unwrap();
    }
    drop(temp);
}

#[test]
fn rotation_changes_the_master_key_and_nothing_else() {
    let (temp, vault, ids) = filled(5);
    let key_file = temp.path().join("data/keys/vault.key");
    let (before, stand_ins) = (fs::read(&key_file).unwrap(), vault.pseudonym_key("t", "x"));
    assert_eq!(vault.rotate(None).unwrap().wrapped, 5);
    assert_ne!(fs::read(&key_file).unwrap(), before);
    assert!(!temp.path().join("data/keys/vault-next.key").exists());
    for (i, id) in ids.iter().enumerate() {
        assert_eq!(texts(&vault, id), [format!("a{i}"), "b".to_owned()]);
    }
    assert_eq!(vault.pseudonym_key("t", "x"), stand_ins);
    // With the old master key alone, nothing opens.
    fs::write(&key_file, before).unwrap();
    assert_eq!(kind(vault.read(&ids[0], 0)), ErrorKind::WrongKey);
}

#[test]
fn a_rotation_seals_everything_with_the_cipher_that_was_chosen() {
    let (temp, vault, ids) = filled(4);
    let figures = |vault: &Vault| {
        let of = |id: &SubjectId| ["key", "rows"].map(|kind| fs::read(vault.path(id, kind)).unwrap()[7]);
        ids.iter().flat_map(of).collect::<Vec<u8>>()
    };
    let all_there = || {
        ids.iter()
            .enumerate()
            .all(|(i, id)| texts(&vault, id) == [format!("a{i}"), "b".to_owned()])
    };
    let stand_ins = vault.pseudonym_key("t", "x");
    assert_eq!(figures(&vault), [b'1'; 8]);
    vault.rotate(None).unwrap();
    assert_eq!(figures(&vault), [b'1'; 8], "nobody chose another");
    // As if killed after the first subject: either cipher is read, and what is written is of the new one.
    let other = Cipher::XChaCha20Poly1305;
    vault
        .data
        .write_private("vault/cipher", other.word().as_bytes())
        .unwrap();
    vault.update(&ids[0], 9, None, |_| {}).unwrap();
    assert_eq!(figures(&vault), *b"12111111");
    assert!(all_there());
    // What goes on needs not be told again.
    let rotated = vault.rotate(None).unwrap();
    assert_eq!((rotated.cipher, rotated.wrapped, rotated.damaged.len()), (other, 4, 0));
    assert_eq!(figures(&vault), [b'2'; 8]);
    assert!(all_there() && vault.pseudonym_key("t", "x") == stand_ins);
    let new = vault.subject("t", "new");
    vault.update(&new, 9, Some(50), |rows| rows.push(row("new"))).unwrap();
    assert_eq!(texts(&vault, &new), ["new"]);
    assert_eq!(vault.list().unwrap().iter().map(|one| one.rows).sum::<u32>(), 9);
    // A flipped byte and a file of the other cipher's are refused as before.
    for kind in ["key", "rows"] {
        let path = vault.path(&ids[0], kind);
        let whole = fs::read(&path).unwrap();
        for at in 0..whole.len() {
            for bit in [0x01, 0x03, 0x80] {
                let mut bytes = whole.clone();
                bytes[at] ^= bit;
                fs::write(&path, &bytes).unwrap();
                assert!(vault.read(&ids[0], 0).is_err(), "{kind} {at}");
            }
        }
        for len in 0..whole.len() {
            fs::write(&path, &whole[..len]).unwrap();
            assert!(vault.read(&ids[0], 0).is_err(), "{kind} {len}");
        }
        fs::write(&path, &whole).unwrap();
    }
    // Damage keeps the rotation from its end, and is named.
    let rows = vault.path(&ids[1], "rows");
    let whole = fs::read(&rows).unwrap();
    let mut bytes = whole.clone();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&rows, bytes).unwrap();
    assert_eq!(
        vault.rotate(Some(Cipher::Aes256GcmSiv)).unwrap().damaged,
        [ids[1].clone()]
    );
    fs::write(&rows, whole).unwrap();
    // And back.
    let rotated = vault.rotate(None).unwrap();
    assert_eq!((rotated.cipher, rotated.wrapped), (Cipher::Aes256GcmSiv, 5));
    assert_eq!(figures(&vault), [b'1'; 8]);
    assert!(all_there());
    // A choice that nobody can read is no choice.
    fs::write(temp.path().join("data/vault/cipher"), "rot13").unwrap();
    assert_eq!(kind(vault.update(&ids[0], 9, None, |_| {})), ErrorKind::Damaged);
    assert_eq!(kind(vault.rotate(None)), ErrorKind::Damaged);
    assert!(all_there());
    assert!(vault.rotate(Some(Cipher::Aes256GcmSiv)).unwrap().damaged.is_empty());
}

#[test]
fn an_interrupted_rotation_goes_on() {
    let (temp, vault, ids) = filled(6);
    // As if killed after three of six: the key to come is there, three keys are wrapped with it.
    vault.data.secret(VAULT.next).unwrap();
    let newest = vault.newest().unwrap();
    for id in &ids[..3] {
        let (file, key) = vault.open_key(id).unwrap().unwrap();
        vault
            .write_key(id, &file.wrapped(Cipher::default(), &newest, &key).unwrap())
            .unwrap();
    }
    for (i, id) in ids.iter().enumerate() {
        assert_eq!(texts(&vault, id)[0], format!("a{i}"));
    }
    let late = vault.subject("t", "late");
    vault.update(&late, 0, None, |rows| rows.push(row("late"))).unwrap();
    assert_eq!(vault.rotate(None).unwrap().wrapped, 7);
    assert_eq!(texts(&vault, &late), ["late"]);
    assert!(!temp.path().join("data/keys/vault-next.key").exists());
    // A damaged key stops the end of a rotation, not the others.
    let path = vault.path(&ids[0], "key");
    let whole = fs::read(&path).unwrap();
    fs::write(&path, b"x").unwrap();
    let rotated = vault.rotate(None).unwrap();
    assert_eq!((rotated.wrapped, rotated.damaged), (6, vec![ids[0].clone()]));
    assert!(vault.list().unwrap().iter().any(|one| one.damaged));
    fs::write(&path, whole).unwrap();
    assert_eq!(texts(&vault, &ids[0])[0], "a0");
    assert_eq!(vault.rotate(None).unwrap().damaged, []);
    assert_eq!(texts(&vault, &ids[0])[0], "a0");
}
