//! The running service: `RUN-1` to `RUN-9`.

use crate::control::{Control, ControlId, PLANNED, Status};

/// Every address asks for a key.
pub const RUN_1A: ControlId = ControlId::new("RUN-1a");
/// Roles decide what a key may do.
pub const RUN_1B: ControlId = ControlId::new("RUN-1b");
/// Identities from an identity provider.
pub const RUN_1C: ControlId = ControlId::new("RUN-1c");
/// Rates are limited.
pub const RUN_2A: ControlId = ControlId::new("RUN-2a");
/// Tokens and compute are limited.
pub const RUN_2B: ControlId = ControlId::new("RUN-2b");
/// Requests are validated strictly.
pub const RUN_3A: ControlId = ControlId::new("RUN-3a");
/// Sizes and depths are limited.
pub const RUN_3B: ControlId = ControlId::new("RUN-3b");
/// Records are data, and the prompt stays inside.
pub const RUN_3C: ControlId = ControlId::new("RUN-3c");
/// Hidden instructions are looked for.
pub const RUN_3D: ControlId = ControlId::new("RUN-3d");
/// Images are decoded apart.
pub const RUN_3E: ControlId = ControlId::new("RUN-3e");
/// Bodies and times are limited.
pub const RUN_4A: ControlId = ControlId::new("RUN-4a");
/// Inference has budgets.
pub const RUN_4B: ControlId = ControlId::new("RUN-4b");
/// Resources are watched.
pub const RUN_4C: ControlId = ControlId::new("RUN-4c");
/// Errors give nothing away.
pub const RUN_5A: ControlId = ControlId::new("RUN-5a");
/// Logs give nothing away.
pub const RUN_5B: ControlId = ControlId::new("RUN-5b");
/// Memory gives nothing away.
pub const RUN_5C: ControlId = ControlId::new("RUN-5c");
/// The listener speaks only TLS.
pub const RUN_6A: ControlId = ControlId::new("RUN-6a");
/// The upstream is verified.
pub const RUN_6B: ControlId = ControlId::new("RUN-6b");
/// Clients can be verified.
pub const RUN_6C: ControlId = ControlId::new("RUN-6c");
/// Certificates can be pinned.
pub const RUN_6D: ControlId = ControlId::new("RUN-6d");
/// Every request is recorded before its answer leaves.
pub const RUN_7A: ControlId = ControlId::new("RUN-7a");
/// The ledger cannot be changed unnoticed.
pub const RUN_7B: ControlId = ControlId::new("RUN-7b");
/// Refusals are recorded.
pub const RUN_7C: ControlId = ControlId::new("RUN-7c");
/// What is unusual raises an alert.
pub const RUN_7D: ControlId = ControlId::new("RUN-7d");
/// Others can witness the ledger.
pub const RUN_7E: ControlId = ControlId::new("RUN-7e");
/// Only this machine can connect by default.
pub const RUN_8A: ControlId = ControlId::new("RUN-8a");
/// Ward connects to the named upstream and nothing else.
pub const RUN_8B: ControlId = ControlId::new("RUN-8b");
/// The model runs in a sandbox.
pub const RUN_8C: ControlId = ControlId::new("RUN-8c");
/// Backups can be made.
pub const RUN_9A: ControlId = ControlId::new("RUN-9a");
/// Backups are known to work.
pub const RUN_9B: ControlId = ControlId::new("RUN-9b");

