//! Any bytes as whatever says a licence: an expression, a name, a text, a card, metadata. No panic; what is read as an
//! expression is written and read again the same.

use ward_scan::{
    Blob, Fact,
    licences::{card, expression::Expression, names, statement, terms, text},
    report::Findings,
};

/// Reads `data` in every way.
pub fn run(data: &[u8]) {
    let lossy = String::from_utf8_lossy(data);
    match Expression::parse(&lossy) {
        Ok(expression) => {
            let written = expression.to_string();
            assert_eq!(Expression::parse(&written).as_ref(), Ok(&expression), "{written}");
            for term in expression.terms() {
                let _ = terms::kind(term);
            }
            // The worst of all terms is never better than the whole.
            let worst = expression.terms().into_iter().map(terms::kind).max();
            assert!(Some(expression.judge(&mut |term| terms::kind(term))) <= worst);
        }
        Err(fault) => assert!(fault.at <= lossy.len()),
    }
    let said = names::read(&lossy);
    if let Some(expression) = said.expression() {
        assert!(!expression.terms().is_empty());
    }
    let _ = names::classifier(&lossy);
    let reading = text::identify(&lossy);
    for one in &reading.matches {
        assert!((0.0..=1.0).contains(&one.held) && (0.0..=1.0).contains(&one.added));
    }
    let _ = card::read(data);
    for path in [
        "LICENSE",
        "README.md",
        "a.dist-info/METADATA",
        "package.json",
        "node_modules/a/package.json",
        "Cargo.toml",
        "pyproject.toml",
        "setup.cfg",
        "a.c",
    ] {
        let mut findings = Findings::default();
        statement::read(&Blob::of_bytes(path, data), &mut findings);
        assert!(findings.facts.iter().all(|fact| matches!(fact, Fact::Licence(_))));
    }
}
