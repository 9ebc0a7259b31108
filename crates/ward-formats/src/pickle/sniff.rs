//! Whether bytes are a pickle, whatever their file is called.

use super::{
    machine::{Limits, Options, What, follow},
    opcode,
    stream::Why,
};
use crate::input::Input;

/// What the first bytes look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sniffed {
    /// They say so: a protocol and an opcode that can follow it.
    Pickle,
    /// They can be followed as a pickle of protocol 0 or 1 as far as they go, which a text seldom can.
    Perhaps,
    /// They are something else.
    Not,
}

/// Opcodes after which bytes that do not say so are taken for a pickle.
const ENOUGH: u64 = 12;

/// Looks at the first bytes of a file, of which at most 64 KiB are used.
#[must_use]
pub fn sniff(head: &[u8]) -> Sniffed {
    let head = head.get(..64 << 10).unwrap_or(head);
    let [first, second, ..] = head else { return Sniffed::Not };
    if *first == opcode::PROTO && *second <= 5 {
        let follows = head.get(2).is_none_or(|third| opcode::name(*third).is_some());
        return if follows { Sniffed::Pickle } else { Sniffed::Not };
    }
    // A pickle begins with something that needs nothing on the stack.
    let begins = matches!(
        *first,
        opcode::MARK
            | opcode::GLOBAL
            | opcode::NONE
            | opcode::EMPTY_DICT
            | opcode::EMPTY_LIST
            | opcode::EMPTY_TUPLE
            | opcode::EMPTY_SET
            | opcode::UNICODE
            | opcode::STRING
            | opcode::SHORT_BINSTRING
            | opcode::BINSTRING
            | opcode::BINUNICODE
            | opcode::SHORT_BINUNICODE
            | opcode::BINUNICODE8
            | opcode::SHORT_BINBYTES
            | opcode::BINBYTES
            | opcode::BINBYTES8
            | opcode::BYTEARRAY8
            | opcode::INT
            | opcode::LONG
            | opcode::LONG1
            | opcode::LONG4
            | opcode::BININT
            | opcode::BININT1
            | opcode::BININT2
            | opcode::FLOAT
            | opcode::BINFLOAT
            | opcode::NEWTRUE
            | opcode::NEWFALSE
            | opcode::FRAME
            | opcode::PERSID
            | opcode::EXT1
            | opcode::EXT2
            | opcode::EXT4
            | opcode::NEXT_BUFFER
    );
    if !begins {
        return Sniffed::Not;
    }
    let (mut effects, mut names) = (0u64, true);
    let options = Options {
        limits: Limits {
            opcodes: 2000,
            values: 4000,
            depth: 1,
        },
        joblib: false,
        numbers: false,
    };
    let outcome = follow(
        Input::of_bytes(head),
        0,
        options,
        &mut |values, effect| match effect.what {
            What::Import(id) => {
                names &= values.global(id).is_some_and(|global| {
                    is_name(&global.module) && is_name(&global.name) || global.computed && effect.code != opcode::GLOBAL
                });
            }
            What::Call(_) | What::Build { .. } => effects += 1,
            _ => {}
        },
    );
    let far = match outcome.halt {
        None => outcome.opcodes >= 2,
        // What is cut here may go on in the file.
        Some(halt) => matches!(halt.why, Why::Cut | Why::Budget) && head.len() >= 1 << 10 && outcome.opcodes >= ENOUGH,
    };
    if names && (far || effects > 0) {
        Sniffed::Perhaps
    } else {
        Sniffed::Not
    }
}

/// True for a text that may be base64 of a pickle or of something that one is hidden in: compressed bytes or a zip archive.
#[must_use]
pub fn is_base64(head: &[u8]) -> bool {
    /// How gzip, zip, bzip2, xz and Zstandard begin, in base64.
    const PACKED: &[&[u8]] = &[b"H4sI", b"UEsD", b"Qlpo", b"/Td6", b"KLUv"];
    /// Digits that there must be at least: `eNo` alone begins words.
    const DIGITS: usize = 32;
    let digit = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_');
    // The two bytes of zlib at its four levels, and two bits of what follows.
    let zlib = matches!(
        head,
        [b'e', b'A', b'E'..=b'H', ..]
            | [b'e', b'F', b'4'..=b'7', ..]
            | [b'e', b'J', b'w'..=b'z', ..]
            | [b'e', b'N', b'o'..=b'r', ..]
    );
    matches!(head, [b'g', b'A', b'E'..=b'W', _, ..])
        || (zlib || PACKED.iter().any(|start| head.starts_with(start)))
            && head.get(..DIGITS).is_some_and(|head| head.iter().all(digit))
}

/// True for what Python could import: words of letters, digits and `_` with dots between them.
fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.split('.').all(|word| {
            word.chars()
                .next()
                .is_some_and(|c| c.is_alphabetic() || c == '_' || c == '<')
                && word
                    .chars()
                    .all(|c| c.is_alphanumeric() || matches!(c, '_' | '<' | '>'))
        })
}

#[cfg(test)]
mod tests {
    use super::is_base64;

    #[test]
    fn base64_is_told_from_words() {
        for yes in [
            "gASVIA==",
            "eJxrYEouzi/KTMpJVShILCpJzC3ISS1iAACgVwhX",
            "H4sIAAAAAAACA2NgSi7OL8pMyklVKEgsKkkA",
        ] {
            assert!(is_base64(yes.as_bytes()), "{yes}");
        }
        for no in [
            "gas",
            "eNodeB",
            "eJournal of the clinic, volume three, issue two",
            "H4sI",
        ] {
            assert!(!is_base64(no.as_bytes()), "{no}");
        }
    }
}
