//! Where to report: is a channel named, does it lead anywhere, do the documents agree.

use std::collections::{BTreeMap, BTreeSet};

use super::{Facts, Outcome, broken, kept, proof, rules};
use crate::{
    promise::{Place, Promise},
    read::{Contact, ContactKind, DocumentKind, FactKind, Trick},
    verdict::{Proof, Verdict},
};

/// A private way to report.
pub(super) fn channel(facts: &Facts<'_>, promise: &Promise) -> Outcome {
    let path = &promise.place.path;
    let here: Vec<&Contact> = facts
        .reading
        .contacts
        .iter()
        .filter(|contact| &contact.place.path == path && is_private(contact))
        .collect();
    let within = |place: &Place| place.line >= promise.place.line && place.line <= promise.place.last_line;
    let own: Vec<&Contact> = here.iter().copied().filter(|contact| within(&contact.place)).collect();
    let near = if own.is_empty() { &here } else { &own };
    let dead: Vec<Proof> = near
        .iter()
        .filter_map(|contact| {
            Some(proof(
                &contact.place.path,
                Some(contact.place.line),
                unreachable(contact)?,
            ))
        })
        .collect();
    if !near.is_empty() && dead.len() == near.len() {
        return Outcome::new(
            &rules::CONTACT_PLACEHOLDER,
            broken(dead),
            "The contact that is named cannot be reached.",
        );
    }
    let left: Vec<Proof> = facts
        .reading
        .facts
        .iter()
        .filter(|fact| fact.kind == FactKind::Placeholder && &fact.place.path == path && within(&fact.place))
        .map(|fact| proof(path, Some(fact.place.line), "words that a template left"))
        .collect();
    if own.is_empty() && !left.is_empty() {
        return Outcome::new(
            &rules::CONTACT_PLACEHOLDER,
            broken(left),
            "Where a contact belongs stand words of a template.",
        );
    }
    let elsewhere: Vec<Proof> = near
        .iter()
        .filter_map(|contact| {
            Some(proof(
                &contact.place.path,
                Some(contact.place.line),
                of_another(facts, contact)?,
            ))
        })
        .collect();
    if !near.is_empty() && elsewhere.len() == near.len() {
        return Outcome::new(
            &rules::LINK_ELSEWHERE,
            broken(elsewhere),
            "The form that is named belongs to another repository.",
        );
    }
    let others = disagreeing(facts);
    let places: Vec<Place> = others
        .iter()
        .filter(|(a, b)| a.path == *path || b.path == *path)
        .flat_map(|(a, b)| [a.clone(), b.clone()])
        .filter(|place| *place != promise.place)
        .collect();
    if !places.is_empty() {
        return Outcome::new(
            &rules::CONTACTS_DISAGREE,
            Verdict::Contradictory(places),
            "The contacts that are named disagree.",
        );
    }
    let mut live: Vec<Proof> = near
        .iter()
        .filter(|contact| unreachable(contact).is_none())
        .take(6)
        .map(|contact| proof(&contact.place.path, Some(contact.place.line), says(contact.kind)))
        .collect();
    live.dedup();
    if live.is_empty() {
        let names = facts
            .reading
            .contacts
            .iter()
            .any(|contact| contact.kind == ContactKind::PublicTracker && &contact.place.path == path);
        if names {
            let shown = facts
                .reading
                .contacts
                .iter()
                .filter(|contact| contact.kind == ContactKind::PublicTracker && &contact.place.path == path);
            let shown = shown
                .map(|contact| proof(path, Some(contact.place.line), "only a public tracker is named"))
                .collect();
            return Outcome::new(
                &rules::CHANNEL_ABSENT,
                broken(shown),
                "A private way is promised, and only a public tracker is named.",
            );
        }
        // "Use GitHub's private vulnerability reporting" is a way by name; whether it is switched on is a setting.
        let lower = promise.text.to_ascii_lowercase();
        if [
            "private vulnerability report",
            "security advisor",
            "report a vulnerability",
            "security tab",
            "hackerone",
            "huntr",
            "tidelift",
            "bugcrowd",
        ]
        .iter()
        .any(|words| lower.contains(words))
        {
            let verdict = Verdict::Unverifiable {
                why: "whether private reports are switched on is a setting of the forge",
                would: "the security settings of the forge",
            };
            return Outcome::new(
                &rules::FORGE_SETTING,
                verdict,
                "The way is named; whether it is open is a setting of the forge.",
            );
        }
        // Another document names the way.
        let others: Vec<Proof> = facts
            .reading
            .contacts
            .iter()
            .filter(|contact| {
                is_private(contact) && unreachable(contact).is_none() && of_another(facts, contact).is_none()
            })
            .take(3)
            .map(|contact| proof(&contact.place.path, Some(contact.place.line), says(contact.kind)))
            .collect();
        if !others.is_empty() {
            let limit = "this sentence names no way itself; another document of the repository does";
            return Outcome::new(
                &rules::PROMISE,
                kept(others, Some(limit)),
                "A private way to report is named in another document.",
            );
        }
        let shown = proof(
            path,
            Some(promise.place.line),
            "no address, form or platform is named here",
        );
        return Outcome::new(
            &rules::CHANNEL_ABSENT,
            broken(vec![shown]),
            "A private way to report is promised, and none is named.",
        );
    }
    let limit = "that reports sent there are read, or that private reports are switched on, is not shown";
    Outcome::new(
        &rules::PROMISE,
        kept(live, Some(limit)),
        "A private way to report is named.",
    )
}

