//! security.txt (RFC 9116): the contact for machines.

use ward_scan::suppress::{read_day, write_day};

use super::{block, existing, hashed};
use crate::{
    init::{answers::Answers, blocks::Wanted},
    repository::Repository,
};

/// An expiry that is further away than this stays as it is, so that a second run changes nothing.
const STILL_GOOD: i64 = 90;
/// RFC 9116, section 2.5.5, asks for less than a year.
const LIFE: i64 = 360;

pub(super) fn file(repository: &Repository, answers: &Answers) -> Wanted {
    let path = existing(repository, &[".well-known/security.txt", "security.txt"]);
    let kept = repository.text(path).and_then(|text| {
        let mut lines = text.lines().filter_map(|line| line.strip_prefix("Expires: "));
        let day = read_day(lines.next()?.get(..10)?)?;
        (day > answers.today + STILL_GOOD && day <= answers.today + 366).then_some(day)
    });
    let expires = write_day(kept.unwrap_or(answers.today + LIFE));
    let mut text = format!(
        "Contact: {}\nExpires: {expires}T00:00:00.000Z\nPreferred-Languages: en\n",
        answers.contact
    );
    if let Some(policy) = policy(repository, answers) {
        text += &format!("Policy: {policy}\n");
    }
    hashed(
        path,
        "the contact for machines (RFC 9116)",
        vec![block("contact", text)],
    )
}

/// The address of the policy on the forge.
fn policy(repository: &Repository, answers: &Answers) -> Option<String> {
    let slug = repository.slug.as_deref()?;
    if slug.starts_with("github.") {
        return Some(format!("https://{slug}/security/policy"));
    }
    slug.contains("gitlab")
        .then(|| format!("https://{slug}/-/blob/{}/SECURITY.md", answers.branch))
}
