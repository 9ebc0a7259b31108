//! Quoted-printable (RFC 2045, 6.7), in texts that name it: mails, and pages that were saved as mails.

use super::{Budget, Piece, is_text};

/// Longest line, its continuations included.
const MOST: usize = 16 << 10;

/// Finds every line that has escapes or goes on behind a `=`, and joins it with what follows.
pub(crate) fn pieces(text: &[u8], budget: &mut Budget, each: &mut dyn FnMut(Piece, &mut Budget)) {
    const NAME: &[u8] = b"quoted-printable";
    let named = memchr::memchr2_iter(b'q', b'Q', text).find(|at| {
        let word = text.get(*at..at + NAME.len());
        word.is_some_and(|word| word.eq_ignore_ascii_case(NAME))
    });
    let Some(mut done) = named else { return };
    while let Some(found) = text.get(done..).and_then(|rest| memchr::memchr(b'=', rest)) {
        let at = done + found;
        let before = text.get(done..at).unwrap_or_default();
        let start = memchr::memrchr(b'\n', before).map_or(done, |line| done + line + 1);
        let rest = text.get(start..text.len().min(start + MOST)).unwrap_or_default();
        let (decoded, length, escapes) = line(rest);
        done = (start + length).max(at + 1);
        if escapes == 0 {
            continue;
        }
        if !budget.take(length) {
            return;
        }
        if is_text(&decoded) {
            let how = "quoted-printable";
            each(
                Piece {
                    span: start..start + length,
                    how,
                    text: decoded,
                },
                budget,
            );
        }
    }
}

/// One line with its continuations, how long it was, and how many escapes it had.
fn line(text: &[u8]) -> (Vec<u8>, usize, usize) {
    let (mut out, mut at, mut escapes) = (Vec::new(), 0, 0);
    while let Some(&byte) = text.get(at) {
        match (byte, text.get(at + 1), text.get(at + 2)) {
            (b'\n', ..) => return (out, at, escapes),
            (b'=', Some(b'\n'), _) => (at, escapes) = (at + 2, escapes + 1),
            (b'=', Some(b'\r'), Some(b'\n')) => (at, escapes) = (at + 3, escapes + 1),
            (b'=', Some(high), Some(low)) if let (Some(high), Some(low)) = (digit(*high), digit(*low)) => {
                out.push(high << 4 | low);
                (at, escapes) = (at + 3, escapes + 1);
            }
            _ => {
                out.push(byte);
                at += 1;
            }
        }
    }
    (out, at, escapes)
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        super::super::tests::check(pieces, text, expect);
    }

    #[test]
    fn lines_are_joined_in_texts_that_say_so() {
        let head = "Content-Transfer-Encoding: quoted-printable\n\n";
        check(
            &format!("{head}key=3Dab=\ncd=\r\nef\nplain\na=3db\n"),
            &["key=abcdef", "a=b"],
        );
        check(&format!("{}x=3D1\n", head.to_uppercase()), &["x=1"]);
        check("a=3Db=\nc\n", &[]);
        check(&format!("{head}a = b\n"), &[]);
    }
}
