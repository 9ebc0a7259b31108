//! What the security policies of AI projects promise, in Ward's words.

use serde::Serialize;

/// A family of clauses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// Reports of vulnerabilities and what follows from them (`DIS`).
    Disclosure,
    /// The project's own code (`CODE`).
    Code,
    /// Keys, tokens and passwords (`SEC`).
    Secrets,
    /// Code of others (`DEP`).
    Dependencies,
    /// Model files, training data and what models do (`MOD`).
    Models,
    /// The running service (`RUN`).
    Service,
    /// What is known about patients (`DATA`).
    PatientData,
    /// Phones, workstations and medical devices (`DEV`).
    Devices,
    /// Laws and standards (`STD`).
    Standards,
}

impl Family {
    /// Every family, in the order of the catalogue.
    pub const ALL: [Family; 9] = [
        Family::Disclosure,
        Family::Code,
        Family::Secrets,
        Family::Dependencies,
        Family::Models,
        Family::Service,
        Family::PatientData,
        Family::Devices,
        Family::Standards,
    ];

    /// The letters before the number of its clauses.
    #[must_use]
    pub fn prefix(self) -> &'static str {
        match self {
            Family::Disclosure => "DIS",
            Family::Code => "CODE",
            Family::Secrets => "SEC",
            Family::Dependencies => "DEP",
            Family::Models => "MOD",
            Family::Service => "RUN",
            Family::PatientData => "DATA",
            Family::Devices => "DEV",
            Family::Standards => "STD",
        }
    }

    /// Its heading in a report.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Family::Disclosure => "Disclosure and response",
            Family::Code => "Code",
            Family::Secrets => "Secrets",
            Family::Dependencies => "Dependencies",
            Family::Models => "Models",
            Family::Service => "Running service",
            Family::PatientData => "Patient data",
            Family::Devices => "Devices",
            Family::Standards => "Standards",
        }
    }
}

/// One promise that security policies make. Its controls are what Ward does about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Clause {
    /// Its name, as in `DATA-1`.
    pub id: &'static str,
    /// Its family.
    pub family: Family,
    /// The promise in one sentence.
    pub promise: &'static str,
}

const fn clause(id: &'static str, family: Family, promise: &'static str) -> Clause {
    Clause { id, family, promise }
}

