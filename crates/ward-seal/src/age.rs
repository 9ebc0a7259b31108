//! Files that only the holder of a key can open, in version 1 of the age format (C2SP, `age-encryption.org/v1`), with its
//! X25519 recipients. What is written here opens with any program that reads age files, and the other way round.
//!
//! ```text
//! age-encryption.org/v1
//! -> X25519 <ephemeral share>            one for each recipient
//! <file key, sealed>
//! --- <HMAC of everything above>
//! nonce 16 | chunks of at most 64 KiB, each sealed with ChaCha20-Poly1305 under a counter and a mark on the last
//! ```
//!
//! Whoever writes such a file needs the recipient's public text (`age1...`) and nothing secret: a service that takes
//! reports from strangers can seal them and cannot read them afterwards.

use chacha20poly1305::{
    ChaCha20Poly1305, KeyInit, Nonce,
    aead::{Aead, Payload},
};
use data_encoding::BASE64_NOPAD;
use hkdf::Hkdf;
use sha2::Sha256;
use std::fmt;
use x25519_dalek::{X25519_BASEPOINT_BYTES, x25519};
use zeroize::{Zeroize, Zeroizing};

use crate::{
    Error, ErrorKind, Secret32,
    hash::{equal, hmac_sha256},
    random,
};

const INTRO: &str = "age-encryption.org/v1";
const X25519_INFO: &[u8] = b"age-encryption.org/v1/X25519";
const PUBLIC: &str = "age";
const SECRET: &str = "age-secret-key-";
const CHUNK: usize = 64 * 1024;
const TAG: usize = 16;
const FILE_KEY: usize = 16;
/// Most bytes of a header that are read, and so most recipients: about a hundred of the kind made here.
const MAX_HEADER: usize = 64 * 1024;
/// Most stanzas of a header that are looked at.
const MAX_STANZAS: usize = 256;
/// Largest file that [`decrypt`] opens, in bytes: it holds all of it in memory.
pub const MAX_FILE: usize = 256 * 1024 * 1024;

/// Somebody who can open what is sealed for them: a public key, written `age1...`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Recipient([u8; 32]);

impl Recipient {
    /// Reads `age1...`, in lower case.
    ///
    /// # Errors
    /// [`ErrorKind::Argument`] for anything else.
    pub fn from_text(text: &str) -> Result<Self, Error> {
        let wrong = || {
            Error::new(
                ErrorKind::Argument,
                "not a recipient; it begins with age1 and has 62 characters",
            )
        };
        if text.len() > 90 || text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(wrong());
        }
        bech32_bytes(text, PUBLIC).map(|bytes| Self(*bytes)).ok_or_else(wrong)
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&bech32_text(PUBLIC, &self.0))
    }
}

/// The secret that opens what is sealed for its [`Recipient`]. Wiped when dropped, and shown only by
/// [`Identity::expose`].
pub struct Identity(Secret32);

impl Identity {
    /// A new one.
    ///
    /// # Errors
    /// [`ErrorKind::Random`].
    pub fn generate() -> Result<Self, Error> {
        let bytes = Zeroizing::new(random::bytes::<32>()?);
        Ok(Self(Secret32::new(*bytes)))
    }

    /// Reads `AGE-SECRET-KEY-1...`.
    ///
    /// # Errors
    /// [`ErrorKind::Argument`] for anything else.
    pub fn from_text(text: &str) -> Result<Self, Error> {
        let lower = Zeroizing::new(text.to_ascii_lowercase());
        let upper = text.len() <= 90 && !text.bytes().any(|byte| byte.is_ascii_lowercase());
        upper
            .then(|| bech32_bytes(&lower, SECRET))
            .flatten()
            .map(|bytes| Self(Secret32::new(*bytes)))
            .ok_or_else(|| Error::new(ErrorKind::Argument, "not an identity; it begins with AGE-SECRET-KEY-1"))
    }

