//! Blobs in the order in which packs chain their differences: each is unpacked once, while what it is made from is at
//! hand.

use super::{
    delta,
    objects::{NONE, No, Objects, Reader},
    pack::Scratch,
    parse::Kind,
};

/// The trees of deltas: who is made from whom.
pub(super) struct Forest<'a> {
    objects: &'a Objects,
    /// Children of object `no` are `children[first[no]..first[no + 1]]`, those with the fewest wanted below them first.
    first: Vec<u32>,
    children: Vec<No>,
    /// Wanted objects at and below an object.
    weights: Vec<u32>,
    /// Which objects are wanted.
    wanted: Vec<bool>,
}

/// Bytes of bases that one thread holds; of what does not fit the oldest is unpacked again when it is needed.
const MOST_HELD: usize = 64 << 20;

/// Receives an object: its bytes, or none when it could not be unpacked.
pub(super) type Visit<'v> = &'v mut dyn FnMut(No, Option<&[u8]>);

impl<'a> Forest<'a> {
    /// Plants the trees. `wanted` has one entry per object.
    pub(super) fn new(objects: &'a Objects, wanted: Vec<bool>) -> Self {
        let count = objects.len();
        let mut first = vec![0_u32; count + 1];
        for no in objects.numbers() {
            if let Some(slot) = first
                .get_mut((objects.base(no) as usize).saturating_add(1))
                .filter(|_| objects.base(no) != NONE)
            {
                *slot += 1;
            }
        }
        let mut sum = 0;
        for slot in &mut first {
            sum += *slot;
            *slot = sum;
        }
        let mut next = first.clone();
        let mut children = vec![NONE; sum as usize];
        for no in objects.numbers().filter(|no| objects.base(*no) != NONE) {
            if let Some(place) = next.get_mut(objects.base(no) as usize) {
                if let Some(child) = children.get_mut(*place as usize) {
                    *child = no;
                }
                *place += 1;
            }
        }
        drop(next);
        let mut forest = Self {
            objects,
            first,
            children,
            weights: vec![0; count],
            wanted,
        };
        forest.weigh();
        forest
    }

    fn children(&self, no: No) -> &[No] {
        let at = no as usize;
        let range = self.first.get(at).zip(self.first.get(at + 1));
        range
            .and_then(|(start, end)| self.children.get(*start as usize..*end as usize))
            .unwrap_or_default()
    }

    fn weight(&self, no: No) -> u32 {
        self.weights.get(no as usize).copied().unwrap_or_default()
    }

    fn is_wanted(&self, no: No) -> bool {
        self.wanted.get(no as usize).copied().unwrap_or_default()
    }

    /// Counts wanted objects from the leaves to the roots. What hangs in a circle is reached from no root and weighs
    /// nothing.
    fn weigh(&mut self) {
        let mut order: Vec<No> = self
            .objects
            .numbers()
            .filter(|no| self.objects.base(*no) == NONE)
            .collect();
        let mut at = 0;
        while let Some(no) = order.get(at).copied() {
            order.extend_from_slice(self.children(no));
            at += 1;
        }
        for no in order.into_iter().rev() {
            let below: u32 = self
                .children(no)
                .iter()
                .map(|child| self.weight(*child))
                .fold(0, u32::saturating_add);
            let weight = below.saturating_add(u32::from(self.is_wanted(no)));
            if let Some(place) = self.weights.get_mut(no as usize) {
                *place = weight;
            }
        }
        for no in 0..self.first.len().saturating_sub(1) {
            let range = self
                .first
                .get(no)
                .zip(self.first.get(no + 1))
                .map(|(start, end)| *start as usize..*end as usize);
            let weights = &self.weights;
            let weight = |child: &No| weights.get(*child as usize).copied().unwrap_or_default();
            if let Some(children) = range
                .filter(|range| range.len() > 1)
                .and_then(|range| self.children.get_mut(range))
            {
                children.sort_unstable_by_key(weight);
            }
        }
    }

    /// The roots with something wanted below them, in jobs of about the same size, the largest first.
    pub(super) fn jobs(&self) -> Vec<Vec<No>> {
        let roots = self
            .objects
            .numbers()
            .filter(|no| self.objects.base(*no) == NONE && self.weight(*no) > 0);
        let mut heavy: Vec<Vec<No>> = Vec::new();
        let mut jobs: Vec<Vec<No>> = Vec::new();
        let (mut job, mut sum) = (Vec::new(), 0);
        for root in roots {
            if self.weight(root) >= 64 {
                heavy.push(vec![root]);
                continue;
            }
            job.push(root);
            sum += self.weight(root);
            if sum >= 64 {
                jobs.push(std::mem::take(&mut job));
                sum = 0;
            }
        }
        jobs.push(job);
        heavy.sort_by_key(|roots| std::cmp::Reverse(roots.first().map_or(0, |root| self.weight(*root))));
        heavy.extend(jobs);
        heavy
    }

