//! Trains the classifier beside the rules for injected instructions, from the templates in `xtask/injection/`. The same templates
//! give the same file on every machine: whole numbers draw the texts, and the sums use nothing but `+`, `-`, `*`, `/` and square
//! roots, in one order.

mod texts;

use anyhow::{Context as _, Result};
use std::{
    fs,
    path::{Path, PathBuf},
};
use texts::{Draw, Templates};
use ward_guard::{
    injection::learned::{PLACES, divisor, windows, words},
    unicode::Copy,
};

/// Where the weights are written.
const WEIGHTS: &str = "crates/ward-guard/src/injection/learned.bin";
/// What it is trained on.
const ATTACKS: &str = "xtask/injection/attacks.txt";
const CLINICAL: &str = "xtask/injection/clinical.txt";
const LINES: &str = "crates/ward-guard/tests/data/clinical_lines.txt";

/// Texts of each family of attacks.
const EACH: usize = 1_200;
/// How often each clinical line is shown.
const LINE_TIMES: usize = 12;
/// How often all texts are gone through.
const ROUNDS: usize = 8;
/// How large a step is.
const STEP: f64 = 0.1;
/// How fast a weight fades that nothing asks for.
const FADE: f64 = 1e-5;

/// Options of `cargo xtask classifier`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Leave this family of attacks out, to see what is found of it without
    #[arg(long)]
    without: Option<String>,
    /// Write the weights there, and not where the guard has them
    #[arg(long)]
    to: Option<PathBuf>,
    /// Write nothing; say whether the weights would be those that are there
    #[arg(long)]
    check: bool,
}

/// Trains, and writes the weights or compares them. True when they were written, or are the same.
pub(crate) fn run(options: &Options, root: &Path) -> Result<bool> {
    let made = train(root, options.without.as_deref())?;
    let path = options.to.clone().unwrap_or_else(|| root.join(WEIGHTS));
    if options.check {
        let same = fs::read(&path).with_context(|| path.display().to_string())? == made;
        println!("{}: {}", path.display(), if same { "the same" } else { "another one" });
        return Ok(same);
    }
    fs::write(&path, &made).with_context(|| format!("cannot write {}", path.display()))?;
    println!("{}: {} bytes", path.display(), made.len());
    Ok(true)
}

/// A window and what it is of.
struct Example {
    features: Vec<u16>,
    is_attack: bool,
}

fn train(root: &Path, without: Option<&str>) -> Result<Vec<u8>> {
    let read = |path: &str| fs::read_to_string(root.join(path)).with_context(|| path.to_owned());
    let attacks = Templates::read(&read(ATTACKS)?)?;
    let clinical = Templates::read(&read(CLINICAL)?)?;
    let mut draw = Draw::new(7);
    let mut examples = Vec::new();
    let families: Vec<&str> = attacks.families().filter(|family| Some(*family) != without).collect();
    for family in &families {
        for _ in 0..EACH {
            let many = 1 + usize::from(draw.below(5) < 2);
            show(&attacks.text(family, many, &mut draw)?, true, &mut examples);
        }
    }
    for _ in 0..2 * EACH * families.len() {
        let many = 1 + draw.below(3);
        show(&clinical.text("clinical", many, &mut draw)?, false, &mut examples);
    }
    let lines = read(LINES)?;
    for line in lines.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        for _ in 0..LINE_TIMES {
            show(line, false, &mut examples);
        }
    }
    println!(
        "{} windows of texts that were made, {} families of attacks",
        examples.len(),
        families.len()
    );
    Ok(packed(&fit(&examples, &mut draw)))
}

/// Adds the windows of a text.
fn show(text: &str, is_attack: bool, examples: &mut Vec<Example>) {
    windows(&words(Copy::of(text).text()), |_, features| {
        let mut features = features.to_vec();
        // A sum of floating-point numbers depends on their order.
        features.sort_unstable();
        examples.push(Example { features, is_attack });
    });
}

/// Weights, and what is added to every sum.
struct Model {
    weights: Vec<f64>,
    bias: f64,
}

/// Gradient steps that grow smaller where much was learned (AdaGrad). In place of the logistic function stands
/// `(1 + z / (1 + |z|)) / 2`, which every machine computes alike.
fn fit(examples: &[Example], draw: &mut Draw) -> Model {
    let mut model = Model {
        weights: vec![0.0; PLACES],
        bias: -3.0,
    };
    let mut learned = vec![1e-3; PLACES];
    let mut learned_bias = 1.0;
    let mut order: Vec<usize> = (0..examples.len()).collect();
    for _ in 0..ROUNDS {
        draw.shuffle(&mut order);
        for example in order.iter().filter_map(|index| examples.get(*index)) {
            let share = 1.0 / f64::from(divisor(example.features.len()));
            let places = || example.features.iter().map(|place| usize::from(*place));
            let sum: f64 = places().filter_map(|place| model.weights.get(place)).sum();
            let says = sum * share + model.bias;
            let likely = 0.5 * (1.0 + says / (1.0 + says.abs()));
            let wrong = likely - if example.is_attack { 1.0 } else { 0.0 };
            let slope = wrong * share;
            for place in places() {
                if let (Some(weight), Some(learned)) = (model.weights.get_mut(place), learned.get_mut(place)) {
                    *learned += slope * slope;
                    *weight -= STEP * (slope / learned.sqrt() + FADE * *weight);
                }
            }
            learned_bias += wrong * wrong;
            model.bias -= STEP * wrong / learned_bias.sqrt();
        }
    }
    model
}

/// Scale, bias, a signed byte a place.
fn packed(model: &Model) -> Vec<u8> {
    let most = model
        .weights
        .iter()
        .fold(f64::MIN_POSITIVE, |most, weight| most.max(weight.abs()));
    let scale = most / 127.0;
    let mut bytes = Vec::with_capacity(8 + PLACES);
    bytes.extend((scale as f32).to_le_bytes());
    bytes.extend((model.bias as f32).to_le_bytes());
    bytes.extend(
        model
            .weights
            .iter()
            .map(|weight| ((weight / scale).round() as i8).cast_unsigned()),
    );
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_are_those_that_the_texts_give() {
        let root = crate::tree::root();
        assert!(train(&root, None).unwrap() == fs::read(root.join(WEIGHTS)).unwrap());
    }
}
