//! Which names of variables, fields and keys stand for patients' data or for secrets.

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sensitive {
    /// What identifies a patient, or is said of one.
    Phi,
    /// What opens a door.
    Secret,
}

/// Words (joined by `_`, in the singular) that stand for a patient's data when they end a name.
const PHI: &[&str] = &[
    "ssn",
    "social_security",
    "social_security_number",
    "mrn",
    "medical_record_number",
    "medical_record",
    "health_record",
    "patient_record",
    "patient_data",
    "patient_info",
    "patient_name",
    "patient_id",
    "patient_address",
    "patient_phone",
    "patient_email",
    "patient_note",
    "patient_history",
    "patient_text",
    "patient",
    "dob",
    "date_of_birth",
    "birth_date",
    "birthdate",
    "medical_history",
    "clinical_note",
    "clinical_text",
    "discharge_summary",
    "progress_note",
    "radiology_report",
    "insurance_number",
    "insurance_id",
    "member_id",
    "nhs_number",
    "phi",
    "fhir_bundle",
    "fhir_resource",
    "ehr",
];

/// Words that stand for a secret when they end a name.
const SECRETS: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "api_key",
    "apikey",
    "secret_key",
    "secret",
    "access_token",
    "auth_token",
    "bearer_token",
    "refresh_token",
    "session_token",
    "api_token",
    "hf_token",
    "private_key",
    "client_secret",
    "credential",
    "connection_string",
];

/// What a name stands for: `patient.date_of_birth`, `userPassword`, `HF_TOKEN`. Only its end counts: a `patient_count` is no
/// patient.
pub(super) fn of(name: &str) -> Option<Sensitive> {
    if name.len() > 80 {
        return None;
    }
    let words = words(name);
    let ends_with = |known: &&&str| words == **known || words.ends_with(&format!("_{known}"));
    if PHI.iter().any(|known| ends_with(&known)) {
        // `mean_patient`, `n_patient` and the like come from counts.
        let counted = [
            "n_", "num_", "per_", "max_", "min_", "no_", "total_", "is_", "has_", "show_",
        ];
        return (!counted.iter().any(|start| words.starts_with(start))).then_some(Sensitive::Phi);
    }
    if SECRETS.iter().any(|known| ends_with(&known)) {
        let said = [
            "no_", "is_", "has_", "use_", "require_", "missing_", "need_", "invalid_", "show_", "forgot_", "change_",
        ];
        return (!said.iter().any(|start| words.starts_with(start))).then_some(Sensitive::Secret);
    }
    None
}

/// The words of a name in lower case, joined by `_`, the last one in the singular.
fn words(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    let mut before = '_';
    for c in name.chars() {
        if c == '-' || c == ' ' {
            out.push('_');
        } else {
            if c.is_ascii_uppercase() && before.is_ascii_lowercase() {
                out.push('_');
            }
            out.push(c.to_ascii_lowercase());
        }
        before = c;
    }
    let trimmed = out.trim_matches('_').to_owned();
    match trimmed.strip_suffix('s') {
        Some(singular) if !singular.ends_with('s') && !singular.is_empty() => singular.to_owned(),
        _ => trimmed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_apart_by_their_ends() {
        for name in [
            "ssn",
            "patient_name",
            "patientName",
            "PATIENT_ID",
            "dob",
            "raw_clinical_notes",
            "patients",
            "mrn",
        ] {
            assert_eq!(of(name), Some(Sensitive::Phi), "{name}");
        }
        for name in [
            "password",
            "db_password",
            "OPENAI_API_KEY",
            "accessToken",
            "credentials",
            "secret",
        ] {
            assert_eq!(of(name), Some(Sensitive::Secret), "{name}");
        }
        for name in [
            "patience",
            "patient_count",
            "n_patients",
            "token",
            "tokens",
            "max_tokens",
            "password_field",
            "secret_name",
            "api_key_env",
            "key",
            "",
            "_",
            "s",
            "dobby",
            "delphi",
            "use_password",
        ] {
            assert_eq!(of(name), None, "{name}");
        }
    }
}