/// Every clause, in the order of the catalogue.
pub const CLAUSES: &[Clause] = &[
    clause(
        "DIS-1",
        Family::Disclosure,
        "Vulnerabilities are reported in private, and reporters know what to send.",
    ),
    clause(
        "DIS-2",
        Family::Disclosure,
        "Reports are acknowledged, assessed, fixed and published within stated times.",
    ),
    clause(
        "DIS-3",
        Family::Disclosure,
        "It is stated which versions get security fixes, and until when.",
    ),
    clause(
        "DIS-4",
        Family::Disclosure,
        "A fix reaches every supported version, its siblings are looked for, users are told.",
    ),
    clause(
        "DIS-5",
        Family::Disclosure,
        "Incidents are handled in order, from detection to what was learnt.",
    ),
    clause(
        "CODE-1",
        Family::Code,
        "Every change is examined by static analysis for security faults.",
    ),
    clause(
        "CODE-2",
        Family::Code,
        "The faults that only machine-learning code has are looked for too.",
    ),
    clause(
        "CODE-3",
        Family::Code,
        "Input reaches no interpreter, path or deserialiser unchecked.",
    ),
    clause(
        "CODE-4",
        Family::Code,
        "Types, quality and reviews are required before a change lands.",
    ),
    clause("CODE-5", Family::Code, "Faults are caught before they are committed."),
    clause(
        "SEC-1",
        Family::Secrets,
        "No credential stands in the code or anywhere in its history.",
    ),
    clause(
        "SEC-2",
        Family::Secrets,
        "Credentials come from the environment, and files that hold them are not committed.",
    ),
    clause(
        "SEC-3",
        Family::Secrets,
        "Keys are strong, differ between environments and are replaced.",
    ),
    clause(
        "DEP-1",
        Family::Dependencies,
        "Dependencies with known vulnerabilities are found on every change.",
    ),
    clause(
        "DEP-2",
        Family::Dependencies,
        "Versions are pinned, and updates are proposed.",
    ),
    clause(
        "DEP-3",
        Family::Dependencies,
        "Licences of dependencies are compatible with the project's.",
    ),
    clause(
        "DEP-4",
        Family::Dependencies,
        "What is downloaded is verified, and new dependencies are looked at.",
    ),
    clause(
        "MOD-1",
        Family::Models,
        "A model file that nobody vouches for cannot run code.",
    ),
    clause(
        "MOD-2",
        Family::Models,
        "Models come from trusted sources and are verified before they are loaded.",
    ),
    clause(
        "MOD-3",
        Family::Models,
        "Weights cannot be read, copied or changed by those who should not.",
    ),
    clause(
        "MOD-4",
        Family::Models,
        "Inputs made to mislead a model are expected and measured.",
    ),
    clause(
        "MOD-5",
        Family::Models,
        "Training data is not trusted before it was examined.",
    ),
    clause(
        "MOD-6",
        Family::Models,
        "A model cannot be copied, nor its training data recovered, through its answers.",
    ),
    clause(
        "MOD-7",
        Family::Models,
        "Bias, explanation and behaviour under change are measured and published.",
    ),
    clause(
        "MOD-8",
        Family::Models,
        "Text cannot attack the tokenizer or pass for its control tokens.",
    ),
    clause(
        "RUN-1",
        Family::Service,
        "Every endpoint knows who asks and what they may do.",
    ),
    clause("RUN-2", Family::Service, "Nobody can use more than their share."),
    clause("RUN-3", Family::Service, "Every input is checked before it is used."),
    clause(
        "RUN-4",
        Family::Service,
        "No request can exhaust memory, time or connections.",
    ),
    clause("RUN-5", Family::Service, "Errors and logs give nothing away."),
    clause(
        "RUN-6",
        Family::Service,
        "All traffic is encrypted and its ends are verified.",
    ),
    clause(
        "RUN-7",
        Family::Service,
        "Every access to data is recorded, and what is unusual is noticed.",
    ),
    clause(
        "RUN-8",
        Family::Service,
        "The service is reachable by few and reaches out to fewer.",
    ),
    clause("RUN-9", Family::Service, "What is lost can be brought back."),
    clause(
        "DATA-1",
        Family::PatientData,
        "Patients are not identifiable in what is analysed.",
    ),
    clause(
        "DATA-2",
        Family::PatientData,
        "A model is shown less of a record, and no clinical fact is lost.",
    ),
    clause(
        "DATA-3",
        Family::PatientData,
        "Patient data is encrypted where it is stored and where it travels.",
    ),
    clause(
        "DATA-4",
        Family::PatientData,
        "Data is kept no longer than needed, and is erased or handed over on request.",
    ),
    clause(
        "DATA-5",
        Family::PatientData,
        "Raw patient data stays on the machine where it is.",
    ),
    clause(
        "DEV-1",
        Family::Devices,
        "Keys and data on a device are guarded by what the device offers.",
    ),
    clause(
        "DEV-2",
        Family::Devices,
        "What runs on a device is signed, and tampering shows.",
    ),
    clause(
        "STD-1",
        Family::Standards,
        "It can be shown which demands of which standard are met.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clauses_are_numbered_from_one_within_their_family_and_families_stand_in_order() {
        assert!(CLAUSES.is_sorted_by_key(|clause| clause.family));
        for family in Family::ALL {
            let ids: Vec<_> = CLAUSES
                .iter()
                .filter(|c| c.family == family)
                .map(|c| c.id.to_owned())
                .collect();
            let expect: Vec<_> = (1..=ids.len()).map(|n| format!("{}-{n}", family.prefix())).collect();
            assert!(!ids.is_empty());
            assert_eq!(ids, expect);
        }
    }

    #[test]
    fn every_promise_is_a_sentence() {
        for clause in CLAUSES {
            assert!(
                clause.promise.ends_with('.') && clause.promise.len() > 20,
                "{}",
                clause.id
            );
        }
    }
}
