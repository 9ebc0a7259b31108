//! What promises are about, and which control each is bound to.

use ward_evidence::{ControlId, by_id};

/// One line a topic: its name in the code, its name in output, and the control that a promise about it is bound to.
macro_rules! topics {
    ($($(#[doc = $doc:literal])* $name:ident = $word:literal => $control:literal,)*) => {
        /// What a promise is about.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Topic {
            $($(#[doc = $doc])* $name,)*
        }

        impl Topic {
            /// Every topic, in the order of the catalogue.
            pub const ALL: &'static [Topic] = &[$(Topic::$name,)*];

            /// Its name in output: lower case, words joined by `-`.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Topic::$name => $word,)* }
            }

            /// The id of the control that a promise about it is bound to.
            fn control_id(self) -> &'static str {
                match self { $(Topic::$name => $control,)* }
            }
        }
    };
}

topics! {
    /// A private way to report.
    PrivateChannel = "private-channel" => "DIS-1a",
    /// Never report in public.
    NeverPublic = "never-public" => "DIS-1a",
    /// What a report must hold.
    ReportContents = "report-contents" => "DIS-1b",
    /// A security.txt.
    SecurityTxt = "security-txt" => "DIS-1c",
    /// How fast a report is acknowledged.
    Acknowledge = "acknowledge" => "DIS-2a",
    /// How fast it is assessed.
    Assess = "assess" => "DIS-2a",
    /// How fast a fault is fixed.
    Fix = "fix" => "DIS-2a",
    /// How often there is word.
    Updates = "updates" => "DIS-2a",
    /// When a fault is published; the embargo.
    Embargo = "embargo" => "DIS-2a",
    /// Which versions are supported, and until when.
    SupportedVersions = "supported-versions" => "DIS-3a",
    /// Affected versions are found.
    AffectedVersions = "affected-versions" => "DIS-4a",
    /// Siblings are looked for in the code.
    Siblings = "siblings" => "DIS-4a",
    /// Every supported version is fixed.
    FixEveryVersion = "fix-every-version" => "DIS-4a",
    /// Advisories are published.
    Advisory = "advisory" => "DIS-4b",
    /// Reporters are credited.
    Credit = "credit" => "DIS-4a",
    /// Safe harbour.
    SafeHarbour = "safe-harbour" => "DIS-4c",
    /// What is in scope, and what is not.
    Scope = "scope" => "DIS-4c",
    /// A bounty, or none.
    Bounty = "bounty" => "DIS-4c",
    /// Incidents are answered.
    IncidentResponse = "incident-response" => "DIS-5a",
    /// Static analysis.
    StaticAnalysis = "static-analysis" => "CODE-1a",
    /// Own rules for machine learning or language models.
    CustomRules = "custom-rules" => "CODE-2a",
    /// No injection; secure coding.
    Injection = "injection" => "CODE-3a",
    /// Types are checked.
    TypeCheck = "type-check" => "CODE-4a",
    /// Style and quality are checked.
    Lint = "lint" => "CODE-4a",
    /// Tests run on changes.
    Tests = "tests" => "CODE-4a",
    /// Fuzzing.
    Fuzzing = "fuzzing" => "CODE-4a",
    /// Changes are reviewed.
    Review = "review" => "CODE-4b",
    /// Code has owners.
    CodeOwners = "code-owners" => "CODE-4b",
    /// Branches are protected; checks are required.
    BranchProtection = "branch-protection" => "CODE-4b",
    /// Hooks before a commit.
    PreCommit = "pre-commit" => "CODE-5a",
    /// No secret in code; secrets are scanned for.
    SecretScan = "secret-scan" => "SEC-1a",
    /// The whole history is scanned for secrets.
    HistoryScan = "history-scan" => "SEC-1b",
    /// Credentials in the environment and in ignored files, never committed.
    EnvironmentFiles = "environment-files" => "SEC-2a",
    /// Keys are strong, unique, rotated.
    KeyRotation = "key-rotation" => "SEC-3a",
    /// Known-vulnerable dependencies are found.
    DependencyScan = "dependency-scan" => "DEP-1a",
    /// Versions are pinned.
    Pinning = "pinning" => "DEP-2a",
    /// Updates are proposed.
    UpdateBot = "update-bot" => "DEP-2b",
    /// Licences are compatible.
    Licences = "licences" => "DEP-3a",
    /// Downloads are verified by hash or signature.
    HashPinning = "hash-pinning" => "DEP-4a",
    /// A bill of materials.
    Sbom = "sbom" => "DEP-4b",
    /// Workflows are hardened: actions pinned, permissions small.
    WorkflowHardening = "workflow-hardening" => "DEP-4a",
    /// Commits, tags or releases are signed.
    SignedReleases = "signed-releases" => "DEP-4a",
    /// Images are built upon others that a digest names.
    ImageDigests = "image-digests" => "DEP-4a",
    /// Containers do not run as root.
    ContainerUser = "container-user" => "CODE-1a",
    /// Model files are loaded safely: `weights_only`, safetensors.
    SafeLoading = "safe-loading" => "MOD-1a",
    /// Models are verified by checksum or signature.
    ModelChecksums = "model-checksums" => "MOD-2a",
    /// Weights are kept in LFS and not in git.
    WeightsOutsideGit = "weights-outside-git" => "MOD-3b",
    /// Adversarial inputs.
    Adversarial = "adversarial" => "MOD-4a",
    /// Poisoned data.
    Poisoning = "poisoning" => "MOD-5a",
    /// Extraction and inversion of models.
    Extraction = "extraction" => "MOD-6a",
    /// Bias, explanations, robustness.
    Bias = "bias" => "MOD-7a",
    /// Tokenizers are validated; lengths are limited.
    Tokenizer = "tokenizer" => "MOD-8a",
    /// Endpoints need authentication; roles.
    Authentication = "authentication" => "RUN-1a",
    /// Rates are limited.
    RateLimit = "rate-limit" => "RUN-2a",
    /// Input is validated.
    InputValidation = "input-validation" => "RUN-3a",
    /// Resources are limited.
    ResourceLimits = "resource-limits" => "RUN-4a",
    /// Errors tell nothing; logs are masked.
    ErrorMasking = "error-masking" => "RUN-5a",
    /// TLS.
    Tls = "tls" => "RUN-6a",
    /// The check of certificates is never switched off.
    CertificateChecks = "certificate-checks" => "RUN-6a",
    /// Certificates are pinned.
    CertificatePinning = "certificate-pinning" => "RUN-6b",
    /// Accesses are logged; monitoring.
    AuditLog = "audit-log" => "RUN-7a",
    /// Networks are separated; nothing leaves the device.
    NetworkIsolation = "network-isolation" => "RUN-8a",
    /// Backups.
    Backup = "backup" => "RUN-9a",
    /// De-identification.
    Deidentification = "deidentification" => "DATA-1a",
    /// Less data goes to the model.
    Minimisation = "minimisation" => "DATA-2a",
    /// Data is encrypted at rest.
    EncryptionAtRest = "encryption-at-rest" => "DATA-3a",
    /// Retention, erasure, access of the data subject.
    Retention = "retention" => "DATA-4a",
    /// Data stays on the device.
    OnDevice = "on-device" => "DATA-5a",
    /// The platform's keystore.
    Keystore = "keystore" => "DEV-1a",
    /// Signed packages; tampering is noticed.
    AntiTampering = "anti-tampering" => "DEV-2a",
    /// Laws and standards.
    Standards = "standards" => "STD-1a",
}

impl Topic {
    /// The control that a promise about it is bound to.
    ///
    /// None only if the catalogue lost the control, which a test notices.
    #[must_use]
    pub fn control(self) -> Option<ControlId> {
        by_id(self.control_id()).map(|control| control.id)
    }

    /// The topic called `word`.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Topic> {
        Topic::ALL.iter().copied().find(|topic| topic.word() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_topic_has_a_control_and_a_name_of_its_own() {
        for topic in Topic::ALL {
            assert!(topic.control().is_some(), "{topic:?}");
            assert_eq!(Topic::from_word(topic.word()), Some(*topic));
        }
    }
}
