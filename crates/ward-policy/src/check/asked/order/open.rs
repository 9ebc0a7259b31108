//! What may send something out, for all that is known of it: a promise of order waits for it as for what is known to.

use ward_formats::yaml::{Value as Node, Yaml};

use super::{all_wait, condition, has, line_in_entry, sends, waits_elsewhere};
use crate::{
    check::Facts,
    pipeline::{self, Open, Run, Service},
};

/// Steps that are asked one by one which of them passes a run.
const ASKED: usize = 50;

/// A step that may hand out what `goes_out` is about and does not wait for a run, by its place and its name.
pub(super) fn past(facts: &Facts<'_>, run: &Run, goes_out: fn(&str, bool) -> bool) -> Option<String> {
    let mut entries: Vec<&str> = facts.pipelines.open.iter().map(|open| open.entry.as_str()).collect();
    entries.dedup();
    entries.into_iter().find_map(|entry| {
        let matters = |open: &&Open| {
            let known = sends(&open.text) && !has(&open.text, &["make "]);
            open.entry == entry && (!known || goes_out(&open.text, open.of_releases))
        };
        let open: Vec<&Open> = facts.pipelines.open.iter().filter(matters).collect();
        let first = open.first().copied()?;
        let text = facts.text(entry).unwrap_or_default();
        let yaml = Yaml::parse(text.as_bytes(), pipeline::YAML).ok();
        let root = yaml.as_ref().and_then(Yaml::root);
        let wait = |open: &[&Open]| root.is_some_and(|root| waits(facts, run, root, open));
        if wait(&open) {
            return None;
        }
        // The first that does not wait by itself says most.
        let alone = open.iter().take(ASKED).find(|one| !wait(&[one]));
        let open = alone.copied().unwrap_or(first);
        Some(format!("{}:{}: `{}`", open.place.path, open.place.line, open.name))
    })
}

/// Whether all of these steps of one file wait for a run.
fn waits(facts: &Facts<'_>, run: &Run, root: Node<'_>, open: &[&Open]) -> bool {
    let lines = open.iter().map(|open| (open.step, ""));
    if open.iter().all(|open| open.entry == run.entry) {
        let own = line_in_entry(run);
        // Where its own place is not known, nothing is said to wait for it.
        return own.is_some_and(|own| {
            all_wait(root, own, lines.clone()) != Some(false) && condition::holds_for(facts, root, run, own, lines)
        });
    }
    // Files of one pipeline of GitLab have their order by stages, which no one of them shows.
    run.service != Service::GitLab
        && open.iter().all(|open| open.service != Service::GitLab)
        && waits_elsewhere(facts, run, root, lines)
}