fn says(kind: ContactKind) -> &'static str {
    match kind {
        ContactKind::Email => "an address for mail",
        ContactKind::Advisory => "a private form of the forge",
        ContactKind::Platform => "a platform for reports",
        ContactKind::Form => "a page to report on",
        ContactKind::PublicTracker => "a public tracker",
        ContactKind::Key => "a key for mail",
        ContactKind::Other => "another way",
    }
}

fn is_private(contact: &Contact) -> bool {
    !matches!(contact.kind, ContactKind::PublicTracker | ContactKind::Key)
}

/// Why nobody can be reached by a contact: a placeholder, or an address that is made to take no mail.
pub(super) fn unreachable(contact: &Contact) -> Option<&'static str> {
    // Whoever copies it writes to an address that only looks like the one that is meant.
    match contact.trick {
        Some(Trick::MixedScripts) => return Some("it mixes letters of several scripts, which look alike"),
        Some(Trick::Invisible | Trick::Direction) => return Some("it holds characters that nobody sees"),
        None => {}
    }
    let value = contact.value.to_ascii_lowercase();
    let host = value.rsplit('@').next().unwrap_or_default();
    let host = host
        .split("://")
        .last()
        .unwrap_or_default()
        .split(['/', '?', ':'])
        .next()
        .unwrap_or_default();
    let user = if contact.kind == ContactKind::Email {
        value
            .split('@')
            .next()
            .unwrap_or_default()
            .trim_start_matches("mailto:")
    } else {
        ""
    };
    // RFC 2606 and RFC 6761 keep these names for examples.
    let reserved = [
        "example.com",
        "example.org",
        "example.net",
        "domain.com",
        "yourdomain.com",
        "your-domain.com",
        "yourcompany.com",
        "company.com",
        "email.com",
        "test.com",
    ];
    let endings = [
        ".example",
        ".invalid",
        ".test",
        ".localhost",
        ".example.com",
        ".example.org",
        ".local",
    ];
    if reserved.contains(&host) || endings.iter().any(|ending| host.ends_with(ending)) || host == "localhost" {
        return Some("its host is kept for examples: no mail arrives there");
    }
    if matches!(user, "noreply" | "no-reply" | "donotreply" | "do-not-reply")
        || user.ends_with("+noreply")
        || host == "users.noreply.github.com"
    {
        return Some("it is an address that takes no mail");
    }
    let left = [
        "[",
        "]",
        "<",
        ">",
        "your-email",
        "your_email",
        "youremail",
        "your.email",
        "yourname",
        "your-org",
        "your-username",
        "your-repo",
        "insert",
        "changeme",
        "todo",
        "placeholder",
        "xxx@",
    ];
    if left.iter().any(|word| value.contains(word)) {
        return Some("it is what a template left");
    }
    None
}

/// Why a form belongs to another repository.
pub(super) fn of_another(facts: &Facts<'_>, contact: &Contact) -> Option<String> {
    let slug = contact
        .slug
        .as_deref()
        .filter(|_| contact.kind == ContactKind::Advisory)?
        .to_ascii_lowercase();
    let own = facts.repository.slug.as_deref()?.to_ascii_lowercase();
    (slug != own && slug.split('/').count() == 3).then(|| format!("it is the form of {slug}, and this is {own}"))
}

