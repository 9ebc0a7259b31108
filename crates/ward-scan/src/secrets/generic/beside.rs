//! Where a value stands that does not follow its name alone: under the key beside the one that holds the name, in a block of
//! YAML, or in a step of an image's history.

use std::ops::Range;

use super::VALUE;

/// Where the value stands when a name is itself a value: `- name: DB_PASSWORD` and `value: ..` on the next line, as in
/// Kubernetes and pipelines, `{"name": "DB_PASSWORD", "value": ".."}`, `{ name = "..", value = ".." }`. `after` is the place behind
/// the name and its quote.
pub(super) fn value_of_name(text: &[u8], name: &Range<usize>, name_quoted: bool, after: usize) -> Option<usize> {
    const NAMES: &[&[u8]] = &[b"name", b"key", b"parameterkey", b"variable"];
    const VALUES: &[&[u8]] = &[b"value", b"parametervalue"];
    let before = text.get(name.start.saturating_sub(32)..name.start.checked_sub(usize::from(name_quoted))?)?;
    let trimmed = before.trim_ascii_end();
    let (sign, key) = trimmed.split_last()?;
    // `name="password" value=".."` is a field of a form.
    let spaced = trimmed.len() < before.len() && key.last() == Some(&b' ');
    if *sign != b':' && (*sign != b'=' || !spaced) {
        return None;
    }
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric();
    let last_word = |text: &[u8]| {
        let text = text.trim_ascii_end();
        let text = text
            .strip_suffix(b"\"")
            .or_else(|| text.strip_suffix(b"'"))
            .unwrap_or(text);
        let length = text.iter().rev().take_while(|byte| is_word(byte)).count();
        text.get(text.len() - length..).unwrap_or_default().to_ascii_lowercase()
    };
    if !NAMES.contains(&last_word(key).as_slice()) {
        return None;
    }
    let rest = text.get(after..text.len().min(after + 120))?;
    let gap = rest
        .iter()
        .take_while(|byte| byte.is_ascii_whitespace() || **byte == b',')
        .count();
    let rest = rest.get(gap..)?;
    let at = memchr::memchr(*sign, rest).filter(|_| gap > 0)?;
    let said = rest.get(..at)?;
    let named = VALUES.contains(&last_word(said).as_slice()) && said.len() <= 24 && !said.contains(&b'\n');
    let ends = rest.get(at + 1).is_some_and(|byte| matches!(byte, b' ' | b'"' | b'\''));
    (named && ends).then_some(after + gap + at + 1)
}

/// Whether the value at `value` is one that a cluster's public key sealed: base64 behind the length of an RSA-wrapped key (two
/// bytes of at most 2,047, so `A` and a letter up to `H`), in a document that says that it is a `SealedSecret`.
pub(super) fn is_sealed(text: &[u8], value: &Range<usize>) -> bool {
    const BEFORE: usize = 64 << 10;
    let wrapped = text.get(value.clone()).is_some_and(|value| {
        let sign = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
        value.len() >= 40 && matches!(value, [b'A', b'a'..=b'h', ..]) && value.iter().all(sign)
    });
    let before = |at: usize| text.get(at.saturating_sub(BEFORE)..at).unwrap_or_default();
    wrapped && {
        let document = before(value.start);
        let start = memchr::memmem::rfind(document, b"\n---").unwrap_or(0);
        let document = document.get(start..).unwrap_or_default();
        memchr::memmem::find(document, b"SealedSecret").is_some()
            && memchr::memmem::find(document, b"encryptedData").is_some()
    }
}

/// The one line of a block of YAML that begins at `at`: `|-` or `>`, and the value on a line of its own.
pub(super) fn block_line(text: &[u8], at: usize) -> Option<Range<usize>> {
    let rest = text.get(at..text.len().min(at + VALUE + 128))?;
    let lead = rest.iter().take_while(|byte| **byte == b' ').count();
    let marks = rest.get(lead..)?;
    let length = memchr::memchr(b'\n', marks)?;
    let (b'|' | b'>', more) = marks.get(..length)?.trim_ascii_end().split_first()? else {
        return None;
    };
    if more.len() > 2 || !more.iter().all(|byte| matches!(byte, b'-' | b'+' | b'1'..=b'9')) {
        return None;
    }
    let block = rest.get(lead + length + 1..)?;
    let indent = block.iter().take_while(|byte| **byte == b' ').count();
    let line = block.get(indent..)?;
    let end = memchr::memchr(b'\n', line).unwrap_or(line.len());
    let goes_on = line
        .get(end + 1..)
        .is_some_and(|next| next.len() >= indent && next.iter().take(indent).all(|byte| *byte == b' '));
    let value = line.get(..end)?.trim_ascii_end();
    let start = at + lead + length + 1 + indent;
    (indent > 0 && !goes_on && !value.is_empty() && value.len() <= VALUE).then_some(start..start + value.len())
}

/// The value in a step of an image's history, which is one string of JSON: `"ENV A=.. NAME=.."`, `"/bin/sh -c #(nop)  ENV NAME=.."`,
/// `"RUN |1 NAME=.. /bin/sh -c .."` (OCI image specification, *history*). `at` is where it begins.
pub(super) fn value_of_step(text: &[u8], name: &Range<usize>, at: usize) -> Option<Range<usize>> {
    const STEPS: &[&[u8]] = &[
        b"ENV ",
        b"ARG ",
        b"RUN |",
        b"/bin/sh -c #(nop)  ENV ",
        b"/bin/sh -c #(nop) ENV ",
    ];
    let before = text.get(name.start.saturating_sub(VALUE)..name.start)?;
    let step = before.get(memchr::memrchr(b'"', before)? + 1..)?;
    if text.get(name.end) != Some(&b'=') || at != name.end + 1 || !STEPS.iter().any(|start| step.starts_with(start)) {
        return None;
    }
    // The command behind what it is given is a shell's, which is read as such.
    if step.starts_with(b"RUN |") && memchr::memmem::find(step, b" /bin/").is_some() {
        return None;
    }
    let rest = text.get(at..text.len().min(at + VALUE))?;
    let length = rest
        .iter()
        .position(|byte| matches!(byte, b'"' | b'\\') || byte.is_ascii_whitespace())?;
    (length > 0).then_some(at..at + length)
}

#[cfg(test)]
mod tests {
    use crate::secrets::files::tests::check;

    #[test]
    fn what_is_sealed_is_no_secret() {
        let sealed = "kind: SealedSecret\nspec:\n  encryptedData:\n";
        let values = "    password: AgB<<b64:64>>\n    api_key: |\n      AgC<<b64:64>>\n    db_password: >-\n      AgA<<b64:64>>\n";
        check("sealed.yaml", &format!("{sealed}{values}"), &[]);
        // The same values in a document beside it, and others in it.
        let bare = format!("{sealed}    a: b\n---\nstringData:\n  password: AgB<<b64:64>>\n");
        check("two.yaml", &bare, &[7]);
        check("not.yaml", &format!("{sealed}    password: Xq<<b62:30>>\n"), &[4]);
        check(
            "sops.yaml",
            "password: >-\n  ENC[AES256_GCM,data:<<b64:12>>,iv:<<b64:20>>,tag:<<b64:20>>,type:str]\nsops:\n  version: 3.8.1\n",
            &[],
        );
    }
}
