//! Private attributes that are known to hold quantities only: the Retain Safe Private Option (PS3.15 Annex E.3.10).

use ward_formats::dicom::{Tag, Vr};

/// A private attribute: group, creator, element within the creator's block, representation, what it is.
struct Safe(
    u16,
    &'static str,
    u8,
    [u8; 2],
    #[expect(dead_code, reason = "for the reader")] &'static str,
);

/// Attributes whose values are numbers or terms. Those of Table E.3.10-1 that hold text or UIDs are not kept: a number can
/// be checked, a text of a vendor's own cannot.
const SAFE: &[Safe] = &[
    Safe(0x0019, "GEMS_ACQU_01", 0x23, *b"DS", "Table Speed"),
    Safe(0x0019, "GEMS_ACQU_01", 0x24, *b"DS", "Mid Scan Time"),
    Safe(0x0019, "GEMS_ACQU_01", 0x27, *b"DS", "Rotation Speed"),
    Safe(0x0019, "SIEMENS MR HEADER", 0x0c, *b"IS", "B Value"),
    Safe(0x0019, "SIEMENS MR HEADER", 0x0d, *b"CS", "Diffusion Directionality"),
    Safe(
        0x0019,
        "SIEMENS MR HEADER",
        0x0e,
        *b"FD",
        "Diffusion Gradient Direction",
    ),
    Safe(0x0019, "SIEMENS MR HEADER", 0x27, *b"FD", "B Matrix"),
    Safe(0x0025, "GEMS_SERS_01", 0x07, *b"SL", "Images in Series"),
    Safe(0x0043, "GEMS_PARM_01", 0x27, *b"SH", "Scan Pitch Ratio, n.nnn:1"),
    Safe(0x0043, "GEMS_PARM_01", 0x6f, *b"DS", "Scanner Table Entry"),
    Safe(
        0x0045,
        "GEMS_HELIOS_01",
        0x01,
        *b"SS",
        "Number of Macro Rows in Detector",
    ),
    Safe(0x0045, "GEMS_HELIOS_01", 0x02, *b"FL", "Macro Width at ISO Center"),
    Safe(0x00e1, "ELSCINT1", 0x21, *b"DS", "DLP"),
    Safe(0x00e1, "ELSCINT1", 0x50, *b"DS", "Acquisition Duration"),
    Safe(0x01e1, "ELSCINT1", 0x26, *b"CS", "Phantom Type"),
    Safe(0x01f1, "ELSCINT1", 0x01, *b"CS", "Acquisition Type"),
    Safe(0x01f1, "ELSCINT1", 0x07, *b"DS", "Table Velocity"),
    Safe(0x01f1, "ELSCINT1", 0x26, *b"DS", "Pitch"),
    Safe(0x01f1, "ELSCINT1", 0x27, *b"DS", "Rotation Time"),
    Safe(0x0903, "GEIIS PACS", 0x10, *b"US", "Reject Image Flag"),
    Safe(0x0903, "GEIIS PACS", 0x11, *b"US", "Significant Flag"),
    Safe(0x0903, "GEIIS PACS", 0x12, *b"US", "Confidential Flag"),
    Safe(0x2001, "Philips Imaging DD 001", 0x03, *b"FL", "Diffusion B-Factor"),
    Safe(0x2001, "Philips Imaging DD 001", 0x04, *b"CS", "Diffusion Direction"),
    Safe(0x2005, "Philips MR Imaging DD 001", 0x0d, *b"FL", "Scale Intercept"),
    Safe(0x2005, "Philips MR Imaging DD 001", 0x0e, *b"FL", "Scale Slope"),
    Safe(0x7053, "Philips PET Private Group", 0x00, *b"DS", "SUV Factor"),
    Safe(
        0x7053,
        "Philips PET Private Group",
        0x09,
        *b"DS",
        "Activity Concentration Factor",
    ),
];

