//! Faults of a policy's text that are no promise.

use super::{Facts, contacts, insights, rules};
use crate::{
    pipeline::glob,
    read::{Document, DocumentKind, FactKind},
    report::Remark,
};
use ward_evidence::RuleMeta;

/// Most remarks of one kind.
const MOST: usize = 200;

fn remark(rule: &'static RuleMeta, path: &str, line: u32, message: impl Into<String>, is_fault: bool) -> Remark {
    Remark {
        rule: rule.id,
        path: path.to_owned(),
        line,
        message: message.into(),
        is_fault,
    }
}

fn is_kind(facts: &Facts<'_>, path: &str, kind: DocumentKind) -> bool {
    facts
        .reading
        .documents
        .iter()
        .any(|document| document.path == path && document.kind == kind)
}

/// Everything that is wrong with the text.
pub(super) fn remarks(facts: &Facts<'_>) -> Vec<Remark> {
    let mut out = Vec::new();
    for fact in facts.reading.facts.iter().take(MOST) {
        let (rule, is_fault): (&'static RuleMeta, bool) = match fact.kind {
            FactKind::InvisibleText | FactKind::MixedScripts => (&rules::TRICKS, true),
            FactKind::HiddenInstructions => (&rules::HIDDEN_INSTRUCTIONS, true),
            FactKind::Placeholder => (&rules::CONTACT_PLACEHOLDER, true),
            FactKind::SecondPolicy => (&rules::SECOND_POLICY, false),
            FactKind::EmptyDocument => (&rules::EMPTY, is_kind(facts, &fact.place.path, DocumentKind::Policy)),
        };
        out.push(remark(
            rule,
            &fact.place.path,
            fact.place.line,
            fact.note.clone(),
            is_fault,
        ));
    }
    contacts_of(facts, &mut out);
    shown_otherwise(facts, &mut out);
    links(facts, &mut out);
    names(facts, &mut out);
    for (kind, places) in facts.clocks.contradictions() {
        if let Some(place) = places.last() {
            let message = format!(
                "another line gives another time for the same ({})",
                format!("{kind:?}").to_ascii_lowercase()
            );
            out.push(remark(&rules::CLOCKS_DISAGREE, &place.path, place.line, message, true));
        }
    }
    for file in &facts.reading.security_txt {
        if file.expires.is_some_and(|expires| expires < facts.repository.today) {
            let line = file
                .fields
                .iter()
                .find(|(name, ..)| name == "expires")
                .map_or(1, |(.., line)| *line);
            out.push(remark(
                &rules::SECURITY_TXT,
                &file.path,
                line,
                "this security.txt has expired",
                true,
            ));
        }
        for (line, fault) in file.faults.iter().take(MOST) {
            out.push(remark(&rules::SECURITY_TXT, &file.path, *line, *fault, true));
        }
    }
    for proof in contacts::public_templates(facts) {
        out.push(remark(
            &rules::PUBLIC_TEMPLATE,
            &proof.path,
            proof.line.unwrap_or(1),
            proof.note,
            true,
        ));
    }
    out.extend(insights::remarks(facts));
    out.sort_by(|a, b| (&a.path, a.line, a.rule, &a.message).cmp(&(&b.path, b.line, b.rule, &b.message)));
    out.dedup();
    out
}

fn contacts_of(facts: &Facts<'_>, out: &mut Vec<Remark>) {
    let about = |path: &str| {
        facts
            .reading
            .documents
            .iter()
            .any(|document| document.path == path && !matches!(document.kind, DocumentKind::WardToml))
    };
    for contact in facts
        .reading
        .contacts
        .iter()
        .filter(|contact| about(&contact.place.path))
        .take(MOST)
    {
        if let Some(why) = contacts::unreachable(contact) {
            let is_trick = contact.trick.is_some();
            let rule = if is_trick {
                &rules::TRICKS
            } else {
                &rules::CONTACT_PLACEHOLDER
            };
            out.push(remark(
                rule,
                &contact.place.path,
                contact.place.line,
                format!("a contact cannot be reached: {why}"),
                true,
            ));
        } else if let Some(why) = contacts::of_another(facts, contact) {
            out.push(remark(
                &rules::LINK_ELSEWHERE,
                &contact.place.path,
                contact.place.line,
                why,
                true,
            ));
        }
    }
    for (a, b) in contacts::disagreeing(facts).into_iter().take(MOST) {
        let message = format!("this contact disagrees with that of {}:{}", a.path, a.line);
        out.push(remark(&rules::CONTACTS_DISAGREE, &b.path, b.line, message, true));
    }
}

