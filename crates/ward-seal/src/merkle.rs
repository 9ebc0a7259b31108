//! The Merkle tree of RFC 6962, section 2 (the same as RFC 9162, section 2.1), and its proofs.
//!
//! A tree is never held: [`RightEdge`] keeps the roots of the full subtrees along the right edge,
//! at most 64 hashes, which is all that appending and the root need. Proofs are made in one pass
//! over the leaves by [`ProofMaker`], in memory that grows with the logarithm of the tree.

use std::ops::Range;

use crate::hash::sha256_parts;

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// The hash of a leaf: SHA-256(0x00 || entry).
#[must_use]
pub fn leaf(entry: &[u8]) -> Hash {
    sha256_parts(&[&[0], entry])
}

/// The hash of an inner node: SHA-256(0x01 || left || right).
#[must_use]
pub fn node(left: &Hash, right: &Hash) -> Hash {
    sha256_parts(&[&[1], left, right])
}

/// A tree that can grow: its size and the full subtrees on its right edge, largest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RightEdge {
    size: u64,
    edge: Vec<Hash>,
}

impl RightEdge {
    /// The empty tree.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Leaves so far.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf hash.
    pub fn append(&mut self, leaf: Hash) {
        let (mut hash, mut size) = (leaf, self.size);
        while size & 1 == 1 {
            let Some(left) = self.edge.pop() else { break };
            hash = node(&left, &hash);
            size >>= 1;
        }
        self.edge.push(hash);
        self.size += 1;
    }

    /// The root. Of the empty tree: SHA-256 of nothing.
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut from_right = self.edge.iter().rev();
        match from_right.next() {
            None => sha256_parts(&[]),
            Some(last) => from_right.fold(*last, |right, left| node(left, &right)),
        }
    }
}

/// The largest power of two smaller than `n`, for `n` of 2 or more.
fn split(n: u64) -> u64 {
    1 << (63 - n.saturating_sub(1).max(1).leading_zeros())
}

/// The ranges of leaves whose subtree roots are the inclusion proof of leaf `index` in a tree of
/// `size`, in the proof's order. `None` when the tree has no such leaf.
#[must_use]
pub fn inclusion_ranges(index: u64, size: u64) -> Option<Vec<Range<u64>>> {
    if index >= size {
        return None;
    }
    let (mut low, mut high, mut ranges) = (0, size, Vec::new());
    while high - low > 1 {
        let middle = low + split(high - low);
        if index < middle {
            ranges.push(middle..high);
            high = middle;
        } else {
            ranges.push(low..middle);
            low = middle;
        }
    }
    ranges.reverse();
    Some(ranges)
}

/// The ranges of leaves whose subtree roots are the consistency proof between the trees of `old`
/// and `new` leaves, in the proof's order. `None` unless `old <= new`. Empty when `old` is 0 or `new`.
#[must_use]
pub fn consistency_ranges(old: u64, new: u64) -> Option<Vec<Range<u64>>> {
    if old > new {
        return None;
    }
    let (mut low, mut high, mut whole, mut ranges) = (0, new, true, Vec::new());
    if old == 0 || old == new {
        return Some(ranges);
    }
    while old != high {
        let middle = low + split(high - low);
        if old <= middle {
            ranges.push(middle..high);
            high = middle;
        } else {
            ranges.push(low..middle);
            low = middle;
            whole = false;
        }
    }
    if !whole {
        ranges.push(low..high);
    }
    ranges.reverse();
    Some(ranges)
}

/// Makes the hashes of a proof from the leaves in order.
#[derive(Debug, Clone)]
pub struct ProofMaker {
    /// The ranges by where they start, with their place in the proof.
    ranges: Vec<(Range<u64>, usize)>,
    current: usize,
    next: u64,
    tree: RightEdge,
    hashes: Vec<Option<Hash>>,
}

impl ProofMaker {
    /// For the ranges of [`inclusion_ranges`] or [`consistency_ranges`].
    #[must_use]
    pub fn new(ranges: Vec<Range<u64>>) -> Self {
        let hashes = vec![None; ranges.len()];
        let mut ranges: Vec<_> = ranges.into_iter().enumerate().map(|(i, r)| (r, i)).collect();
        ranges.sort_by_key(|(range, _)| range.start);
        Self {
            ranges,
            current: 0,
            next: 0,
            tree: RightEdge::new(),
            hashes,
        }
    }

    /// Takes the next leaf hash.
    pub fn push(&mut self, leaf: Hash) {
        let index = self.next;
        self.next += 1;
        let Some((range, place)) = self.ranges.get(self.current) else {
            return;
        };
        if range.contains(&index) {
            self.tree.append(leaf);
            if self.next == range.end {
                if let Some(slot) = self.hashes.get_mut(*place) {
                    *slot = Some(self.tree.root());
                }
                self.tree = RightEdge::new();
                self.current += 1;
            }
        }
    }

    /// The proof; `None` when there were too few leaves.
    #[must_use]
    pub fn finish(self) -> Option<Vec<Hash>> {
        self.hashes.into_iter().collect()
    }
}

