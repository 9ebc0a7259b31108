//! The options of the profile (PS3.15 Annex E.3) and what they are called in a file (CID 7050).

/// What becomes of dates and times that Table E.1-1 lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Dates {
    /// Removed, emptied or replaced by a dummy, as the Basic Profile says.
    #[default]
    Removed,
    /// Moved by the subject's number of days; times of day stay. The Retain Longitudinal Temporal Information with
    /// Modified Dates Option. Needs [`Mode::Surrogate`](crate::Mode::Surrogate).
    Shifted,
    /// Kept. The Retain Longitudinal Temporal Information with Full Dates Option.
    Full,
}

/// Which options of the profile are used. The default is the Basic Profile with Clean Descriptors and Clean Structured
/// Content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Options {
    /// Clean Descriptors: descriptions and comments are kept after what identifies somebody was replaced in them. Otherwise
    /// they are removed.
    pub descriptors: bool,
    /// Clean Structured Content: the same for structured reports, acquisition context and specimen preparation. Otherwise
    /// the content of reports is replaced by dummies.
    pub structured: bool,
    /// Clean Graphics: the text of graphic annotations is cleaned. Overlays are bitmaps and go all the same, unless
    /// [`pixels_clean`](Options::pixels_clean) says that they hold nothing.
    pub graphics: bool,
    /// Retain Longitudinal Temporal Information, with full or modified dates.
    pub dates: Dates,
    /// Retain UIDs.
    pub uids: bool,
    /// Retain Device Identity.
    pub device: bool,
    /// Retain Institution Identity.
    pub institution: bool,
    /// Retain Patient Characteristics: age (at most 90 years), sex, size, weight and the like.
    pub patient: bool,
    /// Retain Safe Private: private attributes that are known to hold quantities (diffusion, SUV factors, pitch) stay when
    /// they hold numbers or terms.
    pub safe_private: bool,
    /// The caller declares that pixel data and overlays hold no identifying text. Ward does not clean pixels and never
    /// claims the Clean Pixel Data Option.
    pub pixels_clean: bool,
    /// Believe Burned In Annotation (0028,0301) where it says NO.
    pub trust_burned_in: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            descriptors: true,
            structured: true,
            ..Self::basic()
        }
    }
}

impl Options {
    /// The Basic Profile without any option.
    #[must_use]
    pub fn basic() -> Self {
        Self {
            descriptors: false,
            structured: false,
            graphics: false,
            dates: Dates::Removed,
            uids: false,
            device: false,
            institution: false,
            patient: false,
            safe_private: false,
            pixels_clean: false,
            trust_burned_in: false,
        }
    }

    /// The words of [`retain`](Options::retain).
    pub const RETAIN: &[&str] = &["uids", "device", "institution", "patient", "safe-private", "full-dates"];

    /// Uses the retain option of this name (one of [`RETAIN`](Options::RETAIN)); false when there is none.
    pub fn retain(&mut self, word: &str) -> bool {
        match word {
            "uids" => self.uids = true,
            "device" => self.device = true,
            "institution" => self.institution = true,
            "patient" => self.patient = true,
            "safe-private" => self.safe_private = true,
            "full-dates" => self.dates = Dates::Full,
            _ => return false,
        }
        true
    }

    /// The profile and its options as coded in De-identification Method Code Sequence (0012,0064): code value of the scheme
    /// DCM and code meaning, from DICOM PS3.16, CID 7050.
    pub fn codes(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let all = [
            (true, "113100", "Basic Application Confidentiality Profile"),
            (self.graphics, "113103", "Clean Graphics Option"),
            (self.structured, "113104", "Clean Structured Content Option"),
            (self.descriptors, "113105", "Clean Descriptors Option"),
            (
                self.dates == Dates::Full,
                "113106",
                "Retain Longitudinal Temporal Information Full Dates Option",
            ),
            (
                self.dates == Dates::Shifted,
                "113107",
                "Retain Longitudinal Temporal Information Modified Dates Option",
            ),
            (self.patient, "113108", "Retain Patient Characteristics Option"),
            (self.device, "113109", "Retain Device Identity Option"),
            (self.uids, "113110", "Retain UIDs Option"),
            (self.safe_private, "113111", "Retain Safe Private Option"),
            (self.institution, "113112", "Retain Institution Identity Option"),
        ];
        let used = all.into_iter().filter(|(used, ..)| *used);
        used.map(|(_, code, meaning)| (code, meaning))
    }

    /// Longitudinal Temporal Information Modified (0028,0303).
    pub(super) fn temporal(&self) -> &'static str {
        match self.dates {
            Dates::Removed => "REMOVED",
            Dates::Shifted => "MODIFIED",
            Dates::Full => "UNMODIFIED",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_have_codes_and_words() {
        let codes = |options: Options| options.codes().map(|(code, _)| code).collect::<Vec<_>>();
        assert_eq!(codes(Options::basic()), ["113100"]);
        assert_eq!(codes(Options::default()), ["113100", "113104", "113105"]);
        let mut all = Options::basic();
        assert!(Options::RETAIN.iter().all(|word| all.retain(word)) && !all.retain("pixels"));
        assert_eq!(
            codes(all),
            ["113100", "113106", "113108", "113109", "113110", "113111", "113112"]
        );
    }
}
