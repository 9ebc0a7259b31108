//! What may be shown of a secret.

/// What a report may say of a secret: at most the first four characters, where they are the fixed prefix that says what
/// kind of token it is, and a coarse length. Never more: `shown` is cut to four, and a short secret shows nothing.
#[must_use]
pub fn mask(secret: &[u8], shown: usize) -> String {
    let length = match secret.len() {
        0..8 => "under 8",
        8..16 => "8 to 15",
        16..32 => "16 to 31",
        32..64 => "32 to 63",
        64..128 => "64 to 127",
        _ => "128 or more",
    };
    let prefix: String = secret
        .iter()
        .take(if secret.len() < 16 { 0 } else { shown.min(4) })
        .take_while(|byte| byte.is_ascii_graphic())
        .map(|&byte| char::from(byte))
        .collect();
    format!("{prefix}**** ({length} characters)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn little_is_shown() {
        assert_eq!(mask(b"acme_0123456789abcdef", 9), "acme**** (16 to 31 characters)");
        assert_eq!(mask(b"acme_0123456789abcdef", 0), "**** (16 to 31 characters)");
        assert_eq!(mask(b"acme_01", 4), "**** (under 8 characters)");
        assert_eq!(
            mask("a\u{1b}[2Jabcdefghijklmnop".as_bytes(), 4),
            "a**** (16 to 31 characters)"
        );
    }
}