    /// Wanted objects that no root leads to: their deltas hang in a circle, or what they are made from is missing.
    pub(super) fn unreachable(&self) -> impl Iterator<Item = No> {
        self.objects
            .numbers()
            .filter(|no| self.is_wanted(*no) && self.weight(*no) == 0)
    }

    /// Unpacks everything wanted below a root.
    pub(super) fn walk(&self, root: No, hands: &mut Hands<'a>, visit: Visit<'_>) {
        let mut stack = Vec::new();
        let mut bytes = hands.spare.pop().unwrap_or_default();
        // What is of no known kind is a delta whose base is missing.
        let known = self.objects.kind(root) != Kind::Unknown;
        if !known || self.objects.unpack(root, &mut hands.scratch, &mut bytes).is_none() {
            self.fail(root, visit);
            return;
        }
        if self.is_wanted(root) {
            visit(root, Some(&bytes));
        }
        let mut held = bytes.len();
        stack.push(Frame::new(root, bytes));
        while let Some(top) = stack.last_mut() {
            let children = self.children(top.no);
            while children.get(top.next).is_some_and(|child| self.weight(*child) == 0) {
                top.next += 1;
            }
            let Some(child) = children.get(top.next).copied() else {
                held -= top.bytes.as_ref().map_or(0, Vec::len);
                let bytes = stack.pop().and_then(|frame| frame.bytes);
                hands.spare.extend(bytes.filter(|bytes| bytes.capacity() <= 4 << 20));
                hands.spare.truncate(8);
                continue;
            };
            top.next += 1;
            if top.bytes.is_none() {
                // It was let go to save memory.
                top.bytes = hands.reader.read(top.no).map(|bytes| bytes.to_vec());
                held += top.bytes.as_ref().map_or(0, Vec::len);
            }
            let mut made = hands.spare.pop().unwrap_or_default();
            let fits = self
                .objects
                .unpack(child, &mut hands.scratch, &mut hands.delta)
                .is_some()
                && top
                    .bytes
                    .as_ref()
                    .is_some_and(|base| delta::apply(base, &hands.delta, &mut made).is_some());
            if top.next == children.len() {
                // The last child: its base is not needed any more.
                held -= top.bytes.as_ref().map_or(0, Vec::len);
                hands
                    .spare
                    .extend(top.bytes.take().filter(|bytes| bytes.capacity() <= 4 << 20));
            }
            if !fits {
                self.fail(child, visit);
                continue;
            }
            if self.is_wanted(child) {
                visit(child, Some(&made));
            }
            held += made.len();
            stack.push(Frame::new(child, made));
            let last = stack.len() - 1;
            for frame in stack.iter_mut().take(last) {
                if held <= MOST_HELD {
                    break;
                }
                held -= frame.bytes.take().map_or(0, |bytes| bytes.len());
            }
        }
    }

    /// Everything wanted at and below an object that could not be unpacked.
    fn fail(&self, no: No, visit: Visit<'_>) {
        let mut waiting = vec![no];
        while let Some(no) = waiting.pop() {
            if self.is_wanted(no) {
                visit(no, None);
            }
            waiting.extend(self.children(no).iter().filter(|child| self.weight(**child) > 0));
        }
    }
}

/// An object on the way from a root to a leaf.
struct Frame {
    no: No,
    bytes: Option<Vec<u8>>,
    next: usize,
}

impl Frame {
    fn new(no: No, bytes: Vec<u8>) -> Self {
        Self {
            no,
            bytes: Some(bytes),
            next: 0,
        }
    }
}

/// What one thread works with.
pub(super) struct Hands<'a> {
    scratch: Scratch,
    delta: Vec<u8>,
    spare: Vec<Vec<u8>>,
    reader: Reader<'a>,
}

impl<'a> Hands<'a> {
    pub(super) fn new(objects: &'a Objects) -> Self {
        Self {
            scratch: Scratch::new(),
            delta: Vec::new(),
            spare: Vec::new(),
            reader: Reader::new(objects),
        }
    }
}