/// Links whose words are an address, and that lead to another.
fn shown_otherwise(facts: &Facts<'_>, out: &mut Vec<Remark>) {
    let is_read =
        |path: &str| is_kind(facts, path, DocumentKind::Policy) || is_kind(facts, path, DocumentKind::SecurityTxt);
    let links = facts.reading.links.iter().take(5_000);
    for link in links.filter(|link| !link.picture && is_read(&link.place.path)) {
        if let (Some(shown), Some(led)) = (address(&link.text), address(&link.target))
            && shown.0 == led.0
            && shown.1 != led.1
        {
            let (path, line) = (&link.place.path, link.place.line);
            let says = "this link shows one address and leads to another";
            out.push(remark(&rules::LINK_DECEIVES, path, line, says, true));
        }
    }
}

/// A mailbox, or the host of an address of the web, in lower case; and whether it is a mailbox. None for other words.
fn address(text: &str) -> Option<(bool, String)> {
    let lower = text.trim().to_lowercase();
    if lower.contains(char::is_whitespace) {
        return None;
    }
    if let Some(rest) = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://")) {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
        let host = host.strip_prefix("www.").unwrap_or(host);
        return (!host.is_empty()).then(|| (false, host.to_owned()));
    }
    let mailbox = lower.strip_prefix("mailto:").unwrap_or(&lower);
    let mailbox = mailbox.split('?').next().unwrap_or_default().replace("%40", "@");
    let (user, host) = mailbox.split_once('@')?;
    let is_mailbox = !user.is_empty() && host.contains('.') && !host.contains(['@', '/', ':']);
    is_mailbox.then_some((true, mailbox))
}

/// Links to files that are not there.
fn links(facts: &Facts<'_>, out: &mut Vec<Remark>) {
    let own = facts
        .repository
        .slug
        .as_deref()
        .unwrap_or_default()
        .to_ascii_lowercase();
    for link in facts.reading.links.iter().take(5_000) {
        let target = link.target.split(['#', '?']).next().unwrap_or_default();
        if target.is_empty() || target.contains("{{") {
            continue;
        }
        let path = if let Some((_, rest)) = target.split_once("://") {
            // A file of this repository, on its default branch.
            let lower = rest.to_ascii_lowercase();
            let Some(rest) = lower
                .strip_prefix(&own)
                .filter(|_| !own.is_empty())
                .and_then(|_| rest.get(own.len()..))
            else {
                continue;
            };
            let parts: Vec<&str> = rest
                .trim_start_matches('/')
                .trim_start_matches("-/")
                .splitn(3, '/')
                .collect();
            match parts[..] {
                ["blob" | "tree", "main" | "master" | "HEAD", path] => path.to_owned(),
                _ => continue,
            }
        } else if target.starts_with("mailto:")
            || target.starts_with("tel:")
            || target.contains(':')
            || target.contains('@')
        {
            continue;
        } else {
            match resolved(&link.place.path, target) {
                Some(path) => path,
                None => continue,
            }
        };
        let path = percent(&path);
        let path = path.trim_end_matches('/');
        let there = path.is_empty()
            || facts.repository.files.contains_key(path)
            || facts
                .repository
                .files
                .range(format!("{path}/")..)
                .next()
                .is_some_and(|(found, _)| found.starts_with(&format!("{path}/")));
        // Documentation that is built has pages where the repository has sources.
        let built = path.ends_with(".html")
            || !path.contains('.')
                && [".md", ".rst"]
                    .iter()
                    .any(|ending| facts.repository.files.contains_key(&format!("{path}{ending}")));
        // A forge serves these beside the files.
        let forge = [
            "issues",
            "pulls",
            "security",
            "discussions",
            "releases",
            "actions",
            "wiki",
            "graphs",
            "labels",
            "tags",
            "compare",
            "commits",
        ];
        let served = path.split('/').any(|part| forge.contains(&part)) && !path.contains(".md");
        if !there && !built && !served {
            out.push(remark(
                &rules::LINK_DEAD,
                &link.place.path,
                link.place.line,
                format!("it links to {path}, which is not in the repository"),
                true,
            ));
        }
    }
}

