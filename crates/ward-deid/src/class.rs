//! What kinds of protected information there are, and counting them.

use ward_formats::placeholder::CLASSES;

/// The kind of a value that identifies somebody. One class per placeholder class, in the same
/// order as [`CLASSES`]; together they cover the eighteen identifiers of 45 CFR 164.514(b)(2)(i)
/// except biometrics and photographs, which are not text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Class {
    /// The name of a person, whole or in part.
    Name,
    /// The name of a place of care, an employer, a school.
    Facility,
    /// A street, city, district or postal code.
    Place,
    /// A date of something that happened to the patient.
    Day,
    /// A date of birth or death.
    Birth,
    /// An age over 89 years.
    Age,
    /// A telephone or fax number.
    Phone,
    /// An e-mail address.
    Email,
    /// A web address.
    Url,
    /// An internet address.
    Ip,
    /// A social security number.
    Ssn,
    /// A medical record number.
    Mrn,
    /// A health plan or insurance number.
    Plan,
    /// An account, card, visit or claim number.
    Account,
    /// A licence, certificate or passport number.
    Licence,
    /// A vehicle identifier or plate.
    Vehicle,
    /// A device identifier or serial number.
    Device,
    /// Any other identifying number or code.
    Id,
    /// Content that was not looked into.
    File,
    /// Text that must not pass as it stands and has no better class: a forged placeholder, a date
    /// without a place on the calendar.
    Text,
}

impl Class {
    /// Every class, in the order of [`CLASSES`].
    pub const ALL: [Class; 20] = [
        Class::Name,
        Class::Facility,
        Class::Place,
        Class::Day,
        Class::Birth,
        Class::Age,
        Class::Phone,
        Class::Email,
        Class::Url,
        Class::Ip,
        Class::Ssn,
        Class::Mrn,
        Class::Plan,
        Class::Account,
        Class::Licence,
        Class::Vehicle,
        Class::Device,
        Class::Id,
        Class::File,
        Class::Text,
    ];

    /// The word in a placeholder: `NAME`, `DAY`, ...
    #[must_use]
    pub fn label(self) -> &'static str {
        CLASSES.get(self.index()).copied().unwrap_or("TEXT")
    }

    /// The class whose [`label`](Class::label) is `label`.
    #[must_use]
    pub fn from_label(label: &str) -> Option<Class> {
        Class::ALL.into_iter().find(|class| class.label() == label)
    }

    /// Two or three words for people, in the singular.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Class::Name => "name",
            Class::Facility => "facility name",
            Class::Place => "address",
            Class::Day => "date",
            Class::Birth => "date of birth or death",
            Class::Age => "age over 89",
            Class::Phone => "phone number",
            Class::Email => "e-mail address",
            Class::Url => "web address",
            Class::Ip => "IP address",
            Class::Ssn => "social security number",
            Class::Mrn => "medical record number",
            Class::Plan => "health plan number",
            Class::Account => "account number",
            Class::Licence => "licence number",
            Class::Vehicle => "vehicle identifier",
            Class::Device => "device identifier",
            Class::Id => "identifier",
            Class::File => "file content",
            Class::Text => "other text",
        }
    }

    /// One sentence that says what is replaced and what stays.
    #[must_use]
    pub fn description(self) -> &'static str {
        match self {
            Class::Name => "Names of patients, relatives and staff, whole or in part.",
            Class::Facility => "Names of places of care, employers and schools.",
            Class::Place => "Streets, cities, districts and postal codes; a state or country alone stays.",
            Class::Day => "Dates more precise than a year; order and intervals are kept, a bare year stays.",
            Class::Birth => "Dates of birth and death, without their place on the calendar.",
            Class::Age => "Ages over 89 years; other ages stay.",
            Class::Phone => "Telephone and fax numbers.",
            Class::Email => "E-mail addresses.",
            Class::Url => "Web addresses.",
            Class::Ip => "Internet addresses, version 4 and 6.",
            Class::Ssn => "Social security numbers.",
            Class::Mrn => "Medical record numbers.",
            Class::Plan => "Health plan, member and insurance numbers.",
            Class::Account => "Account, card, visit and claim numbers.",
            Class::Licence => "Licence, certificate, passport and prescriber numbers.",
            Class::Vehicle => "Vehicle identification numbers and plates.",
            Class::Device => "Serial numbers and network addresses of devices.",
            Class::Id => "Any other identifying number or code.",
            Class::File => "Encoded content that was not looked into.",
            Class::Text => "Text that has no better class and must not pass: forged placeholders, unreadable dates.",
        }
    }

    /// Position in [`CLASSES`].
    pub(crate) fn index(self) -> usize {
        self as usize
    }
}

/// How many values of each class were found. Holds no value and may be shown to anybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    counts: [u32; Class::ALL.len()],
}

impl Tally {
    /// Counts one more of `class`.
    pub fn add(&mut self, class: Class) {
        if let Some(count) = self.counts.get_mut(class.index()) {
            *count = count.saturating_add(1);
        }
    }

    /// How many of `class`.
    #[must_use]
    pub fn get(&self, class: Class) -> u32 {
        self.counts.get(class.index()).copied().unwrap_or(0)
    }

    /// Every class that occurred, with its count.
    pub fn iter(&self) -> impl Iterator<Item = (Class, u32)> + '_ {
        Class::ALL.into_iter().zip(self.counts).filter(|(_, count)| *count > 0)
    }

    /// The sum over all classes.
    #[must_use]
    pub fn total(&self) -> u32 {
        self.counts.iter().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// Adds the counts of `other`.
    pub fn merge(&mut self, other: &Tally) {
        for (count, more) in self.counts.iter_mut().zip(other.counts) {
            *count = count.saturating_add(more);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_class_per_placeholder_class() {
        let labels: Vec<_> = Class::ALL.iter().map(|class| class.label()).collect();
        assert_eq!(labels, CLASSES);
        for (i, class) in Class::ALL.into_iter().enumerate() {
            assert_eq!(class.index(), i);
            assert_eq!(class.label(), format!("{class:?}").to_uppercase());
            assert_eq!(Class::from_label(class.label()), Some(class));
            assert!(!class.word().is_empty() && class.description().ends_with('.'));
        }
    }

    #[test]
    fn counts_and_merges() {
        let mut a = Tally::default();
        a.add(Class::Name);
        a.add(Class::Name);
        let mut b = Tally::default();
        b.add(Class::Day);
        a.merge(&b);
        assert_eq!(a.iter().collect::<Vec<_>>(), [(Class::Name, 2), (Class::Day, 1)]);
        assert_eq!((a.total(), a.get(Class::Name), a.get(Class::Url)), (3, 2, 0));
    }
}
