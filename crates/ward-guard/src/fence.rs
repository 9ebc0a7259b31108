//! Takes the marks of a request out of its answer: they fence records off, and say nothing to whoever asked.

/// Passes an answer on, piece by piece, without the mark, and holds back only what may be the start of it.
/// However the answer is cut, what is passed on is the same.
pub(crate) struct FenceStrip {
    /// Small ASCII letters.
    mark: String,
    held: String,
    taken: u64,
}

impl FenceStrip {
    pub(crate) fn new(mark: String) -> Self {
        Self {
            mark,
            held: String::new(),
            taken: 0,
        }
    }

    /// Takes a piece; what is certain goes to `out`.
    pub(crate) fn push(&mut self, piece: &str, out: &mut String) {
        self.held.push_str(piece);
        let folded = self.held.to_ascii_lowercase();
        let mut from = 0;
        while let Some(at) = folded.get(from..).and_then(|rest| rest.find(&self.mark)) {
            out.push_str(self.held.get(from..from + at).unwrap_or_default());
            from += at + self.mark.len();
            self.taken += 1;
        }
        let rest = folded.get(from..).unwrap_or_default();
        let live = (1..self.mark.len().min(rest.len() + 1))
            .rev()
            .find(|n| self.mark.get(..*n).is_some_and(|begin| rest.ends_with(begin)))
            .unwrap_or(0);
        let safe = folded.len() - live;
        out.push_str(self.held.get(from..safe).unwrap_or_default());
        self.held.drain(..safe);
    }

    /// The answer is over. Says how many marks were taken out.
    pub(crate) fn finish(self, out: &mut String) -> u64 {
        out.push_str(&self.held);
        self.taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn whole(pieces: &[&str]) -> (String, u64) {
        let (mut out, mut strip) = (String::new(), FenceStrip::new("bcbd".to_owned()));
        for piece in pieces {
            strip.push(piece, &mut out);
        }
        let taken = strip.finish(&mut out);
        (out, taken)
    }

    #[test]
    fn marks_are_taken_out() {
        assert_eq!(whole(&["a <<<record 1 BCbd\nx"]), ("a <<<record 1 \nx".to_owned(), 1));
        assert_eq!(whole(&["bcbcbdbcb"]), ("bcbcb".to_owned(), 1));
        assert_eq!(whole(&["bc"]), ("bc".to_owned(), 0));
    }

    proptest! {
        #[test]
        fn cutting_changes_nothing(text in "[bBcdé]{0,24}", cuts in prop::collection::vec(0usize..40, 0..6)) {
            let mut at: Vec<usize> = cuts.into_iter().map(|c| c.min(text.len())).filter(|c| text.is_char_boundary(*c)).collect();
            at.extend([0, text.len()]);
            at.sort_unstable();
            let pieces: Vec<&str> = at.windows(2).map(|w| &text[w[0]..w[1]]).collect();
            prop_assert_eq!(whole(&pieces), whole(&[&text]));
        }
    }
}
