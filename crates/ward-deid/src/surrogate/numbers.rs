//! Stand-ins for numbers and codes.

use super::draw::Draw;
use crate::Class;
use crate::removal::{drawn_oid, is_oid, is_uuid};

/// Characters of tokens: what is not mistaken for one another.
const TOKEN: &[u8; 30] = b"23456789abcdefghjkmnpqrstvwxyz";

/// A code of the same shape: every digit a digit, every letter a letter of the same case, the rest as it is. By FF1
/// where the shape has a million codes; below, a token without shape. An object identifier becomes another one.
pub(super) fn code(draw: &Draw, class: Class, value: &str, attempt: u32) -> Option<String> {
    if value.chars().any(|c| c.is_alphanumeric() && !c.is_ascii()) {
        return None;
    }
    if class == Class::Id && is_oid(value) {
        return Some(drawn_oid(&draw.bits("object identifier", value, attempt)));
    }
    let hexadecimal = is_uuid(value) || is_mac(value);
    let radix = |c: char| match c {
        _ if hexadecimal && c.is_ascii_hexdigit() => 16,
        '0'..='9' => 10,
        'a'..='z' | 'A'..='Z' => 26,
        _ => 1,
    };
    let size = value.chars().try_fold(1_u128, |size, c| size.checked_mul(radix(c)));
    // Half of a number must fit FF1's arithmetic; UUIDs and vehicle numbers do.
    let Some(size) = size.filter(|size| *size <= 1 << 120) else {
        return Some(stream(draw, class, value, attempt, hexadecimal));
    };
    let rank = value
        .chars()
        .fold(0_u128, |rank, c| rank * radix(c) + digit(c, radix(c)));
    let tweak = format!("{} {attempt}", class.label());
    let Some(mut rank) = draw.permute(&tweak, rank, size) else {
        return Some(token(draw, class, value, attempt));
    };
    let mut out: Vec<char> = value.chars().collect();
    for c in out.iter_mut().rev() {
        let radix = radix(*c);
        *c = symbol(rank % radix, radix, *c);
        rank /= radix;
    }
    Some(out.into_iter().collect())
}

/// The same shape, every character drawn: for codes too long to be one number.
fn stream(draw: &Draw, class: Class, value: &str, attempt: u32, hexadecimal: bool) -> String {
    let mut bits = [0; 32];
    let mut block = 0_u32;
    let mut out = String::with_capacity(value.len());
    for (i, c) in value.chars().enumerate() {
        if i % 32 == 0 {
            bits = draw.bits(&format!("{} {attempt}", class.label()), value, block);
            block += 1;
        }
        let radix = match c {
            _ if hexadecimal && c.is_ascii_hexdigit() => 16,
            '0'..='9' => 10,
            'a'..='z' | 'A'..='Z' => 26,
            _ => 1,
        };
        out.push(symbol(u128::from(bits[i % 32]) % radix, radix, c));
    }
    out
}

/// Nine characters without a shape, in the case of the value's letters.
fn token(draw: &Draw, class: Class, value: &str, attempt: u32) -> String {
    let bits = draw.bits(&format!("token {}", class.label()), value, attempt);
    let token: String = bits
        .iter()
        .take(9)
        .map(|b| char::from(TOKEN[usize::from(*b) % TOKEN.len()]))
        .collect();
    if value.bytes().any(|b| b.is_ascii_lowercase()) {
        token
    } else {
        token.to_ascii_uppercase()
    }
}

fn digit(c: char, radix: u128) -> u128 {
    match (radix, c) {
        (1, _) => 0,
        (26, _) => u128::from(u32::from(c.to_ascii_lowercase()) - u32::from('a')),
        _ => u128::from(c.to_digit(16).unwrap_or(0)),
    }
}

