//! One number, one class: what a field calls a medical record number and the text beside it only an identifier is the same
//! number, and gets one stand-in.

use std::collections::HashMap;

use crate::hidden::Hidden;
use crate::seeded::Seeded;
use crate::{Class, fold};

/// Of each number of a subject, the class it was first found as.
#[derive(Default)]
pub(crate) struct SameNumbers(HashMap<Hidden, Class, Seeded>);

impl SameNumbers {
    /// The class of `value`, found as a `class` now. What is only an identifier is whatever else it was found as first, and
    /// the other way round; an account and a record number with the same figures are two.
    pub(crate) fn class(&mut self, class: Class, value: &str) -> Class {
        let numbered = matches!(
            class,
            Class::Ssn | Class::Mrn | Class::Plan | Class::Account | Class::Licence | Class::Device | Class::Id
        );
        let id = if numbered {
            fold::identifier(value)
        } else {
            String::new()
        };
        if id.is_empty() {
            return class;
        }
        let first = *self.0.entry(Hidden::new(&id)).or_insert(class);
        if class == Class::Id || first == Class::Id {
            first
        } else {
            class
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Deidentifier, Mode};

    #[test]
    fn one_number_one_stand_in() {
        for mode in Mode::ALL {
            for (first, second) in [
                (Class::Mrn, Class::Id),
                (Class::Id, Class::Mrn),
                (Class::Plan, Class::Id),
            ] {
                let mut deid = Deidentifier::new(mode, [7; 32]);
                let stand_in = deid.value(first, "AB-4482913");
                assert_eq!(deid.value(second, "AB-4482913"), stand_in, "{mode:?} {first:?}");
                let mut later = Deidentifier::from_rows(mode, [7; 32], &deid.rows());
                if mode != Mode::Remove {
                    assert_eq!(later.value(second, "AB-4482913"), stand_in, "{mode:?} {first:?}");
                }
                assert_ne!(deid.value(second, "AB-4482914"), stand_in);
            }
        }
        let mut same = SameNumbers::default();
        assert_eq!(same.class(Class::Mrn, "4482913"), Class::Mrn);
        assert_eq!(same.class(Class::Account, "4482913"), Class::Account);
        assert_eq!(same.class(Class::Phone, "4482913"), Class::Phone);
        assert_eq!(same.class(Class::Id, "448-2913"), Class::Mrn);
    }
}