/// Whether `path` proves that `leaf` is leaf `index` of the tree with `size` leaves and `root`.
/// The algorithm of RFC 9162, section 2.1.3.2.
#[must_use]
pub fn check_inclusion(leaf: &Hash, index: u64, size: u64, path: &[Hash], root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut position, mut last, mut hash) = (index, size - 1, *leaf);
    for sibling in path {
        if last == 0 {
            return false;
        }
        if position & 1 == 1 || position == last {
            hash = node(sibling, &hash);
            while position & 1 == 0 && position != 0 {
                position >>= 1;
                last >>= 1;
            }
        } else {
            hash = node(&hash, sibling);
        }
        position >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

/// Whether `path` proves that the tree of `old` leaves with `old_root` is a prefix of the tree of
/// `new` leaves with `new_root`. The algorithm of RFC 9162, section 2.1.4.2; an empty old tree is
/// a prefix of every tree, by an empty proof.
#[must_use]
pub fn check_consistency(old: u64, new: u64, old_root: &Hash, new_root: &Hash, path: &[Hash]) -> bool {
    if old > new {
        return false;
    }
    if old == new {
        return path.is_empty() && old_root == new_root;
    }
    if old == 0 {
        return path.is_empty() && *old_root == RightEdge::new().root();
    }
    let mut path = path.iter();
    let (mut position, mut last) = (old - 1, new - 1);
    let shift = position.trailing_ones();
    position >>= shift;
    last >>= shift;
    let first = if old.is_power_of_two() {
        Some(old_root)
    } else {
        path.next()
    };
    let Some(first) = first else { return false };
    let (mut old_hash, mut new_hash) = (*first, *first);
    for sibling in path {
        if last == 0 {
            return false;
        }
        if position & 1 == 1 || position == last {
            old_hash = node(sibling, &old_hash);
            new_hash = node(sibling, &new_hash);
            while position & 1 == 0 && position != 0 {
                position >>= 1;
                last >>= 1;
            }
        } else {
            new_hash = node(&new_hash, sibling);
        }
        position >>= 1;
        last >>= 1;
    }
    last == 0 && old_hash == *old_root && new_hash == *new_root
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::{hex, sha256};

    /// The definition of RFC 6962, section 2.1, written down as it stands.
    fn definition(leaves: &[Hash]) -> Hash {
        match leaves.len() {
            0 => sha256(b""),
            1 => leaves[0],
            n => {
                let k = split(n as u64) as usize;
                node(&definition(&leaves[..k]), &definition(&leaves[k..]))
            }
        }
    }

    fn leaves(n: u64) -> Vec<Hash> {
        (0..n).map(|i| leaf(&i.to_le_bytes())).collect()
    }

    fn proof(ranges: Vec<Range<u64>>, leaves: &[Hash]) -> Vec<Hash> {
        let mut maker = ProofMaker::new(ranges);
        leaves.iter().for_each(|leaf| maker.push(*leaf));
        maker.finish().unwrap()
    }

    /// The eight leaves and roots of Certificate Transparency's published tree tests.
    #[test]
    fn known_roots() {
        let inputs: [&[u8]; 8] = [
            b"",
            b"\x00",
            b"\x10",
            b"\x20\x21",
            b"\x30\x31",
            b"\x40\x41\x42\x43",
            b"\x50\x51\x52\x53\x54\x55\x56\x57",
            b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
        ];
        let roots = [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        let mut tree = RightEdge::new();
        assert_eq!(
            hex(&tree.root()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        for (input, root) in inputs.iter().zip(roots) {
            tree.append(leaf(input));
            assert_eq!(hex(&tree.root()), root);
        }
    }

    #[test]
    fn grows_as_defined() {
        let leaves = leaves(130);
        let mut tree = RightEdge::new();
        for n in 0..leaves.len() {
            assert_eq!(tree.root(), definition(&leaves[..n]));
            tree.append(leaves[n]);
        }
    }

    #[test]
    fn every_inclusion_proof_holds_for_its_leaf_only() {
        for size in 1..=33u64 {
            let leaves = leaves(size);
            let root = definition(&leaves);
            for index in 0..size {
                let path = proof(inclusion_ranges(index, size).unwrap(), &leaves);
                for (other, leaf) in leaves.iter().enumerate() {
                    for at in 0..=size {
                        let want = other as u64 == index && at == index;
                        assert_eq!(check_inclusion(leaf, at, size, &path, &root), want);
                    }
                }
                let mut longer = path.clone();
                longer.push([0; 32]);
                assert!(!check_inclusion(&leaves[index as usize], index, size, &longer, &root));
                if let Some((_, shorter)) = path.split_last() {
                    assert!(!check_inclusion(&leaves[index as usize], index, size, shorter, &root));
                }
            }
        }
        assert_eq!(inclusion_ranges(3, 3), None);
    }

    #[test]
    fn every_consistency_proof_holds_for_its_sizes_only() {
        for new in 0..=33u64 {
            let leaves = leaves(new);
            let roots: Vec<Hash> = (0..=new).map(|n| definition(&leaves[..n as usize])).collect();
            for old in 0..=new {
                let path = proof(consistency_ranges(old, new).unwrap(), &leaves);
                let root = &roots[new as usize];
                assert!(
                    check_consistency(old, new, &roots[old as usize], root, &path),
                    "{old} {new}"
                );
                for wrong in (0..=new).filter(|n| *n != old) {
                    assert!(!check_consistency(wrong, new, &roots[old as usize], root, &path));
                    assert!(!check_consistency(old, new, &roots[wrong as usize], root, &path) || old == new);
                }
                for i in 0..path.len() {
                    let mut bad = path.clone();
                    bad[i][0] ^= 1;
                    assert!(!check_consistency(old, new, &roots[old as usize], root, &bad));
                }
            }
        }
        assert_eq!(consistency_ranges(2, 1), None);
    }

    #[test]
    fn huge_trees_end() {
        assert!(inclusion_ranges(u64::MAX - 1, u64::MAX).unwrap().len() <= 64);
        assert!(consistency_ranges(u64::MAX / 2, u64::MAX).unwrap().len() <= 65);
        assert!(!check_inclusion(&[0; 32], 5, u64::MAX, &[[0; 32]; 70], &[0; 32]));
        assert!(!check_consistency(5, u64::MAX, &[0; 32], &[0; 32], &[[0; 32]; 80]));
    }
}