fn symbol(digit: u128, radix: u128, like: char) -> char {
    let digit = u32::try_from(digit).unwrap_or(0);
    let new = match radix {
        1 => return like,
        26 => char::from_u32(u32::from('a') + digit).unwrap_or('a'),
        _ => char::from_digit(digit, 16).unwrap_or('0'),
    };
    if like.is_ascii_uppercase() {
        new.to_ascii_uppercase()
    } else {
        new
    }
}

/// Six pairs of hexadecimal digits.
fn is_mac(value: &str) -> bool {
    value.len() == 17
        && value.bytes().enumerate().all(|(i, b)| {
            if i % 3 == 2 {
                matches!(b, b':' | b'-')
            } else {
                b.is_ascii_hexdigit()
            }
        })
}

/// A social security number that was never issued: it begins with 9, and its middle is none of those of taxpayer
/// numbers (50 to 65, 70 to 88, 90 to 92, 94 to 99). The last four alone, or other parts of one, are drawn.
pub(super) fn ssn(draw: &Draw, value: &str, attempt: u32) -> Option<String> {
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    let new = if digits.len() == 9 {
        let number = draw.number("ssn", &digits, attempt, 100 * 49 * 9_999);
        format!(
            "9{:02}{:02}{:04}",
            number / (49 * 9_999),
            number / 9_999 % 49 + 1,
            number % 9_999 + 1
        )
    } else {
        drawn_digits(draw, "ssn", &digits, attempt)
    };
    Some(with_digits(value, &new))
}

/// As many digits, drawn.
fn drawn_digits(draw: &Draw, purpose: &str, digits: &str, attempt: u32) -> String {
    let bits = draw.bits(purpose, digits, attempt);
    let digit = |(i, _)| char::from(b'0' + bits.get(i % 32).copied().unwrap_or(0) % 10);
    digits.chars().enumerate().map(digit).collect()
}

/// `value` with its digits replaced, one after the other.
fn with_digits(value: &str, digits: &str) -> String {
    let mut next = digits.chars();
    value
        .chars()
        .map(|c| {
            if c.is_ascii_digit() {
                next.next().unwrap_or(c)
            } else {
                c
            }
        })
        .collect()
}

/// A telephone number in a range that belongs to nobody, where the shape has one:
///
/// - North America: 555-0100 to 555-0199, the numbers the plan keeps for fiction.
/// - Great Britain: (0)20 7946 0000 to 0999; Germany: (0)30 23125 000 to 999; France: (0)1 99 00 00 00 to 99 99;
///   Australia: (0)2 5550 0000 to 9999: those the regulators keep for drama.
///
/// Other numbers keep their shape and country and get drawn digits. An extension is drawn.
pub(super) fn phone(draw: &Draw, value: &str, attempt: u32) -> Option<String> {
    let cut = value
        .find(|c: char| c.is_alphabetic() || c == '#')
        .unwrap_or(value.len());
    let (main, extension) = value.split_at_checked(cut)?;
    let digits: String = main.chars().filter(char::is_ascii_digit).collect();
    if digits.is_empty() {
        return None;
    }
    let number = |below| draw.number("phone", &digits, attempt, below);
    let new = match (main.trim_start().starts_with('+'), digits.len()) {
        (_, 11) if digits.starts_with('1') => format!("1{}", north_american(draw, &digits, attempt)),
        (false, 10) if !digits.starts_with('0') => north_american(draw, &digits, attempt),
        (false, 7) => format!("55501{:02}", number(100)),
        (true, 12) if digits.starts_with("44") => format!("442079460{:03}", number(1_000)),
        (false, 11) if digits.starts_with("02") => format!("02079460{:03}", number(1_000)),
        (true, 12) if digits.starts_with("49") => format!("493023125{:03}", number(1_000)),
        (false, 11) if digits.starts_with("030") => format!("03023125{:03}", number(1_000)),
        (true, 11) if digits.starts_with("33") => format!("331990{:05}", number(100_000)),
        (false, 10) if digits.starts_with("01") => format!("01990{:05}", number(100_000)),
        (true, 11) if digits.starts_with("61") => format!("6125550{:04}", number(10_000)),
        (true, len) if len > 4 => {
            let (country, rest) = digits.split_at_checked(2)?;
            format!("{country}{}", drawn_digits(draw, "phone", rest, attempt))
        }
        _ => drawn_digits(draw, "phone", &digits, attempt),
    };
    let tail: String = extension.chars().filter(char::is_ascii_digit).collect();
    let extension = with_digits(extension, &drawn_digits(draw, "extension", &tail, attempt));
    Some(with_digits(main, &new) + &extension)
}