pub(super) const CONTROLS: &[Control] = &[
    Control {
        id: RUN_1A,
        clause: "RUN-1",
        title: "Every address asks for a key",
        statement: "A request without a valid API key is refused with 401 at every address, also at those that do not \
            exist, and who does not hold a key learns nothing about which keys exist.",
        rationale: "One endpoint that forgot to ask is enough.",
        status: Status::Stands,
        enforced_by: &["`ward serve`", "ward-serve: identity and the table of routes"],
        verified_by: &[
            "crates/ward/tests/e2e/routes.rs::every_route_asks_every_key",
            "crates/ward/tests/e2e/routes.rs::there_is_no_way_round",
            "crates/ward-serve/tests/gate/agents.rs::a_session_is_its_callers_and_ends",
        ],
    },
    Control {
        id: RUN_1B,
        clause: "RUN-1",
        title: "Roles decide what a key may do",
        statement: "Every route names the permission it needs, every key has one role, and a key without the permission \
            is refused with 403.",
        rationale: "A key for asking questions must not read the ledger.",
        status: Status::Stands,
        enforced_by: &["`ward serve`", "`ward key new`", "ward-serve: the table of routes"],
        verified_by: &[
            "crates/ward/tests/e2e/routes.rs::every_route_asks_every_key",
            "crates/ward-serve/tests/gate/agents.rs::policies_decide_about_agents_too",
        ],
    },
    Control {
        id: RUN_1C,
        clause: "RUN-1",
        title: "Identities from an identity provider",
        statement: "Ward accepts OpenID Connect tokens of a named issuer and maps their claims to roles.",
        rationale: "A hospital has one place where people are switched off.",
        status: Status::Stands,
        enforced_by: &["`ward serve`", "ward-serve: identity"],
        verified_by: &[
            "crates/ward-serve/tests/gate/known.rs::tokens_of_the_issuer_are_taken_and_no_others",
            "crates/ward-serve/tests/gate/known.rs::a_sign_in_must_be_as_strong_and_as_late_as_is_asked_for",
            "crates/ward-serve/tests/gate/known.rs::an_issuers_keys_change_under_requests_in_flight",
        ],
    },
    Control {
        id: RUN_2A,
        clause: "RUN-2",
        title: "Rates are limited",
        statement: "Requests beyond the rate of a key or a route are refused with 429 and the time after which to try \
            again.",
        rationale: "One client in a loop must not stop the others.",
        status: Status::Stands,
        enforced_by: &["`ward serve`"],
        verified_by: &[
            "crates/ward-serve/tests/gate/limits.rs::requests_are_counted_by_key",
            "crates/ward-serve/src/quota.rs::limits_hold_at_their_border_under_concurrency",
        ],
    },
    Control {
        id: RUN_2B,
        clause: "RUN-2",
        title: "Tokens and compute are limited",
        statement: "Every key can have a budget of tokens and of compute time; once it is spent, the next request is refused \
            before the model runs.",
        rationale: "Long requests cost more than many.",
        status: Status::Stands,
        enforced_by: &["`ward serve`"],
        verified_by: &["crates/ward-serve/tests/gate/limits.rs::tokens_and_compute_are_budgets"],
    },
    Control {
        id: RUN_3A,
        clause: "RUN-3",
        title: "Requests are validated strictly",
        statement: "A request body that is not what the interface defines is refused with 400 naming the field: unknown \
            fields, wrong types, duplicate keys and values out of range.",
        rationale: "What a validator ignores, a later stage may obey.",
        status: Status::Stands,
        enforced_by: &["`ward serve`", "ward-guard: admit"],
        verified_by: &[
            "crates/ward/tests/e2e/limits.rs::bodies_are_read_strictly_and_every_refusal_is_on_the_ledger",
            "crates/ward-serve/src/openai/request.rs::refuses_the_rest_by_name",
            "crates/ward-serve/tests/gate/agents.rs::what_is_no_message_is_refused",
        ],
    },
    Control {
        id: RUN_3B,
        clause: "RUN-3",
        title: "Sizes and depths are limited",
        statement: "Every parser works within a budget of bytes, depth and items, and refuses what exceeds it without \
            reading it to the end.",
        rationale: "A small body can describe a large structure.",
        status: Status::Stands,
        enforced_by: &["`ward serve`", "`ward ask`", "ward-formats: Budget"],
        verified_by: &[
            "crates/ward-formats/src/json/parse.rs::keeps_to_the_budget",
            "crates/ward/tests/e2e/limits.rs::the_body_limit_holds_at_its_border",
        ],
    },
    Control {
        id: RUN_3C,
        clause: "RUN-3",
        title: "Records are data, and the prompt stays inside",
        statement: "A record reaches a model between marks drawn at random for the request, declared to be data and not \
            instructions; an answer that repeats the secret mark of its prompt is stopped, however the stream \
            was cut.",
        rationale: "A record that could close its own fence could speak as Ward, and a prompt that was given away can be \
            taken apart.",
        status: Status::Stands,
        enforced_by: &["`ward serve`", "`ward ask`", "ward-guard: compress and the answer"],
        verified_by: &[
            "crates/ward-guard/src/canary.rs::cutting_an_answer_changes_nothing",
            "crates/ward/tests/e2e/upstream.rs::what_the_caller_may_not_see_is_stopped_or_withheld",
            "crates/ward/tests/e2e/ask.rs::instructions_in_a_record_change_nothing",
        ],
    },
    Control {
        id: RUN_3D,
        clause: "RUN-3",
        title: "Hidden instructions are looked for",
        statement: "The gate looks for instructions hidden in documents and reports them with a measured rate of false \
            alarms.",
        rationale: "A document is data, and models obey data.",
        status: Status::Stands,
        enforced_by: &["ward-guard: inspect"],
        verified_by: &[
            "crates/ward-guard/src/injection.rs::clinical_lines_pass",
            "crates/ward-guard/src/injection.rs::attacks_are_marked",
        ],
    },
    Control {
        id: RUN_3E,
        clause: "RUN-3",
        title: "Images are decoded apart",
        statement: "An uploaded image is decoded in a sandboxed process, and only its pixels go on.",
        rationale: "Image decoders are large and old.",
        ..PLANNED
    },
    Control {
        id: RUN_4A,
        clause: "RUN-4",
        title: "Bodies and times are limited",
        statement: "Bodies over the limit are refused with 413; a client that is slow to send, or a model server that is \
            silent or takes too long, ends at its time limit; requests beyond the number under way are refused with \
            503; work for a client that has gone is stopped.",
        rationale: "Holding a connection open costs the attacker nothing.",
        status: Status::Stands,
        enforced_by: &["`ward serve`", "ward-serve: configuration and listener"],
        verified_by: &[
            "crates/ward/tests/e2e/limits.rs::the_body_limit_holds_at_its_border",
            "crates/ward/tests/e2e/limits.rs::a_slow_header_is_cut",
            "crates/ward/tests/e2e/limits.rs::one_request_too_many_is_told_to_come_back",
            "crates/ward/tests/e2e/upstream.rs::every_failure_has_its_status_its_entry_and_no_content",
            "crates/ward/tests/e2e/upstream.rs::a_client_that_goes_away_stops_the_engine_and_is_recorded",
            "crates/ward-serve/tests/gate/hostile.rs::a_hundred_thousand_connections_come_and_go",
        ],
    },
    Control {
        id: RUN_4B,
        clause: "RUN-4",
        title: "Inference has budgets",
        statement: "Every answer that Ward's own models give has a memory and a compute budget.",
        rationale: "A model will use all the memory there is.",
        ..PLANNED
    },
    Control {
        id: RUN_4C,
        clause: "RUN-4",
        title: "Resources are watched",
        statement: "Ward publishes memory, connections and queue lengths as metrics.",
        rationale: "What is not measured fails as a surprise.",
        status: Status::Stands,
        enforced_by: &["`ward serve`: the admin listener"],
        verified_by: &[
            "crates/ward-serve/tests/gate/hostile.rs::two_thousand_connections_are_bounded_and_disturb_nobody",
        ],
    },
    Control {
        id: RUN_5A,
        clause: "RUN-5",
        title: "Errors give nothing away",
        statement: "An error answer holds a code, a sentence of Ward's own and the name of a field, and never text of \
            the request, a path or a stack trace.",
        rationale: "An error message is read by whoever caused it.",
        status: Status::Stands,
        enforced_by: &["`ward serve`", "`ward ask`", "the one table of refusals"],
        verified_by: &[
            "crates/ward/tests/e2e/limits.rs::documents_that_cannot_be_read_whole_are_refused_by_place",
            "crates/ward/tests/e2e/upstream.rs::every_failure_has_its_status_its_entry_and_no_content",
            "crates/ward-guard/src/refusal.rs::a_place_cannot_carry_markup_or_much_data",
        ],
    },
    Control {
        id: RUN_5B,
        clause: "RUN-5",
        title: "Logs give nothing away",
        statement: "No line that Ward prints, ledger entry or file of the data folder holds a value planted in a \
            request.",
        rationale: "Logs travel further than data.",
        status: Status::Stands,
        enforced_by: &["`ward serve`", "ward-guard: Phi", "ward-serve: journal"],
        verified_by: &[
            "crates/ward/tests/e2e/upstream.rs::an_upstream_never_sees_who_the_patient_is",
            "crates/ward/tests/e2e/ledger.rs::entries_hold_who_what_and_how_but_no_content",
        ],
    },
    Control {
        id: RUN_5C,
        clause: "RUN-5",
        title: "Memory gives nothing away",
        statement: "The service writes no core dump and locks its memory where the system lets it; where it does not and the \
            machine swaps, `ward doctor` says so and the ledger holds it.",
        rationale: "A crash is the moment when memory is written down.",
        status: Status::Stands,
        enforced_by: &["`ward serve`", "`ward doctor`"],
        verified_by: &[
            "crates/ward/tests/e2e/serve.rs::memory_is_kept_from_the_disk",
            "crates/ward-serve/src/doctor.rs::each_risk_is_told",
        ],
    },
    Control {
        id: RUN_6A,
        clause: "RUN-6",
        title: "The listener speaks only TLS",
        statement: "Ward listens with TLS 1.3 and on no port without it, also when started without any configuration; TLS 1.2 is a setting whose name \
            begins with `unsafe_`.",
        rationale: "What is optional is left out.",
        status: Status::Stands,
        enforced_by: &["`ward serve`", "ward-serve: TLS"],
        verified_by: &[
            "crates/ward/tests/e2e/serve.rs::a_client_that_does_not_know_the_certificate_refuses_it",
            "crates/ward/tests/e2e/limits.rs::only_tls_1_3_is_answered",
        ],
    },
    Control {
        id: RUN_6B,
        clause: "RUN-6",
        title: "The upstream is verified",
        statement: "A connection to an upstream on another machine uses TLS, and a certificate that does not verify ends \
            the request; plain HTTP is taken only for an address of this machine.",
        rationale: "De-identified text is still not for everybody.",
        status: Status::Stands,
        enforced_by: &[
            "`ward serve --upstream`",
            "`ward ask --upstream`",
            "ward-serve: the upstream client",
        ],
        verified_by: &[
            "crates/ward/tests/e2e/serve.rs::says_why_it_cannot_start",
            "crates/ward/tests/e2e/upstream.rs::an_upstream_whose_certificate_does_not_verify_gets_nothing",
        ],
    },
    Control {
        id: RUN_6C,
        clause: "RUN-6",
        title: "Clients can be verified",
        statement: "Ward can demand a client certificate of a named authority.",
        rationale: "A key can be copied, a key in hardware cannot.",
        status: Status::Stands,
        enforced_by: &["`ward serve`"],
        verified_by: &["crates/ward-serve/tests/gate/known.rs::a_certificate_can_be_demanded"],
    },
    Control {
        id: RUN_6D,
        clause: "RUN-6",
        title: "Certificates can be pinned",
        statement: "The upstream's key can be pinned, so that a certificate of another authority is refused.",
        rationale: "Any of a hundred authorities can vouch for any name.",
        status: Status::Stands,
        enforced_by: &["`ward serve`"],
        verified_by: &["crates/ward-serve/tests/gate/known.rs::the_upstream_must_have_the_pinned_key"],
    },
    Control {
        id: RUN_7A,
        clause: "RUN-7",
        title: "Every request is recorded before its answer leaves",
        statement: "Every request that Ward accepts is recorded in a signed ledger before the first byte of its answer \
            leaves, and its outcome before the last; the answer names its entries.",
        rationale: "An access that left no trace cannot be accounted for.",
        status: Status::Stands,
        enforced_by: &[
            "`ward serve`",
            "`ward ask`",
            "ward-serve: journal",
            "ward-seal: ledger",
            "`ward mcp`",
        ],
        verified_by: &[
            "crates/ward/tests/e2e/ledger.rs::entries_hold_who_what_and_how_but_no_content",
            "crates/ward/tests/e2e/ledger.rs::a_receipt_can_be_proved",
            "crates/ward/tests/e2e/crash.rs::kill_under_load_loses_no_acknowledged_entry",
            "crates/ward/tests/e2e/mcp.rs::values_come_back_where_it_was_allowed_and_every_use_is_on_the_ledger",
        ],
    },
    Control {
        id: RUN_7B,
        clause: "RUN-7",
        title: "The ledger cannot be changed unnoticed",
        statement: "`ward ledger verify` finds any changed, removed or reordered byte of a ledger, also in a copied \
            folder.",
        rationale: "A log that can be edited proves nothing.",
        status: Status::Stands,
        enforced_by: &["`ward ledger verify`", "ward-seal: ledger"],
        verified_by: &[
            "crates/ward/tests/e2e/ledger.rs::a_flipped_bit_anywhere_is_caught",
            "crates/ward/tests/e2e/ledger.rs::verifies_also_as_a_copy_and_says_what_it_proved",
            "crates/ward-seal/tests/ledger.rs::every_flipped_byte_is_caught",
            "crates/ward-seal/tests/ledger.rs::every_truncation_and_addition_is_caught",
        ],
    },
    Control {
        id: RUN_7C,
        clause: "RUN-7",
        title: "Refusals are recorded",
        statement: "A question that Ward refuses after its key was accepted, other than for overload, has a ledger entry \
            with the code of the refusal.",
        rationale: "Failed attempts come before the successful one.",
        status: Status::Stands,
        enforced_by: &["`ward serve`", "`ward ask`", "ward-serve: journal"],
        verified_by: &[
            "crates/ward/tests/e2e/limits.rs::bodies_are_read_strictly_and_every_refusal_is_on_the_ledger",
            "crates/ward/tests/e2e/upstream.rs::every_failure_has_its_status_its_entry_and_no_content",
        ],
    },
    Control {
        id: RUN_7D,
        clause: "RUN-7",
        title: "What is unusual raises an alert",
        statement: "Rules over the ledger raise alerts for unusual access, and metrics are published for monitoring.",
        rationale: "A record that nobody reads stops nobody.",
        status: Status::Stands,
        enforced_by: &["`ward serve`: alerts"],
        verified_by: &[
            "crates/ward-serve/tests/gate/alerts.rs::storms_and_emergencies_are_told_once",
            "crates/ward-serve/tests/gate/alerts.rs::every_failed_sign_in_is_on_the_ledger_by_network_and_count",
        ],
    },
    Control {
        id: RUN_7E,
        clause: "RUN-7",
        title: "Others can witness the ledger",
        statement: "Witnesses sign the ledger's checkpoints, so that whoever holds Ward's key cannot rewrite it alone.",
        rationale: "The owner of the key is a suspect too.",
        ..PLANNED
    },
    Control {
        id: RUN_8A,
        clause: "RUN-8",
        title: "Only this machine can connect by default",
        statement: "Without `--listen`, Ward listens on a loopback address only.",
        rationale: "A service that nobody configured must not be on the network.",
        status: Status::Stands,
        enforced_by: &["`ward serve`", "ward-serve: listeners"],
        verified_by: &["crates/ward-serve/src/config.rs::listens_on_this_machine_unless_told_otherwise"],
    },
    Control {
        id: RUN_8B,
        clause: "RUN-8",
        title: "Ward connects to the named upstream and nothing else",
        statement: "While it serves, Ward opens no outbound connection except to the upstream, the identity provider, the webhook and the log service \
            that its settings name; without any it opens none.",
        rationale: "Patient data leaves through the connection that nobody thought of.",
        status: Status::Stands,
        enforced_by: &["`ward serve`", "`ward ask`", "ward-serve: the upstream client"],
        verified_by: &[
            "`cargo xtask check sources bans`",
            "crates/ward/tests/e2e/upstream.rs::every_failure_has_its_status_its_entry_and_no_content",
        ],
    },
    Control {
        id: RUN_8C,
        clause: "RUN-8",
        title: "The model runs in a sandbox",
        statement: "The model runs in a process without network, without files beyond its weights and with few system \
            calls, tested by itself at the start.",
        rationale: "A model runtime is large, and its input is hostile.",
        ..PLANNED
    },
    Control {
        id: RUN_9A,
        clause: "RUN-9",
        title: "Backups can be made",
        statement: "`ward backup` writes an encrypted copy of the data folder while the service runs.",
        rationale: "Disks fail.",
        ..PLANNED
    },
    Control {
        id: RUN_9B,
        clause: "RUN-9",
        title: "Backups are known to work",
        statement: "`ward restore` verifies a backup before it replaces anything, and a drill restores the last backup \
            on a schedule.",
        rationale: "A backup that was never restored is a hope.",
        ..PLANNED
    },
];