/// Pairs of contacts of which both cannot be meant: documents whose addresses share none, and one name at two hosts.
pub(super) fn disagreeing(facts: &Facts<'_>) -> Vec<(Place, Place)> {
    let kinds: BTreeMap<&str, DocumentKind> = facts
        .reading
        .documents
        .iter()
        .map(|document| (document.path.as_str(), document.kind))
        .collect();
    let mut mails: BTreeMap<&str, Vec<&Contact>> = BTreeMap::new();
    let mails_of = facts
        .reading
        .contacts
        .iter()
        .filter(|contact| contact.kind == ContactKind::Email && unreachable(contact).is_none());
    for contact in mails_of {
        mails.entry(&contact.place.path).or_default().push(contact);
    }
    let mut out = Vec::new();
    let wanted = |path: &&str| matches!(kinds.get(*path), Some(DocumentKind::Policy | DocumentKind::SecurityTxt));
    let documents: Vec<(&str, &Vec<&Contact>)> = mails
        .iter()
        .map(|(path, all)| (*path, all))
        .filter(|(path, _)| wanted(path))
        .take(50)
        .collect();
    for (index, (_, all)) in documents.iter().enumerate() {
        let values: BTreeSet<String> = all.iter().map(|contact| contact.value.to_ascii_lowercase()).collect();
        for (_, others) in documents.iter().skip(index + 1) {
            if !others
                .iter()
                .any(|contact| values.contains(&contact.value.to_ascii_lowercase()))
                && let (Some(a), Some(b)) = (all.first(), others.first())
            {
                out.push((a.place.clone(), b.place.clone()));
            }
        }
        // `security@acme.dev` and `security@acme.io` in one text.
        let mut users: BTreeMap<String, &Contact> = BTreeMap::new();
        for contact in all.iter() {
            let value = contact.value.to_ascii_lowercase();
            let Some((user, host)) = value.split_once('@') else {
                continue;
            };
            match users.get(user) {
                Some(first)
                    if first
                        .value
                        .to_ascii_lowercase()
                        .split_once('@')
                        .is_some_and(|(_, other)| other != host) =>
                {
                    out.push((first.place.clone(), contact.place.clone()));
                }
                Some(_) => {}
                None => {
                    users.insert(user.to_owned(), contact);
                }
            }
        }
    }
    out
}

/// Never report in public: does anything here ask for it?
pub(super) fn never_public(facts: &Facts<'_>, promise: &Promise) -> Outcome {
    let asks = public_templates(facts);
    if let Some(first) = asks.first() {
        let place = Place {
            path: first.path.clone(),
            line: first.line.unwrap_or(1),
            last_line: first.line.unwrap_or(1),
        };
        return Outcome::new(
            &rules::PUBLIC_TEMPLATE,
            Verdict::Contradictory(vec![place]),
            "A template asks for vulnerabilities in a public issue.",
        );
    }
    let private = facts
        .reading
        .contacts
        .iter()
        .filter(|contact| contact.place.path == promise.place.path && is_private(contact));
    let live: Vec<Proof> = private
        .filter(|contact| unreachable(contact).is_none())
        .take(3)
        .map(|contact| proof(&contact.place.path, Some(contact.place.line), says(contact.kind)))
        .collect();
    let lower = promise.text.to_ascii_lowercase();
    let names_forge = ["advisor", "privately", "private vulnerability"]
        .iter()
        .any(|word| lower.contains(word));
    if live.is_empty() && !names_forge {
        let tracker: Vec<Place> = facts
            .reading
            .contacts
            .iter()
            .filter(|contact| {
                contact.kind == ContactKind::PublicTracker
                    && contact.place.path == promise.place.path
                    && contact.place != promise.place
            })
            .map(|contact| contact.place.clone())
            .collect();
        let others = facts.reading.contacts.iter().any(is_private);
        if !tracker.is_empty() && !others {
            return Outcome::new(
                &rules::CONTACTS_DISAGREE,
                Verdict::Contradictory(tracker),
                "Reports in public are refused, and only a public tracker is named.",
            );
        }
    }
    if live.is_empty() {
        let verdict = Verdict::Unverifiable {
            why: "what reporters do is not shown by files",
            would: "the private channel that the policy names",
        };
        return Outcome::new(&rules::PROMISE, verdict, "It asks reporters not to report in public.");
    }
    let limit = "what reporters do is not shown";
    Outcome::new(
        &rules::PROMISE,
        kept(live, Some(limit)),
        "Another way is named, and no template asks for reports in public.",
    )
}

/// Templates of issues that ask for vulnerabilities in public.
pub(super) fn public_templates(facts: &Facts<'_>) -> Vec<Proof> {
    let mut out = Vec::new();
    let folders = [
        ".github/issue_template/",
        ".gitlab/issue_templates/",
        "docs/issue_template/",
    ];
    for path in facts.repository.files.keys() {
        let lower = path.to_ascii_lowercase();
        if !folders.iter().any(|folder| lower.starts_with(folder)) || lower.ends_with("config.yml") {
            continue;
        }
        let name = lower.rsplit('/').next().unwrap_or_default();
        let text = facts.text(path).unwrap_or_default().to_ascii_lowercase();
        let head: String = text.chars().take(600).collect();
        let is_about = name.contains("security")
            || name.contains("vulnerab")
            || head.lines().take(8).any(|line| {
                (line.starts_with("name:") || line.starts_with("title:"))
                    && (line.contains("vulnerab") || line.contains("security"))
            });
        let sends_away = [
            "do not",
            "don't",
            "privately",
            "security.md",
            "security policy",
            "advisories/new",
            "instead of",
        ]
        .iter()
        .any(|word| text.contains(word));
        if is_about && !sends_away {
            out.push(proof(
                path,
                Some(1),
                "a template for public issues asks for a vulnerability",
            ));
        }
    }
    out
}