/// The blocks of a data set that belong to creators of safe attributes.
#[derive(Default)]
pub(super) struct Creators(Vec<(Tag, &'static str)>);

impl Creators {
    /// Takes note of a private creator element; true when it is one of those.
    pub(super) fn learn(&mut self, tag: Tag, value: &[u8]) -> bool {
        let name = value.trim_ascii_end();
        let safe = SAFE
            .iter()
            .find(|safe| safe.0 == tag.group() && safe.1.as_bytes() == name);
        match safe {
            Some(safe) if (0x10..=0xff).contains(&tag.element()) => {
                self.0.retain(|(other, _)| *other != tag);
                self.0.push((tag, safe.1));
                true
            }
            _ => false,
        }
    }

    /// The representation of a safe attribute; `None` for any other.
    pub(super) fn vr(&self, tag: Tag) -> Option<Vr> {
        let [block, element] = tag.element().to_be_bytes();
        let creator = Tag::new(tag.group(), u16::from(block));
        let (_, name) = self.0.iter().find(|(tag, _)| *tag == creator)?;
        let safe = SAFE
            .iter()
            .find(|safe| safe.0 == tag.group() && safe.1 == *name && safe.2 == element)?;
        Some(Vr(safe.3))
    }
}

/// True when a value is what a safe attribute holds: numbers, a ratio, a term, or nothing.
pub(super) fn holds(vr: Vr, value: &[u8]) -> bool {
    let size = match &vr.0 {
        b"US" | b"SS" => 2,
        b"SL" | b"FL" => 4,
        b"FD" => 8,
        _ => {
            let text = std::str::from_utf8(value).unwrap_or("?");
            let mut values = text.split('\\').map(|value| value.trim_matches([' ', '\0']));
            return values.all(|value| value.is_empty() || holds_text(vr, value));
        }
    };
    value.len().is_multiple_of(size) && value.len() <= 64 * size
}

fn holds_text(vr: Vr, value: &str) -> bool {
    match &vr.0 {
        b"CS" => {
            value.len() <= 16
                && value
                    .bytes()
                    .all(|b| b.is_ascii_uppercase() || matches!(b, b' ' | b'_'))
        }
        b"SH" => value.len() <= 16 && value.bytes().all(|b| matches!(b, b'0'..=b'9' | b'.' | b':')),
        // Shorter than the number of a person would be in most places; a fraction may be longer.
        _ => super::field::is_number(value) && (value.contains('.') || value.len() <= 6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn creators_own_their_blocks() {
        let mut creators = Creators::default();
        assert!(creators.learn(Tag(0x7053_0011), b"Philips PET Private Group "));
        assert!(!creators.learn(Tag(0x7053_0012), b"Zelda"));
        assert!(!creators.learn(Tag(0x0019_0011), b"Philips PET Private Group"));
        assert_eq!(creators.vr(Tag(0x7053_1100)), Some(Vr(*b"DS")));
        assert_eq!(creators.vr(Tag(0x7053_1109)), Some(Vr(*b"DS")));
        for other in [0x7053_1101, 0x7053_1000, 0x7053_1200, 0x0019_1100] {
            assert_eq!(creators.vr(Tag(other)), None);
        }
    }

    #[test]
    fn values_are_numbers_or_terms() {
        for (vr, value, expect) in [
            ("DS", &b"0.000123456789 "[..], true),
            ("DS", b"778899123", false),
            ("IS", b"1000", true),
            ("IS", b"Zelda", false),
            ("CS", b"DIRECTIONAL ", true),
            ("CS", b"AB778899", false),
            ("SH", b"0.984:1", true),
            ("SH", b"Quill", false),
            ("FD", &[0; 24], true),
            ("FD", b"Zelda", false),
        ] {
            let vr = Vr(vr.as_bytes().try_into().unwrap());
            assert_eq!(holds(vr, value), expect, "{vr} {value:?}");
        }
    }
}
