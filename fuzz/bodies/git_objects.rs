//! Objects of git as a hostile repository could hold them. Laws: nothing panics or grows without bound; what a delta
//! makes has the size it announces; names and ids of a tree lie within it.

use ward_scan::source::git::{delta, index, parse};

/// Reads `data` as each of the things that a repository consists of.
pub fn run(data: &[u8]) {
    let mut out = Vec::new();
    if let Some((&at, rest)) = data.split_first() {
        let (base, commands) = rest.split_at(usize::from(at).min(rest.len()));
        if delta::apply(base, commands, &mut out).is_some() {
            assert!(out.len() <= delta::MAX_OBJECT);
        }
        // The same delta gives the same object.
        let mut again = Vec::new();
        assert_eq!(
            delta::apply(base, commands, &mut out).map(|()| out.clone()),
            delta::apply(base, commands, &mut again).map(|()| again)
        );
    }
    for id_len in [20, 32] {
        if let Some(commit) = parse::commit(data, id_len) {
            assert_eq!(commit.tree.len(), id_len);
            assert!(commit.parents.iter().all(|parent| parent.len() == id_len));
        }
        let _ = parse::tag(data, id_len);
        let mut used = 0;
        for entry in parse::tree(data, id_len).flatten() {
            assert_eq!(entry.id.len(), id_len);
            used += entry.name.len() + entry.id.len() + 2;
        }
        assert!(used <= data.len());
        if let Ok(entries) = index::read(data, id_len) {
            assert!(entries.iter().all(|entry| entry.id.len() == id_len && entry.stage <= 3));
        }
    }
}
