//! When a certificate ends.
//!
//! Reads as much of X.509 as stands before that date: `Certificate { TBSCertificate { [0] version, serialNumber, signature,
//! issuer, Validity { notBefore, notAfter } ..`. Source: RFC 5280, 4.1; DER as in X.690.

/// When the certificate in DER ends, milliseconds since 1970 UTC. None when it cannot be read.
pub(super) fn ends_unix_ms(der: &[u8]) -> Option<u64> {
    let (_, certificate, _) = element(der)?;
    let (_, mut rest, _) = element(certificate)?;
    let (tag, _, after) = element(rest)?;
    if tag == VERSION {
        rest = after;
    }
    // Serial number, signature, issuer.
    for _ in 0..3 {
        rest = element(rest)?.2;
    }
    let (_, validity, _) = element(rest)?;
    let (_, _, after) = element(validity)?;
    let (tag, time, _) = element(after)?;
    let digits = std::str::from_utf8(time).ok()?.strip_suffix('Z')?;
    let whole;
    let digits = match (tag, digits.len()) {
        // RFC 5280, 4.1.2.5.1: two digits of a year from 1950 to 2049.
        (UTC_TIME, 12) => {
            whole = format!("{}{digits}", if digits < "50" { "20" } else { "19" });
            &whole
        }
        (GENERALIZED_TIME, 14) => digits,
        _ => return None,
    };
    let part = |from: usize, to: usize| digits.get(from..to)?.parse::<u64>().ok();
    let (year, month, day) = (part(0, 4)?, part(4, 6)?, part(6, 8)?);
    let seconds = part(8, 10)? * 3600 + part(10, 12)? * 60 + part(12, 14)?;
    if !(1970..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
    let shifted_year = if month <= 2 { year - 1 } else { year };
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let year_of_era = shifted_year % 400;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    let days = (shifted_year / 400) * 146_097 + day_of_era - 719_468;
    Some((days * 86_400 + seconds) * 1000)
}

const VERSION: u8 = 0xa0;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// One element: its tag, its content, and what follows it.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = der.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let count = usize::from(first & 0x7f);
        if count == 0 || count > 4 {
            return None;
        }
        let (bytes, rest) = rest.split_at_checked(count)?;
        let length = bytes.iter().fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte));
        (length, rest)
    };
    let (content, after) = rest.split_at_checked(length)?;
    Some((tag, content, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn certificate(year: i32, month: u8, day: u8) -> Vec<u8> {
        let key = rcgen::KeyPair::generate().unwrap();
        let mut params = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        params.not_before = rcgen::date_time_ymd(1990, 1, 1);
        params.not_after = rcgen::date_time_ymd(year, month, day);
        params.self_signed(&key).unwrap().der().to_vec()
    }

    #[test]
    fn reads_the_end() {
        const DAY: u64 = 86_400_000;
        for (date, days) in [
            ((1970, 1, 1), 0),
            ((2000, 2, 29), 11_016),
            ((2026, 11, 22), 20_779),
            ((2050, 1, 1), 29_220),
            ((2400, 2, 29), 157_113),
        ] {
            assert_eq!(
                ends_unix_ms(&certificate(date.0, date.1, date.2)),
                Some(days * DAY),
                "{date:?}"
            );
        }
    }

    #[test]
    fn half_a_certificate_has_no_end_and_no_panic() {
        let whole = certificate(2030, 1, 1);
        for cut in 0..whole.len() {
            let _ = ends_unix_ms(&whole[..cut]);
            let mut changed = whole.clone();
            changed[cut] ^= 0x80;
            let _ = ends_unix_ms(&changed);
        }
    }
}
