//! The two files of a subject, as bytes.
//!
//! ```text
//! key:   "WARDKEY1" | id 16 | created 8 | expires 8 (0: never) | master key's id 8 | nonce 12 | wrapped key 48
//! rows:  "WARDROW1" | id 16 | count 4 | count * ( length 4 | nonce 12 | sealed row, length bytes )
//! ```
//!
//! The figure names the cipher: 1 is AES-256-GCM-SIV, 2 is XChaCha20-Poly1305, whose nonces have 24 bytes and whose keys are derived from
//! those above, so that no key serves two ciphers. Each file says for itself, and either is read whatever is chosen for what is written.
//!
//! Numbers are big-endian, dates milliseconds since 1970. What stands before a nonce is authenticated with what is
//! sealed: of the key file everything, of a row the file's head and the row's number.

use std::{fs::File, io::Read, path::Path};

use aes_gcm_siv::{
    Aes256GcmSiv, KeyInit, Nonce,
    aead::{Aead, Payload},
};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use super::{Cipher, Row};
use crate::{
    Error, ErrorKind, Secret32,
    hash::{derive, sha256_parts},
    random,
};

/// Without the figure of the cipher.
const KEY_MAGIC: &[u8; 7] = b"WARDKEY";
const ROWS_MAGIC: &[u8; 7] = b"WARDROW";
/// Bytes before the nonce of a key file.
const KEY_HEAD: usize = 48;
/// Bytes before the first row.
const ROWS_HEAD: usize = 28;
const TAG: usize = 16;

impl Cipher {
    /// The figure of a file.
    fn figure(self) -> u8 {
        match self {
            Self::Aes256GcmSiv => b'1',
            Self::XChaCha20Poly1305 => b'2',
        }
    }

    /// Bytes of a nonce.
    fn nonce(self) -> usize {
        match self {
            Self::Aes256GcmSiv => 12,
            Self::XChaCha20Poly1305 => 24,
        }
    }
}

/// A master key and the name it goes by.
pub(super) struct Master {
    pub(super) id: [u8; 8],
    key: Secret32,
}

impl Master {
    pub(super) fn new(key: Secret32) -> Self {
        let digest = sha256_parts(&[b"ward vault master key id", key.expose()]);
        Self {
            id: digest.first_chunk().copied().unwrap_or_default(),
            key,
        }
    }
}

/// A subject's key file.
#[derive(Clone)]
pub(super) struct KeyFile {
    pub(super) cipher: Cipher,
    id: [u8; 16],
    pub(super) created: u64,
    /// 0 for never.
    pub(super) expires: u64,
    pub(super) master: [u8; 8],
    nonce: Vec<u8>,
    wrapped: Vec<u8>,
}

impl KeyFile {
    pub(super) fn new(id: [u8; 16], created: u64, expires: u64) -> Self {
        Self {
            cipher: Cipher::default(),
            id,
            created,
            expires,
            master: [0; 8],
            nonce: Vec::new(),
            wrapped: Vec::new(),
        }
    }

    pub(super) fn expires(&self) -> Option<u64> {
        (self.expires > 0).then_some(self.expires)
    }

    pub(super) fn is_over(&self, now: u64) -> bool {
        self.expires().is_some_and(|end| end <= now)
    }

    pub(super) fn parse(id: &[u8; 16], bytes: &[u8]) -> Result<Self, Error> {
        let mut rest = bytes;
        let cipher = magic(&mut rest, KEY_MAGIC)?;
        let file = Self {
            cipher,
            id: take(&mut rest)?,
            created: u64::from_be_bytes(take(&mut rest)?),
            expires: u64::from_be_bytes(take(&mut rest)?),
            master: take(&mut rest)?,
            nonce: take_some(&mut rest, cipher.nonce())?.to_vec(),
            wrapped: rest.to_vec(),
        };
        if file.id != *id || file.wrapped.len() != 32 + TAG {
            return Err(damaged());
        }
        Ok(file)
    }

