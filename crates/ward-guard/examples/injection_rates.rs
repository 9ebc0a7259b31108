//! How many texts of each file the injection detector marks and would block: `.. --example injection_rates -- FILE..`.
//!
//! A file holds a text a line as JSON, `{"text": ".."}`. `--show N` prints the rules of the first N that were marked.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement may fail loudly, and prints its table"
)]

use std::collections::BTreeMap;

use ward_formats::{Budget, json::Tree};
use ward_guard::{
    injection::{VERSION, suspect},
    policy::InjectionPolicy,
};

fn main() {
    let mut show = 0;
    let mut args = std::env::args().skip(1);
    let policy = InjectionPolicy::default();
    println!("Rules {VERSION}\n\n| file | texts | marked | would block |\n|---|---|---|---|");
    while let Some(arg) = args.next() {
        if arg == "--show" {
            show = args.next().unwrap().parse().unwrap();
            continue;
        }
        let (mut texts, mut marked, mut blocked) = (0, 0, 0);
        let mut rules: BTreeMap<&str, usize> = BTreeMap::new();
        let mut shown = Vec::new();
        for line in std::fs::read_to_string(&arg).unwrap().lines() {
            let tree = Tree::parse(line.as_bytes(), Budget::RECORD).unwrap();
            let text = tree.get(tree.root(), "text").and_then(|node| tree.str(node)).unwrap();
            let found = suspect(text);
            texts += 1;
            let hit = found.score >= policy.mark_at;
            marked += usize::from(hit);
            blocked += usize::from(found.score >= policy.block_at);
            for rule in found.rules.iter().filter(|_| hit) {
                *rules.entry(rule).or_default() += 1;
            }
            if hit && shown.len() < show {
                let around: String = text.get(found.at..).unwrap_or_default().chars().take(160).collect();
                shown.push(format!("    {:.2} {:?} {:?}", found.score, found.rules, around));
            }
        }
        let share = |n: usize| 100.0 * n as f64 / f64::from(texts).max(1.0);
        println!(
            "| {} | {texts} | {marked} ({:.2} %) | {blocked} ({:.2} %) |",
            arg.rsplit('/').next().unwrap(),
            share(marked),
            share(blocked)
        );
        if show > 0 {
            println!("    {rules:?}");
            shown.iter().for_each(|line| println!("{line}"));
        }
    }
}
