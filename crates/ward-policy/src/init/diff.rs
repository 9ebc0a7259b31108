//! What changes in a file, as a unified diff that `git apply` takes.

use std::fmt::Write as _;

/// Lines of the surroundings.
const AROUND: usize = 3;

/// The change from `before` to `after`: one hunk from the first line that differs to the last. Empty when nothing does.
#[must_use]
pub fn unified(path: &str, before: Option<&str>, after: &str) -> String {
    let old: Vec<&str> = before.unwrap_or_default().split_inclusive('\n').collect();
    let new: Vec<&str> = after.split_inclusive('\n').collect();
    if before == Some(after) {
        return String::new();
    }
    let same = |pairs: &mut dyn Iterator<Item = (&&str, &&str)>| pairs.take_while(|(a, b)| a == b).count();
    let start = same(&mut old.iter().zip(&new));
    let most = old.len().min(new.len()) - start;
    let end = same(&mut old.iter().rev().zip(new.iter().rev())).min(most);
    let first = start.saturating_sub(AROUND);
    let (old_end, new_end) = (old.len() - end, new.len() - end);
    let last = (old_end + AROUND).min(old.len());
    let after_old = last - old_end;
    let mut out = match before {
        Some(_) => format!("--- a/{path}\n+++ b/{path}\n"),
        None => format!("--- /dev/null\n+++ b/{path}\n"),
    };
    let range = |first: usize, count: usize| {
        let first = if count == 0 { first } else { first + 1 };
        format!("{first},{count}")
    };
    // Writing to a String cannot fail.
    let _ = writeln!(
        out,
        "@@ -{} +{} @@",
        range(first, last - first),
        range(first, new_end + after_old - first)
    );
    let mut write = |sign: char, lines: Vec<&str>| {
        for line in lines {
            let _ = write!(out, "{sign}{line}");
            if !line.ends_with('\n') {
                let _ = write!(out, "\n\\ No newline at end of file\n");
            }
        }
    };
    write(' ', part(&old, first, start));
    write('-', part(&old, start, old_end));
    write('+', part(&new, start, new_end));
    write(' ', part(&old, old_end, last));
    out
}

fn part<'a>(lines: &[&'a str], from: usize, to: usize) -> Vec<&'a str> {
    lines.get(from..to).unwrap_or_default().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_unified_diffs() {
        assert_eq!(unified("f", Some("a\n"), "a\n"), "");
        assert_eq!(
            unified("f", None, "a\nb\n"),
            "--- /dev/null\n+++ b/f\n@@ -0,0 +1,2 @@\n+a\n+b\n"
        );
        assert_eq!(
            unified("f", Some("1\n2\n3\n4\n5\n6\n7\n8"), "1\n2\n3\n4\nX\n6\n7\n8"),
            "--- a/f\n+++ b/f\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+X\n 6\n 7\n 8\n\\ No newline at end of file\n"
        );
        assert_eq!(
            unified("f", Some("a\na\n"), "a\na\na\n"),
            "--- a/f\n+++ b/f\n@@ -1,2 +1,3 @@\n a\n a\n+a\n"
        );
    }
}