/// Ten digits: an area code, 555, and 0100 to 0199. Area codes run from 201 to 989 and end in no 11.
fn north_american(draw: &Draw, digits: &str, attempt: u32) -> String {
    let number = draw.number("phone", digits, attempt, 780 * 100);
    let mut area = 201 + number / 100;
    if area % 100 == 11 {
        area += 1;
    }
    format!("{area}55501{:02}", number % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str) -> String {
        text.chars()
            .map(|c| match c {
                '0'..='9' => '9',
                'a'..='z' => 'a',
                'A'..='Z' => 'A',
                c => c,
            })
            .collect()
    }

    #[test]
    fn codes_keep_their_shape() {
        let draw = Draw::new(&[3; 32]);
        for value in [
            "778899",
            "AB-778899",
            "1HGCM82633A004352",
            "4111 1111 1111 1111",
            "xY-12345678",
        ] {
            let new = code(&draw, Class::Mrn, value, 0).unwrap();
            assert_eq!(shape(&new), shape(value));
            assert_ne!(new, value);
            assert_ne!(code(&draw, Class::Mrn, value, 1), Some(new.clone()));
            assert_ne!(code(&draw, Class::Account, value, 0), Some(new));
        }
        let uuid = code(&draw, Class::Id, "c24d03a5-85ce-4ab0-9ef0-1385b673bca1", 0).unwrap();
        assert!(is_uuid(&uuid));
        let oid = code(&draw, Class::Id, "1.3.6.1.4.1.9999.77.4411", 0).unwrap();
        assert!(
            oid.strip_prefix("2.25.").is_some_and(|n| n.parse::<u128>().is_ok()),
            "{oid}"
        );
        assert!(is_mac(&code(&draw, Class::Device, "00:1A:2B:3C:4D:5E", 0).unwrap()));
        let short = code(&draw, Class::Id, "p-1", 0).unwrap();
        assert!(short.len() == 9 && short.chars().all(|c| c.is_ascii_alphanumeric()));
        assert_eq!(code(&draw, Class::Id, "é1", 0), None);
        assert_eq!(code(&draw, Class::Id, &"A1".repeat(200), 0).unwrap().len(), 400);
    }

    #[test]
    fn numbers_belong_to_nobody() {
        for key in 0..40 {
            let draw = Draw::new(&[key; 32]);
            let new = ssn(&draw, "123-45-6789", 0).unwrap();
            assert_eq!((new.len(), &new[..1], &new[3..4]), (11, "9", "-"));
            assert!((1..=49).contains(&new[4..6].parse::<u32>().unwrap()) && &new[7..] != "0000");
            for (value, start) in [
                ("(617) 678-1234", None),
                ("617.678.1234 x12", None),
                ("+1 617 678 1234", Some("+1 ")),
                ("678-1234", Some("555-01")),
                ("+44 20 7946 0123", Some("+44 20 7946 0")),
                ("+49 89 12345678", Some("+49 30 23125")),
                ("+48 601 234 567", Some("+48 ")),
            ] {
                let new = phone(&draw, value, 0).unwrap();
                assert_eq!(shape(&new), shape(value));
                assert!(start.is_none_or(|start| new.starts_with(start)), "{new}");
                if start.is_none_or(|start| start == "+1 ") {
                    let digits: String = new.chars().filter(char::is_ascii_digit).collect();
                    assert!(digits.contains("55501"), "{new}");
                }
            }
        }
    }
}
