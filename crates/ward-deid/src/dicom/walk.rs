//! Walking through a file's text with the character set that holds where it stands.

use ward_formats::dicom::{Charset, DicomFile, Node, Shape, Tag};

/// The character sets of the data sets around a place: each holds up to a node's index.
pub(super) struct Charsets {
    open: Vec<(usize, Charset)>,
}

impl Charsets {
    /// The set of the outermost data set.
    pub(super) fn new(file: &DicomFile<'_>) -> Self {
        let nodes = file.nodes();
        let own = own(file, 0, nodes.len()).unwrap_or_default();
        Self {
            open: vec![(usize::MAX, own)],
        }
    }

    /// The set that holds for the node at `index`. Call it for each node that is visited, in order.
    pub(super) fn at(&mut self, file: &DicomFile<'_>, index: usize, node: &Node) -> Charset {
        while self.open.pop_if(|(end, _)| *end <= index).is_some() {}
        if node.shape == Shape::Item
            && let Some(own) = own(file, index + 1, node.end)
        {
            self.open.push((node.end, own));
        }
        self.open.last().map(|(_, set)| *set).unwrap_or_default()
    }
}

/// What a data set says of its own character set. Its elements are those between the nodes `from` and `end` that are not
/// inside another.
fn own(file: &DicomFile<'_>, from: usize, end: usize) -> Option<Charset> {
    let mut at = from;
    while let Some(node) = file.nodes().get(at).filter(|_| at < end) {
        if node.tag == Tag::CHARSET && node.shape == Shape::Value {
            return Some(Charset::new(file.value(node)));
        }
        at = node.end.max(at + 1);
    }
    None
}

/// Every element with a value, with the character set that holds for it.
pub(super) fn texts<'f>(file: &'f DicomFile<'_>) -> impl Iterator<Item = (&'f Node, Charset)> {
    let mut sets = Charsets::new(file);
    let nodes = file.nodes().iter().enumerate();
    nodes.filter_map(move |(index, node)| {
        let set = sets.at(file, index, node);
        (node.shape == Shape::Value && !node.broken).then_some((node, set))
    })
}