    /// The first identity of a file as the age tools write it: comments begin with `#`, one identity a line.
    ///
    /// # Errors
    /// [`ErrorKind::Argument`] when there is none.
    pub fn from_file(text: &str) -> Result<Self, Error> {
        let mut lines = text
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && !line.starts_with('#'));
        Self::from_text(lines.next().unwrap_or_default())
    }

    /// The text, for the one file that holds it.
    #[must_use]
    pub fn expose(&self) -> Zeroizing<String> {
        let lower = Zeroizing::new(bech32_text(SECRET, self.0.expose()));
        Zeroizing::new(lower.to_ascii_uppercase())
    }

    /// Who this is, for others.
    #[must_use]
    pub fn recipient(&self) -> Recipient {
        Recipient(x25519(*self.0.expose(), X25519_BASEPOINT_BYTES))
    }
}

/// Seals `plain` for every one of `recipients`.
///
/// # Errors
/// [`ErrorKind::Argument`] for no recipient, more than fit a header, or one with a key that no secret has;
/// [`ErrorKind::Random`].
pub fn encrypt(plain: &[u8], recipients: &[Recipient]) -> Result<Vec<u8>, Error> {
    if recipients.is_empty() || recipients.len() > MAX_STANZAS {
        return Err(Error::new(
            ErrorKind::Argument,
            "between 1 and 256 recipients can be sealed for",
        ));
    }
    let file_key = Zeroizing::new(random::bytes::<FILE_KEY>()?);
    let mut header = format!("{INTRO}\n");
    for recipient in recipients {
        let ephemeral = Zeroizing::new(random::bytes::<32>()?);
        let share = x25519(*ephemeral, X25519_BASEPOINT_BYTES);
        let key = wrapping_key(&ephemeral, &recipient.0, &share, &recipient.0).ok_or_else(|| {
            Error::new(
                ErrorKind::Argument,
                "this recipient is no public key that a secret belongs to",
            )
        })?;
        let sealed = seal(&key, &[0; 12], file_key.as_ref())?;
        header.push_str(&format!(
            "-> X25519 {}\n{}\n",
            BASE64_NOPAD.encode(&share),
            BASE64_NOPAD.encode(&sealed)
        ));
    }
    header.push_str("---");
    let mac = header_mac(&file_key, header.as_bytes());
    header.push_str(&format!(" {}\n", BASE64_NOPAD.encode(&mac)));
    let mut out = header.into_bytes();
    let nonce = random::bytes::<16>()?;
    out.extend_from_slice(&nonce);
    let key = hkdf(file_key.as_ref(), &nonce, b"payload");
    let mut rest = plain;
    let mut counter = 0_u64;
    loop {
        let (chunk, after) = rest.split_at(rest.len().min(CHUNK));
        out.extend_from_slice(&seal(&key, &chunk_nonce(counter, after.is_empty()), chunk)?);
        if after.is_empty() {
            return Ok(out);
        }
        rest = after;
        counter += 1;
    }
}

/// Opens what was sealed for one of `identities`. Stanzas of other kinds are passed over.
///
/// # Errors
/// [`ErrorKind::Damaged`] for what is no age file, was changed or cut; [`ErrorKind::WrongKey`] when it is sealed for
/// others; [`ErrorKind::TooLarge`].
pub fn decrypt(sealed: &[u8], identities: &[Identity]) -> Result<Zeroizing<Vec<u8>>, Error> {
    if sealed.len() > MAX_FILE {
        return Err(Error::new(ErrorKind::TooLarge, "larger than such a file may be"));
    }
    let header = Header::parse(sealed).ok_or_else(not_age)?;
    let file_key = identities
        .iter()
        .find_map(|identity| header.stanzas.iter().find_map(|stanza| stanza.open(identity)))
        .ok_or_else(|| Error::new(ErrorKind::WrongKey, "this is sealed for another key than those given"))?;
    if !equal(&header_mac(&file_key, header.covered), &header.mac) {
        return Err(Error::damaged("the header of this sealed file was changed"));
    }
    let (nonce, mut rest) = header.payload.split_first_chunk::<16>().ok_or_else(not_age)?;
    let key = hkdf(file_key.as_ref(), nonce, b"payload");
    let mut plain = Zeroizing::new(Vec::with_capacity(rest.len()));
    let mut counter = 0_u64;
    loop {
        let (chunk, after) = rest.split_at(rest.len().min(CHUNK + TAG));
        let opened = open(&key, &chunk_nonce(counter, after.is_empty()), chunk)
            .ok_or_else(|| Error::damaged("this sealed file was changed or cut"))?;
        // Only the whole of an empty file is an empty chunk.
        if opened.is_empty() && counter > 0 {
            return Err(Error::damaged("this sealed file was changed or cut"));
        }
        plain.extend_from_slice(&opened);
        if after.is_empty() {
            return Ok(plain);
        }
        rest = after;
        counter += 1;
    }
}

