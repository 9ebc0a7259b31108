//! Patient data: `DATA-1` to `DATA-5`.

use crate::control::{Control, ControlId, PLANNED, Status};

/// Requests and records are de-identified.
pub const DATA_1A: ControlId = ControlId::new("DATA-1a");
/// Placeholders keep what medicine needs.
pub const DATA_1B: ControlId = ControlId::new("DATA-1b");
/// Values come back only to the one who asked.
pub const DATA_1C: ControlId = ControlId::new("DATA-1c");
/// Streaming changes nothing.
pub const DATA_1D: ControlId = ControlId::new("DATA-1d");
/// Values that were not in the request are withheld.
pub const DATA_1E: ControlId = ControlId::new("DATA-1e");
/// Free text without cues.
pub const DATA_1F: ControlId = ControlId::new("DATA-1f");
/// Images and device data.
pub const DATA_1G: ControlId = ControlId::new("DATA-1g");
/// Files and surrogates.
pub const DATA_1H: ControlId = ControlId::new("DATA-1h");
/// Text in images.
pub const DATA_1I: ControlId = ControlId::new("DATA-1i");
/// No clinical fact is lost.
pub const DATA_2A: ControlId = ControlId::new("DATA-2a");
/// What was left out is declared.
pub const DATA_2B: ControlId = ControlId::new("DATA-2b");
/// Header and current encounter are untouched.
pub const DATA_2C: ControlId = ControlId::new("DATA-2c");
/// The saving is measured.
pub const DATA_2D: ControlId = ControlId::new("DATA-2d");
/// Stored values are encrypted field by field.
pub const DATA_3A: ControlId = ControlId::new("DATA-3a");
/// Stored keys are guarded.
pub const DATA_3B: ControlId = ControlId::new("DATA-3b");
/// Data ends.
pub const DATA_4A: ControlId = ControlId::new("DATA-4a");
/// Data is erased on request.
pub const DATA_4B: ControlId = ControlId::new("DATA-4b");
/// Data is handed over on request.
pub const DATA_4C: ControlId = ControlId::new("DATA-4c");
/// An upstream sees only de-identified text.
pub const DATA_5A: ControlId = ControlId::new("DATA-5a");
/// Without an upstream nothing leaves the process.
pub const DATA_5B: ControlId = ControlId::new("DATA-5b");
/// Models run on the machine.
pub const DATA_5C: ControlId = ControlId::new("DATA-5c");

