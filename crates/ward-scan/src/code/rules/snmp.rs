//! SNMP without encryption.

use ward_evidence::{RuleMeta, Severity, controls::CODE_1A};

use super::super::rule::{Hit, On, Rule};

pub(super) static SNMP: Rule = Rule {
    meta: RuleMeta {
        id: "code/weak-snmp",
        severity: Severity::Medium,
        controls: &[CODE_1A],
        summary: "SNMP without authentication, or without encryption.",
        docs: "SNMP 1 and 2c send a word in the clear instead of a password. Version 3 encrypts only with a key for it.\n\nExample: `CommunityData(\"public\", mpModel=0)`\n\n**Instead:** `UsmUserData(user, auth_key, privacy_key)`.\n\nSource: RFC 3414; CWE-319.",
    },
    on: &[
        On::Call("pysnmp.hlapi.CommunityData"),
        On::Call("pysnmp.hlapi.UsmUserData"),
        On::Call("pysnmp.hlapi.asyncio.CommunityData"),
        On::Call("pysnmp.hlapi.asyncio.UsmUserData"),
        On::Call("pysnmp.hlapi.v3arch.asyncio.CommunityData"),
        On::Call("pysnmp.hlapi.v3arch.asyncio.UsmUserData"),
    ],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        let hit = Hit::at(call).thorough_if(ctx.is_test());
        if site.name.ends_with("CommunityData") {
            out.report(hit.bandit("B508", Severity::Medium));
        } else if ctx.arg(call, 2, "privKey").is_absent() {
            out.report(hit.bandit("B509", Severity::Medium));
        }
    },
    bad: &[
        "from pysnmp.hlapi import CommunityData\nCommunityData('x', mpModel=1)",
        "from pysnmp.hlapi import UsmUserData\nUsmUserData('u', 'a')",
    ],
    good: &[
        "from pysnmp.hlapi import UsmUserData\nUsmUserData('u', 'a', 'b')",
        "CommunityData('x')",
    ],
};