/// A header, parsed: the format is text, one way to write each thing.
struct Header<'a> {
    stanzas: Vec<Stanza>,
    /// What the MAC is over: everything up to and including `---`.
    covered: &'a [u8],
    mac: [u8; 32],
    payload: &'a [u8],
}

/// An X25519 stanza.
struct Stanza {
    share: [u8; 32],
    body: [u8; FILE_KEY + TAG],
}

impl<'a> Header<'a> {
    fn parse(bytes: &'a [u8]) -> Option<Self> {
        let mut at = 0;
        let line = |at: &mut usize| -> Option<&'a str> {
            let rest = bytes.get(*at..MAX_HEADER.min(bytes.len()))?;
            let end = rest.iter().position(|byte| *byte == b'\n')?;
            *at += end + 1;
            std::str::from_utf8(rest.get(..end)?)
                .ok()
                .filter(|line| line.bytes().all(|byte| (0x20..0x7f).contains(&byte)))
        };
        if line(&mut at)? != INTRO {
            return None;
        }
        let mut stanzas = Vec::new();
        let mut seen = 0;
        loop {
            let start = at;
            let first = line(&mut at)?;
            if let Some(mac) = first.strip_prefix("--- ") {
                let mac = decode(mac)?;
                return (seen > 0).then_some(Self {
                    stanzas,
                    covered: bytes.get(..start + 3)?,
                    mac,
                    payload: bytes.get(at..)?,
                });
            }
            let arguments: Vec<&str> = first.strip_prefix("-> ")?.split(' ').collect();
            seen += 1;
            if seen > MAX_STANZAS || arguments.iter().any(|argument| argument.is_empty()) {
                return None;
            }
            let mut body = String::new();
            loop {
                let part = line(&mut at)?;
                if part.len() > 64 {
                    return None;
                }
                body.push_str(part);
                if part.len() < 64 {
                    break;
                }
            }
            match arguments.as_slice() {
                ["X25519", share] => stanzas.push(Stanza {
                    share: decode(share)?,
                    body: decode(&body)?,
                }),
                ["X25519", ..] => return None,
                _ => drop(BASE64_NOPAD.decode(body.as_bytes()).ok()?),
            }
        }
    }
}

impl Stanza {
    fn open(&self, identity: &Identity) -> Option<Zeroizing<[u8; FILE_KEY]>> {
        let public = identity.recipient();
        let key = wrapping_key(identity.0.expose(), &self.share, &self.share, &public.0)?;
        let opened = open(&key, &[0; 12], &self.body)?;
        opened.as_slice().try_into().ok().map(Zeroizing::new)
    }
}

/// The key that seals a file key: what both sides agree on, bound to the two public values. None when the other side
/// chose a value that makes the agreement the same for everybody.
fn wrapping_key(
    secret: &[u8; 32],
    other: &[u8; 32],
    share: &[u8; 32],
    recipient: &[u8; 32],
) -> Option<Zeroizing<[u8; 32]>> {
    let agreed = Zeroizing::new(x25519(*secret, *other));
    if equal(agreed.as_ref(), &[0; 32]) {
        return None;
    }
    let salt: Vec<u8> = share.iter().chain(recipient).copied().collect();
    Some(hkdf(agreed.as_ref(), &salt, X25519_INFO))
}