/// A path from a document, or from the root; none when it leads out of the repository.
pub(super) fn resolved(document: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = if target.starts_with('/') {
        Vec::new()
    } else {
        document.split('/').collect()
    };
    if !target.starts_with('/') {
        parts.pop();
    }
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// `%20` by what it stands for.
fn percent(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let code = (*byte == b'%')
            .then(|| {
                text.get(at + 1..at + 3)
                    .and_then(|code| u8::from_str_radix(code, 16).ok())
            })
            .flatten();
        match code {
            Some(code) => {
                out.push(code);
                at += 3;
            }
            None => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// A policy that speaks of another project.
fn names(facts: &Facts<'_>, out: &mut Vec<Remark>) {
    let plain = |text: &str| {
        text.chars()
            .filter(char::is_ascii_alphanumeric)
            .collect::<String>()
            .to_ascii_lowercase()
    };
    let mut own: Vec<String> = facts
        .repository
        .slug
        .iter()
        .flat_map(|slug| slug.split('/').skip(1))
        .map(plain)
        .collect();
    for path in [
        "pyproject.toml",
        "Cargo.toml",
        "package.json",
        "setup.cfg",
        "setup.py",
        "README.md",
        "README.rst",
        "README",
    ] {
        let Some(text) = facts.text(path) else { continue };
        for line in text.lines().take(300) {
            let line = line.trim();
            let value = line
                .strip_prefix("name")
                .or_else(|| line.strip_prefix("\"name\""))
                .map(|rest| {
                    rest.trim_start_matches([' ', '=', ':', '('])
                        .trim_end_matches([',', ')'])
                });
            let heading = line.strip_prefix("# ").filter(|_| path.starts_with("README"));
            own.extend(value.or(heading).map(plain).filter(|name| name.len() > 1));
        }
    }
    if own.is_empty() {
        return;
    }
    let policy = |name: &&crate::read::Named| is_kind(facts, &name.place.path, DocumentKind::Policy);
    let found: Vec<_> = facts.reading.names.iter().filter(policy).take(MOST).collect();
    let is_own = |name: &str| {
        let name = plain(name);
        name.len() < 2 || own.iter().any(|own| own.contains(&name) || name.contains(own.as_str()))
    };
    if found.is_empty() || found.iter().any(|named| is_own(&named.name)) {
        return;
    }
    if let Some(named) = found.first() {
        let message = "the policy speaks of a project by a name that is not this one's: it may be a copy";
        out.push(remark(
            &rules::COPIED,
            &named.place.path,
            named.place.line,
            message,
            true,
        ));
    }
}

/// What could not be looked at.
pub(super) fn not_examined(facts: &Facts<'_>) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let is_policy = |document: &Document| document.kind == DocumentKind::Policy;
    if !facts.reading.documents.iter().any(is_policy) && !facts.reading.unread_policy {
        let reason =
            "there is no security policy here; a default policy of the organisation, if there is one, is not visible";
        out.push(("SECURITY.md".to_owned(), reason.to_owned()));
    }
    let nested = facts
        .repository
        .files
        .keys()
        .find(|path| glob::matches("**/.git/config", path));
    if let Some(path) = nested {
        out.push((
            path.clone(),
            "a repository within the repository is not read".to_owned(),
        ));
    }
    out
}
