//! Where in a notebook a finding stands: its cell, and whether it is code or what the code printed.
//!
//! Source: nbformat 4, "The notebook file format".

use ward_formats::{
    Budget,
    json::{JsonKind, NodeId, Tree},
};

/// A stretch of a notebook's bytes, and what it is: `cell 3`, `output of cell 3`.
pub(crate) type Cell = (std::ops::Range<usize>, String);

/// The cells of a notebook and their outputs, in order; none for what cannot be read as one.
pub(crate) fn of(text: &[u8]) -> Vec<Cell> {
    let budget = Budget {
        bytes: 32 << 20,
        depth: 128,
        items: 4_000_000,
    };
    let Ok(tree) = Tree::parse(text, budget) else {
        return Vec::new();
    };
    let span = |node: NodeId| {
        let span = tree.raw(node);
        span.start..span.end
    };
    // Notebooks before version 4 have their cells in worksheets.
    let lists = tree
        .values()
        .filter(|node| tree.key(*node) == Some("cells") && tree.kind(*node) == JsonKind::Array);
    let mut cells = Vec::new();
    for (number, cell) in lists.flat_map(|list| tree.items(list)).enumerate() {
        let number = number + 1;
        if let Some(outputs) = tree.get(cell, "outputs") {
            cells.push((span(outputs), format!("output of cell {number}")));
        }
        cells.push((span(cell), format!("cell {number}")));
    }
    cells
}

/// What the byte `at` of the notebook belongs to.
pub(crate) fn name(cells: &[Cell], at: usize) -> Option<String> {
    cells
        .iter()
        .find(|(span, _)| span.contains(&at))
        .map(|(_, name)| format!("in {name} of the notebook"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_and_outputs_are_told_apart() {
        let text = r#"{"cells":[{"cell_type":"markdown","source":["A"]},
            {"cell_type":"code","source":["B"],"outputs":[{"text":["C"]}]}],"metadata":{"D":1}}"#;
        let cells = of(text.as_bytes());
        for (mark, expect) in [
            ("\"A\"", Some("in cell 1 of the notebook")),
            ("\"B\"", Some("in cell 2 of the notebook")),
            ("\"C\"", Some("in output of cell 2 of the notebook")),
            ("\"D\"", None),
        ] {
            let at = text.find(mark).unwrap();
            assert_eq!(name(&cells, at).as_deref(), expect, "{mark}");
        }
        assert!(of(b"{").is_empty());
    }
}
