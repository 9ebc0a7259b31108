//! Value representations (PS3.5 section 6.2).

use std::fmt;

/// The value representation of an element: two capital letters.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Vr(pub [u8; 2]);

/// Those with a 32-bit length after two reserved bytes (PS3.5 table 7.1-1).
const LONG: &[&[u8; 2]] = &[
    b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV",
];

/// Those with a 16-bit length (PS3.5 table 7.1-2).
const SHORT: &[&[u8; 2]] = &[
    b"AE", b"AS", b"AT", b"CS", b"DA", b"DS", b"DT", b"FD", b"FL", b"IS", b"LO", b"LT", b"PN", b"SH", b"SL", b"SS",
    b"ST", b"TM", b"UI", b"UL", b"US",
];

impl Vr {
    /// Sequence of items.
    pub const SQ: Vr = Vr(*b"SQ");
    /// Unknown.
    pub const UN: Vr = Vr(*b"UN");

    /// One the standard defines.
    #[must_use]
    pub fn is_known(self) -> bool {
        LONG.contains(&&self.0) || SHORT.contains(&&self.0)
    }

    /// True when its length takes 32 bits. One that is not known does: those of later editions will (PS3.5 7.1.2).
    #[must_use]
    pub fn is_long(self) -> bool {
        !SHORT.contains(&&self.0)
    }

    /// The longest value in characters; `None` when only the length field bounds it, or it is no text.
    #[must_use]
    pub fn max_chars(self) -> Option<usize> {
        Some(match &self.0 {
            b"AE" | b"CS" | b"SH" | b"DS" => 16,
            b"LO" | b"PN" | b"UI" => 64,
            b"ST" => 1024,
            b"LT" => 10_240,
            b"AS" => 4,
            b"DA" => 8,
            b"TM" => 14,
            b"DT" => 26,
            b"IS" => 12,
            _ => return None,
        })
    }

    /// Text in the file's character set.
    #[must_use]
    pub fn is_text(self) -> bool {
        matches!(&self.0, b"LO" | b"LT" | b"PN" | b"SH" | b"ST" | b"UC" | b"UT")
    }

    /// Text in ASCII: codes, numbers, dates, UIDs, addresses.
    #[must_use]
    pub fn is_coded(self) -> bool {
        matches!(
            &self.0,
            b"AE" | b"AS" | b"CS" | b"DA" | b"DS" | b"DT" | b"IS" | b"TM" | b"UI" | b"UR"
        )
    }

    /// True when a backslash stands between values.
    #[must_use]
    pub fn is_many(self) -> bool {
        !matches!(&self.0, b"LT" | b"ST" | b"UT" | b"UR")
    }

    /// The byte that makes the length even.
    #[must_use]
    pub fn padding(self) -> u8 {
        if (self.is_text() || self.is_coded()) && self.0 != *b"UI" {
            b' '
        } else {
            0
        }
    }

    /// The two letters.
    #[must_use]
    pub fn letters(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("??")
    }
}

impl fmt::Display for Vr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.letters())
    }
}

impl fmt::Debug for Vr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.letters())
    }
}