fn header_mac(file_key: &[u8; FILE_KEY], covered: &[u8]) -> [u8; 32] {
    hmac_sha256(hkdf(file_key, &[], b"header").as_ref(), covered)
}

fn hkdf(secret: &[u8], salt: &[u8], info: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut out = Zeroizing::new([0; 32]);
    // HKDF refuses only outputs longer than 255 * 32 bytes; 32 is always granted.
    let _granted = Hkdf::<Sha256>::new(Some(salt), secret).expand(info, out.as_mut());
    out
}

/// Eleven bytes of counter, one byte that is 1 for the last chunk.
fn chunk_nonce(counter: u64, last: bool) -> [u8; 12] {
    let mut nonce = [0; 12];
    for (to, from) in nonce.iter_mut().skip(3).zip(counter.to_be_bytes()) {
        *to = from;
    }
    if let Some(mark) = nonce.last_mut() {
        *mark = u8::from(last);
    }
    nonce
}

fn seal(key: &[u8; 32], nonce: &[u8; 12], plain: &[u8]) -> Result<Vec<u8>, Error> {
    ChaCha20Poly1305::new(&(*key).into())
        .encrypt(&Nonce::from(*nonce), Payload { msg: plain, aad: &[] })
        .map_err(|_| Error::new(ErrorKind::TooLarge, "more bytes than can be sealed at once"))
}

fn open(key: &[u8; 32], nonce: &[u8; 12], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    ChaCha20Poly1305::new(&(*key).into())
        .decrypt(&Nonce::from(*nonce), Payload { msg: sealed, aad: &[] })
        .map(Zeroizing::new)
        .ok()
}

/// Exactly `N` bytes of unpadded Base64.
fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    BASE64_NOPAD.decode(text.as_bytes()).ok()?.try_into().ok()
}

fn bech32_text(prefix: &str, bytes: &[u8; 32]) -> String {
    let text = bech32::Hrp::parse(prefix)
        .ok()
        .map(|hrp| bech32::encode::<bech32::Bech32>(hrp, bytes));
    text.and_then(Result::ok).unwrap_or_default()
}

/// The 32 bytes of a Bech32 text (BIP 173) with this prefix.
fn bech32_bytes(text: &str, prefix: &str) -> Option<Zeroizing<[u8; 32]>> {
    let checked = bech32::primitives::decode::CheckedHrpstring::new::<bech32::Bech32>(text).ok()?;
    if checked.hrp().as_str() != prefix {
        return None;
    }
    let mut bytes: Vec<u8> = checked.byte_iter().collect();
    let found = <[u8; 32]>::try_from(bytes.as_slice()).ok().map(Zeroizing::new);
    bytes.zeroize();
    found
}