    /// The subject's key.
    pub(super) fn open(&self, masters: &[Master]) -> Result<Zeroizing<[u8; 32]>, Error> {
        let what = "the master key of this subject is not here; restore the folder keys from a backup";
        let master = masters
            .iter()
            .find(|master| master.id == self.master)
            .ok_or_else(|| Error::new(ErrorKind::WrongKey, what))?;
        let key = open(
            self.cipher,
            master.key.expose(),
            &self.nonce,
            &self.wrapped,
            &self.head(),
        )?;
        Ok(Zeroizing::new(key.as_slice().try_into().map_err(|_| damaged())?))
    }

    /// The whole file, with `key` wrapped by `master`.
    pub(super) fn wrapped(&self, cipher: Cipher, master: &Master, key: &[u8; 32]) -> Result<Vec<u8>, Error> {
        let file = Self {
            cipher,
            master: master.id,
            ..self.clone()
        };
        let mut out = file.head().to_vec();
        seal(cipher, master.key.expose(), key, &file.head(), &mut out)?;
        Ok(out)
    }

    fn head(&self) -> [u8; KEY_HEAD] {
        let mut head = [0; KEY_HEAD];
        let parts: [&[u8]; 6] = [
            KEY_MAGIC,
            &[self.cipher.figure()],
            &self.id,
            &self.created.to_be_bytes(),
            &self.expires.to_be_bytes(),
            &self.master,
        ];
        for (to, from) in head.iter_mut().zip(parts.concat()) {
            *to = from;
        }
        head
    }
}

/// The whole rows file.
pub(super) fn seal_rows(cipher: Cipher, id: &[u8; 16], key: &[u8; 32], rows: &[Row]) -> Result<Vec<u8>, Error> {
    let too_large = |_| Error::new(ErrorKind::TooLarge, "more rows than a subject of the vault can hold");
    let count = u32::try_from(rows.len()).map_err(too_large)?;
    let head = rows_head(cipher, id, count);
    let mut out = head.to_vec();
    for (number, row) in (0_u32..).zip(rows) {
        let len = u32::try_from(row.len() + TAG).map_err(too_large)?;
        out.extend_from_slice(&len.to_be_bytes());
        seal(cipher, key, row, &row_head(&head, number), &mut out)?;
    }
    Ok(out)
}

/// The rows of a rows file.
pub(super) fn open_rows(id: &[u8; 16], key: &[u8; 32], bytes: &[u8]) -> Result<Vec<Row>, Error> {
    let mut rest = bytes;
    let (cipher, count) = read_rows_head(id, &mut rest)?;
    let head = rows_head(cipher, id, count);
    let mut rows = Vec::new();
    for number in 0..count {
        let len = usize::try_from(u32::from_be_bytes(take(&mut rest)?)).map_err(|_| damaged())?;
        let nonce = take_some(&mut rest, cipher.nonce())?;
        let sealed = take_some(&mut rest, len)?;
        rows.push(open(cipher, key, nonce, sealed, &row_head(&head, number))?);
    }
    if rest.is_empty() { Ok(rows) } else { Err(damaged()) }
}

/// What a rows file is sealed with, and how many rows it says it has.
pub(super) fn about_rows(id: &[u8; 16], path: &Path) -> Result<(Cipher, u32), Error> {
    let mut head = [0; ROWS_HEAD];
    match File::open(path).and_then(|mut file| file.read_exact(&mut head)) {
        Err(e) => Err(Error::io(&e, "cannot read the rows")),
        Ok(()) => read_rows_head(id, &mut head.as_slice()),
    }
}

fn rows_head(cipher: Cipher, id: &[u8; 16], count: u32) -> [u8; ROWS_HEAD] {
    let mut head = [0; ROWS_HEAD];
    let parts: [&[u8]; 4] = [ROWS_MAGIC, &[cipher.figure()], id, &count.to_be_bytes()];
    for (to, from) in head.iter_mut().zip(parts.concat()) {
        *to = from;
    }
    head
}