pub(super) const CONTROLS: &[Control] = &[
    Control {
        id: DATA_1A,
        clause: "DATA-1",
        title: "Requests and records are de-identified",
        statement: "Before anything answers, the names, dates, contacts, places and identifiers known from a record's \
            own demographics, and every match of the core patterns, are replaced by placeholders.",
        rationale: "What a model never saw it cannot repeat, store or leak.",
        status: Status::Stands,
        enforced_by: &[
            "`ward serve`",
            "`ward ask`",
            "ward-guard: deidentify",
            "ward-deid",
            "`ward mcp`",
            "`ward batch`",
        ],
        verified_by: &[
            "crates/ward/tests/e2e/upstream.rs::an_upstream_never_sees_who_the_patient_is",
            "crates/ward-deid/src/document/tests.rs::fhir_by_role",
            "crates/ward-deid/src/document/tests.rs::hl7_by_role",
            "crates/ward-deid/src/known/tests.rs::finds_names_in_every_spelling",
            "crates/ward-deid/src/recognisers.rs::every_recogniser_finds_its_examples_and_leaves_the_others",
            "crates/ward-serve/tests/gate/agents.rs::an_agent_sees_the_records_of_its_caller_without_names",
            "crates/ward/tests/e2e/mcp.rs::an_agent_sees_placeholders_and_no_values",
            "crates/ward/tests/e2e/batch.rs::every_record_is_a_row_and_what_was_not_examined_says_why",
        ],
    },
    Control {
        id: DATA_1B,
        clause: "DATA-1",
        title: "Placeholders keep what medicine needs",
        statement: "One value has one placeholder within a request, placeholders of days keep order and intervals, and a \
            text that looks like a placeholder is itself replaced, so that none can be forged.",
        rationale: "An answer about the wrong person or the wrong day is worse than none.",
        status: Status::Stands,
        enforced_by: &["ward-deid: pseudonyms"],
        verified_by: &[
            "crates/ward-deid/src/pseudonyms.rs::one_value_one_placeholder",
            "crates/ward-deid/src/pseudonyms.rs::days_keep_order_and_spelling",
            "crates/ward-deid/src/pseudonyms.rs::forged_placeholders_come_back_as_text",
        ],
    },
    Control {
        id: DATA_1C,
        clause: "DATA-1",
        title: "Values come back only to the one who asked",
        statement: "Values are put back exactly, and only into the answer to the request they came from; the table from \
            placeholders to values lives in memory for one request and is wiped; a placeholder that is not of \
            the request is left as it stands and counted.",
        rationale: "A table that is stored is the data it was to hide, and a value in the wrong answer is a leak.",
        status: Status::Stands,
        enforced_by: &["`ward serve`", "`ward ask`", "ward-guard: reidentify"],
        verified_by: &[
            "crates/ward-deid/src/pseudonyms.rs::restore_undoes_replace",
            "crates/ward-deid/src/restore.rs::counts_and_keeps_what_it_does_not_know",
            "crates/ward/tests/e2e/upstream.rs::the_client_gets_its_own_names_back_however_the_stream_is_cut",
        ],
    },
    Control {
        id: DATA_1D,
        clause: "DATA-1",
        title: "Streaming changes nothing",
        statement: "An answer restored piece by piece is the same, byte for byte, as the answer restored whole, however \
            it was cut.",
        rationale: "A placeholder cut in two must neither leak nor stay.",
        status: Status::Stands,
        enforced_by: &["`ward serve`", "ward-deid: the restorer"],
        verified_by: &[
            "crates/ward-deid/src/restore.rs::any_split_gives_the_same",
            "crates/ward-deid/src/restore.rs::every_split_in_two_and_three_gives_the_same",
            "crates/ward/tests/e2e/upstream.rs::the_client_gets_its_own_names_back_however_the_stream_is_cut",
        ],
    },
    Control {
        id: DATA_1E,
        clause: "DATA-1",
        title: "Values that were not in the request are withheld",
        statement: "Identifying numbers and contacts in an answer that were not in the request are withheld and counted, \
            however the stream was cut.",
        rationale: "A model can repeat what it learnt from somebody else.",
        status: Status::Stands,
        enforced_by: &["`ward serve`", "`ward ask`", "ward-guard: the answer"],
        verified_by: &[
            "crates/ward-deid/src/foreign.rs::withholds_foreign_values",
            "crates/ward-deid/src/foreign.rs::any_split_gives_the_same",
            "crates/ward/tests/e2e/upstream.rs::what_the_caller_may_not_see_is_stopped_or_withheld",
        ],
    },
    Control {
        id: DATA_1F,
        clause: "DATA-1",
        title: "Free text without cues",
        statement: "Names and places that free text mentions without any cue are found with a measured and published \
            recall.",
        rationale: "Patterns and demographics do not know the neighbour.",
        status: Status::Stands,
        enforced_by: &["`ward deid`", "`ward serve`", "ward-deid: the gazetteer"],
        verified_by: &[
            "crates/ward-deid/tests/coverage.rs::names",
            "crates/ward-deid/tests/coverage.rs::places",
            "crates/ward-deid/tests/synthetic.rs::notes",
            "crates/ward-deid/tests/synthetic.rs::queries",
        ],
    },
    Control {
        id: DATA_1G,
        clause: "DATA-1",
        title: "Device data",
        statement: "The attributes of DICOM files are de-identified as PS3.15 Table E.1-1 says, at any depth, and pixel \
            data that nobody declared clean is reported as not examined.",
        rationale: "A name on a scan is a name.",
        status: Status::Stands,
        enforced_by: &["`ward deid`", "ward-deid: dicom"],
        verified_by: &[
            "crates/ward-deid/tests/dicom/table.rs::every_row_of_the_basic_profile_in_every_encoding",
            "crates/ward-deid/tests/dicom/planted.rs::nothing_planted_is_left",
        ],
    },
    Control {
        id: DATA_1H,
        clause: "DATA-1",
        title: "Files and surrogates",
        statement: "`ward deid` de-identifies files of every supported kind, with tags or with realistic surrogates.",
        rationale: "Data for research leaves as files.",
        status: Status::Stands,
        enforced_by: &["`ward deid`"],
        verified_by: &[
            "crates/ward/tests/e2e/deid/results.rs::folders_keep_their_names_and_structure",
            "crates/ward/tests/e2e/deid/people.rs::surrogates_follow_from_key_tenant_and_patient",
            "crates/ward/tests/e2e/deid/results.rs::what_cannot_be_examined_is_named_and_nothing_of_it_is_written",
        ],
    },
    Control {
        id: DATA_1I,
        clause: "DATA-1",
        title: "Text in images",
        statement: "Text burnt into images is found and made unreadable.",
        rationale: "A name on a scan is a name.",
        ..PLANNED
    },
    Control {
        id: DATA_2A,
        clause: "DATA-2",
        title: "No clinical fact is lost",
        statement: "The facts of a compressed record are read again from the compressed text alone and compared with \
            those of the record; what cannot be proved equal is put back as it stood, or the record is sent \
            whole.",
        rationale: "Compression that loses an allergy is a danger to life.",
        status: Status::Stands,
        enforced_by: &[
            "`ward serve`",
            "`ward ask`",
            "ward-guard: compress",
            "ward-clinical",
            "`ward state`",
        ],
        verified_by: &[
            "crates/ward-clinical/tests/replay.rs::examples",
            "crates/ward-clinical/tests/replay.rs::corpus",
            "crates/ward-clinical/src/state/tests.rs::a_bundle_gives_the_same_state_again",
        ],
    },
    Control {
        id: DATA_2B,
        clause: "DATA-2",
        title: "What was left out is declared",
        statement: "Everything that compression leaves out is counted by kind, with the reason.",
        rationale: "A reader must know what they do not see.",
        status: Status::Stands,
        enforced_by: &["ward-clinical: compress"],
        verified_by: &["crates/ward-clinical/tests/behaviour.rs::writes_series_on_one_line"],
    },
    Control {
        id: DATA_2C,
        clause: "DATA-2",
        title: "Header and current encounter are untouched",
        statement: "The header and the newest encounter of a note pass compression bit by bit.",
        rationale: "What is decided today is decided on these words.",
        status: Status::Stands,
        enforced_by: &["ward-clinical: compress"],
        verified_by: &["crates/ward-clinical/tests/behaviour.rs::compresses_older_visits_only"],
    },
    Control {
        id: DATA_2D,
        clause: "DATA-2",
        title: "The saving is measured",
        statement: "The tokens saved and the facts kept are measured on published records with published commands.",
        rationale: "A ratio without a corpus means nothing.",
        status: Status::Stands,
        enforced_by: &["`cargo xtask scoreboard clinical`"],
        verified_by: &["`cargo xtask scoreboard clinical`"],
    },
    Control {
        id: DATA_3A,
        clause: "DATA-3",
        title: "Stored values are encrypted field by field",
        statement: "The vault encrypts every value under a key of its subject that can be destroyed, and finds it by a keyed hash.",
        rationale: "A copied database should hold nothing.",
        status: Status::Stands,
        enforced_by: &["`ward deid --vault`", "`ward vault`", "ward-seal: the vault"],
        verified_by: &[
            "crates/ward-seal/src/vault/tests.rs::a_flipped_byte_refuses_that_subject_alone",
            "crates/ward-seal/tests/vault.rs::no_row_is_lost_when_a_rotation_is_killed",
        ],
    },
    Control {
        id: DATA_3B,
        clause: "DATA-3",
        title: "Stored keys are guarded",
        statement: "The vault's master key is held by a key store or split among people, not by a file beside the data.",
        rationale: "Encryption moves the problem to the key.",
        ..PLANNED
    },
    Control {
        id: DATA_4A,
        clause: "DATA-4",
        title: "Data ends",
        statement: "Everything that Ward stores has an end date, and what has reached it is destroyed and recorded as \
            destroyed.",
        rationale: "What is not there cannot leak.",
        ..PLANNED
    },
    Control {
        id: DATA_4B,
        clause: "DATA-4",
        title: "Data is erased on request",
        statement: "`ward erase` destroys the keys of one person's data, in backups too, and proves it in the ledger.",
        rationale: "The law gives people this right.",
        ..PLANNED
    },
    Control {
        id: DATA_4C,
        clause: "DATA-4",
        title: "Data is handed over on request",
        statement: "Ward exports what it holds about one person in a form that machines can read.",
        rationale: "The law gives people this right too.",
        ..PLANNED
    },
    Control {
        id: DATA_5A,
        clause: "DATA-5",
        title: "An upstream sees only de-identified text",
        statement: "What is sent to an upstream is made from the de-identified and compressed text alone; no other value \
            of the program can become a prompt.",
        rationale: "What a cloud has seen cannot be taken back.",
        status: Status::Stands,
        enforced_by: &[
            "`ward serve --upstream`",
            "`ward ask --upstream`",
            "ward-guard: the types of the request path",
        ],
        verified_by: &[
            "crates/ward/tests/e2e/upstream.rs::an_upstream_never_sees_who_the_patient_is",
            "crates/ward/tests/e2e/upstream.rs::the_upstreams_key_goes_to_the_upstream_and_the_callers_does_not",
        ],
    },
    Control {
        id: DATA_5B,
        clause: "DATA-5",
        title: "Without an upstream nothing leaves the process",
        statement: "The built-in answerer runs inside the process and answers with quotes from the record.",
        rationale: "The safest cloud is none.",
        status: Status::Stands,
        enforced_by: &["`ward serve`", "`ward ask`", "ward-clinical: cite"],
        verified_by: &[
            "crates/ward/tests/e2e/ask.rs::quotes_stand_in_the_record_at_the_place_given",
            "crates/ward/tests/e2e/upstream.rs::an_upstream_that_is_not_there_is_said_plainly",
            "crates/ward-clinical/tests/replay.rs::examples",
        ],
    },
    Control {
        id: DATA_5C,
        clause: "DATA-5",
        title: "Models run on the machine",
        statement: "Ward runs language and vision models itself, in a sandboxed process without network.",
        rationale: "Quotes do not answer every question.",
        ..PLANNED
    },
];