fn not_age() -> Error {
    Error::damaged("this is no file in the age format, or it was cut")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn identity(byte: u8) -> Identity {
        Identity(Secret32::new([byte; 32]))
    }

    fn kind<T>(result: Result<T, Error>) -> ErrorKind {
        result.map(drop).unwrap_err().kind()
    }

    #[test]
    fn what_is_sealed_opens_for_those_named_and_nobody_else() {
        let (one, two, three) = (identity(1), identity(2), identity(3));
        for len in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK] {
            let plain: Vec<u8> = (0..len).map(|i| (i % 251) as u8).collect();
            let sealed = encrypt(&plain, &[one.recipient(), two.recipient()]).unwrap();
            assert_eq!(*decrypt(&sealed, &[identity(1)]).unwrap(), plain, "{len}");
            assert_eq!(*decrypt(&sealed, &[identity(9), identity(2)]).unwrap(), plain, "{len}");
            assert_eq!(
                kind(decrypt(&sealed, std::slice::from_ref(&three))),
                ErrorKind::WrongKey
            );
            assert_eq!(
                kind(decrypt(&sealed[..sealed.len() - 1], &[identity(1)])),
                ErrorKind::Damaged
            );
        }
        assert_eq!(kind(encrypt(b"x", &[])), ErrorKind::Argument);
        assert_eq!(kind(encrypt(b"x", &[Recipient([0; 32])])), ErrorKind::Argument);
    }

    #[test]
    fn keys_are_written_as_others_write_them() {
        let made = Identity::generate().unwrap();
        let (public, secret) = (made.recipient().to_string(), made.expose());
        assert!(public.starts_with("age1") && public.len() == 62, "{public}");
        assert!(secret.starts_with("AGE-SECRET-KEY-1") && secret.len() == 74);
        assert_eq!(Recipient::from_text(&public).unwrap(), made.recipient());
        assert_eq!(Identity::from_text(&secret).unwrap().recipient(), made.recipient());
        let file = format!("# made today\n# public key: {public}\n{}\n", *secret);
        assert_eq!(Identity::from_file(&file).unwrap().recipient(), made.recipient());
        for bad in [
            "",
            "age1",
            &public[..61],
            &public.to_uppercase(),
            &secret,
            &public.replace("age1", "agf1"),
        ] {
            assert_eq!(kind(Recipient::from_text(bad)), ErrorKind::Argument, "{bad}");
        }
        for bad in ["", &public, &secret.to_lowercase(), &secret[..73]] {
            assert_eq!(kind(Identity::from_text(bad)), ErrorKind::Argument);
        }
    }

    /// RFC 7748, section 6.1: Bob's keys, and what he agrees on with Alice.
    #[test]
    fn agrees_as_published() {
        let bytes = |hex: &str| crate::hash::unhex::<32>(hex).unwrap();
        let bob = bytes("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
        let alice = bytes("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
        let public = bytes("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
        assert_eq!(x25519(bob, X25519_BASEPOINT_BYTES), public);
        let agreed = bytes("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
        assert_eq!(x25519(bob, alice), agreed);
    }

    #[test]
    fn a_header_has_one_way_to_be_written() {
        let sealed = encrypt(b"hello", &[identity(1).recipient()]).unwrap();
        let end = sealed.windows(4).position(|window| window == b"--- ").unwrap() + 4 + 43;
        let header = String::from_utf8(sealed[..end].to_vec()).unwrap();
        let with = |header: &str| [header.as_bytes(), &sealed[end..]].concat();
        assert!(decrypt(&with(&header), &[identity(1)]).is_ok());
        let cases = [
            header.replace("v1\n", "v2\n"),
            header.replace('\n', "\r\n"),
            header.replace("-> X25519 ", "-> X25519  "),
            header.replace("-> X25519 ", "-> X25519 extra "),
            header.replace("-> X25519", "-> x25519"),
            header.replace("---", "-- -"),
            format!("{header}\n"),
            header.replacen("-> X25519", "-> grease\n\n-> X25519", 1),
        ];
        for (i, case) in cases.iter().enumerate() {
            assert!(decrypt(&with(case), &[identity(1)]).is_err(), "case {i}");
        }
        for nonsense in [
            &b""[..],
            b"age-encryption.org/v1\n--- AAAA\n",
            b"-----BEGIN AGE ENCRYPTED FILE-----\n",
        ] {
            assert_eq!(kind(decrypt(nonsense, &[identity(1)])), ErrorKind::Damaged);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_changed_bit_is_never_accepted(at in 0_usize..400, bit in 0_u8..8) {
            let sealed = encrypt(&[7; 120], &[identity(1).recipient()]).unwrap();
            let at = at % sealed.len();
            let mut changed = sealed.clone();
            changed[at] ^= 1 << bit;
            prop_assert!(decrypt(&changed, &[identity(1)]).is_err());
        }

        #[test]
        fn nonsense_is_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let with_intro = [format!("{INTRO}\n-> X25519 ").as_bytes(), &bytes].concat();
            prop_assert!(decrypt(&with_intro, &[identity(1)]).is_err());
        }
    }
}
