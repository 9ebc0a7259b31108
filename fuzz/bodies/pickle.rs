//! Any bytes as a pickle: no panic; every effect stands in the bytes and can be explained; reading through a window gives
//! what reading from memory gives.

use ward_formats::{
    input::Input,
    pickle::{Effect, Limits, Options, Outcome, Values, explain, follow, sniff},
};

const LIMITS: Limits = Limits {
    opcodes: 20_000,
    values: 20_000,
    depth: 4,
};

/// Follows `data` in every way and checks the laws.
pub fn run(data: &[u8]) {
    let _ = sniff(data);
    for (joblib, numbers) in [(false, false), (true, false), (true, true)] {
        let options = Options {
            limits: LIMITS,
            joblib,
            numbers,
        };
        let input = Input::of_bytes(data);
        let (seen, outcome) = effects(input, options);
        assert!(outcome.end <= data.len() as u64);
        assert_eq!(outcome.root.is_some(), outcome.halt.is_none());
        assert!(outcome.halt.is_none_or(|halt| halt.at <= data.len() as u64));
        if let Some(root) = outcome.root {
            assert!(outcome.values.render(root).len() < 20_000);
        }
        for text in &outcome.nested {
            assert!(text.at + u64::from(text.len) <= data.len() as u64);
        }
        for (effect, _) in &seen {
            assert!(effect.at < data.len() as u64);
            assert!(explain(input, effect).iter().any(|line| line.starts_with('>')));
        }
        let read = |at: u64, buffer: &mut [u8]| {
            let at = usize::try_from(at).expect("an offset in memory");
            buffer.copy_from_slice(&data[at..at + buffer.len()]);
            Ok(())
        };
        let (again, through) = effects(Input::of_reader(data.len() as u64, &read), options);
        assert_eq!(through.end, outcome.end);
        assert_eq!(through.halt, outcome.halt);
        let told = |seen: &[(Effect, String)]| {
            seen.iter()
                .map(|(effect, text)| (effect.at, text.clone()))
                .collect::<Vec<_>>()
        };
        assert_eq!(told(&again), told(&seen));
    }
}

fn effects(input: Input<'_>, options: Options) -> (Vec<(Effect, String)>, Outcome<'_>) {
    use ward_formats::pickle::What;
    let mut seen = Vec::new();
    let outcome = follow(input, 0, options, &mut |values: &Values<'_>, effect: &Effect| {
        if seen.len() < 200 {
            let id = match effect.what {
                What::Import(id) | What::Call(id) | What::Persistent(id) | What::Extension(id) => id,
                What::Build { target, .. } | What::Mutate { target } => target,
            };
            seen.push((*effect, values.render(id)));
        }
    });
    (seen, outcome)
}
