//! Runs redact-core over JSON lines: redact-spans INPUT OUTPUT. Its patterns only: no model for names is loaded.

use std::io::{BufRead, BufReader, BufWriter, Write};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (source, target) = (arguments.next().ok_or("INPUT")?, arguments.next().ok_or("OUTPUT")?);
    let engine = redact_core::AnalyzerEngine::new();
    println!("patterns only");
    let mut target = BufWriter::new(std::fs::File::create(target)?);
    for line in BufReader::new(std::fs::File::open(source)?).lines() {
        let item: serde_json::Value = serde_json::from_str(&line?)?;
        let text = item["text"].as_str().ok_or("text")?;
        let points = |at: usize| text.get(..at).map_or(0, |head| head.chars().count());
        let found = engine.analyze(text, None)?;
        let spans: Vec<_> = found
            .detected_entities
            .iter()
            .map(|hit| serde_json::json!({"start": points(hit.start), "end": points(hit.end), "type": format!("{:?}", hit.entity_type)}))
            .collect();
        writeln!(target, "{}", serde_json::json!({"id": item["id"], "spans": spans}))?;
    }
    target.flush()?;
    Ok(())
}
