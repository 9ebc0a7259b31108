//! De-identification beside Presidio, stella and redact-core.
//!
//! Every system gets the same JSON lines and says which characters it would replace. "Masked" means every letter and
//! digit of a marked span; the type is not looked at. Time is that of the whole process on a processor, less that of a
//! run over one empty text, so that starting up and loading are not counted for anybody.

mod planted;
mod score;
mod systems;
mod texts;

use crate::{
    peers::{llama, vitals},
    scoreboard::{self, Options},
    tree,
};
use anyhow::{Context as _, Result};
use score::Score;
use std::fs;
use systems::System;
use texts::Set;

/// Prepares and measures.
pub(crate) fn run(options: &Options) -> Result<bool> {
    let root = tree::root();
    let folder = root.join("target/scoreboard/phi");
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    let kit = root.join("xtask/scoreboard/phi");
    let ward = scoreboard::release(options)?;
    let python = match &options.python {
        Some(python) => Some(python.clone()),
        None if options.no_peers => None,
        None => Some(llama::environment(&folder, &kit.join("requirements.txt"))?),
    };
    let mut systems = vec![System::ward(&ward)];
    if let (Some(python), false) = (&python, options.no_peers) {
        systems.push(System::python("Presidio 2.2.366", python, &kit, "presidio"));
        systems.push(System::python("stella 3.0.7", python, &kit, "stella"));
        systems.push(System::redact(&folder, &kit)?);
    }
    println!("Load averages before: {}\n", vitals::load()?);
    let sets = texts::sets(options.data.as_deref())?;
    for set in &sets {
        println!("## {}\n\n{}\n", set.title, set.about);
        let mut rows = Vec::new();
        for system in &systems {
            match system.run(set, &folder) {
                Ok(outcome) => rows.push((system.name, Score::of(set, &outcome.spans), outcome)),
                Err(error) => println!("- {} could not be measured: {error:#}", system.name),
            }
        }
        println!("{}", score::table(set, &rows));
    }
    planted::run(options.data.as_deref(), &ward, python.as_deref(), &kit, &folder)?;
    println!("\nLoad averages after: {}", vitals::load()?);
    Ok(true)
}

impl Set {
    /// True when some text has marked spans.
    fn is_marked(&self) -> bool {
        self.texts.iter().any(|text| !text.gold.is_empty())
    }
}