fn read_rows_head(id: &[u8; 16], rest: &mut &[u8]) -> Result<(Cipher, u32), Error> {
    let cipher = magic(rest, ROWS_MAGIC)?;
    let of: [u8; 16] = take(rest)?;
    let count = u32::from_be_bytes(take(rest)?);
    if of == *id { Ok((cipher, count)) } else { Err(damaged()) }
}

fn row_head(head: &[u8; ROWS_HEAD], number: u32) -> [u8; ROWS_HEAD + 4] {
    let mut all = [0; ROWS_HEAD + 4];
    for (to, from) in all.iter_mut().zip(head.iter().chain(&number.to_be_bytes())) {
        *to = *from;
    }
    all
}

/// Appends a nonce and `plain`, sealed.
fn seal(cipher: Cipher, key: &[u8; 32], plain: &[u8], aad: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
    let payload = Payload { msg: plain, aad };
    let sealed = match cipher {
        Cipher::Aes256GcmSiv => {
            let nonce = random::bytes::<12>()?;
            out.extend_from_slice(&nonce);
            Aes256GcmSiv::new(&(*key).into()).encrypt(&Nonce::from(nonce), payload)
        }
        Cipher::XChaCha20Poly1305 => {
            let nonce = random::bytes::<24>()?;
            out.extend_from_slice(&nonce);
            XChaCha20Poly1305::new(&(*derived(key)).into()).encrypt(&XNonce::from(nonce), payload)
        }
    };
    out.extend_from_slice(
        &sealed.map_err(|_| Error::new(ErrorKind::TooLarge, "more bytes than can be sealed at once"))?,
    );
    Ok(())
}

fn open(cipher: Cipher, key: &[u8; 32], nonce: &[u8], sealed: &[u8], aad: &[u8]) -> Result<Row, Error> {
    let payload = Payload { msg: sealed, aad };
    let plain = match cipher {
        Cipher::Aes256GcmSiv => {
            let nonce: [u8; 12] = nonce.try_into().map_err(|_| damaged())?;
            Aes256GcmSiv::new(&(*key).into()).decrypt(&Nonce::from(nonce), payload)
        }
        Cipher::XChaCha20Poly1305 => {
            let nonce: [u8; 24] = nonce.try_into().map_err(|_| damaged())?;
            XChaCha20Poly1305::new(&(*derived(key)).into()).decrypt(&XNonce::from(nonce), payload)
        }
    };
    plain.map(Zeroizing::new).map_err(|_| damaged())
}

/// The key of the second cipher.
fn derived(key: &[u8; 32]) -> Zeroizing<[u8; 32]> {
    Zeroizing::new(derive(key, "ward vault xchacha20-poly1305"))
}

/// The name of the file's kind, and what it is sealed with.
fn magic(rest: &mut &[u8], expect: &[u8; 7]) -> Result<Cipher, Error> {
    let found: [u8; 7] = take(rest)?;
    let [figure] = take::<1>(rest)?;
    if found != *expect {
        return Err(damaged());
    }
    let cipher = Cipher::ALL.into_iter().find(|cipher| cipher.figure() == figure);
    cipher.ok_or_else(|| match figure {
        b'0'..=b'9' => Error::new(
            ErrorKind::NewerFormat,
            "a newer Ward wrote this; use that version or later",
        ),
        _ => damaged(),
    })
}

/// The next bytes.
fn take_some<'a>(rest: &mut &'a [u8], length: usize) -> Result<&'a [u8], Error> {
    let (first, after) = rest.split_at_checked(length).ok_or_else(damaged)?;
    *rest = after;
    Ok(first)
}

fn take<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], Error> {
    let (first, after) = rest.split_first_chunk::<N>().ok_or_else(damaged)?;
    *rest = after;
    Ok(*first)
}

fn damaged() -> Error {
    Error::damaged("this subject's file is damaged and is refused; restore it from a backup, or erase the subject")
}
