//! Random bytes from the operating system.

use crate::{Error, ErrorKind};

/// `N` random bytes, fit for keys.
///
/// # Errors
/// [`ErrorKind::Random`] when the system gives none.
pub fn bytes<const N: usize>() -> Result<[u8; N], Error> {
    let mut out = [0u8; N];
    getrandom::fill(&mut out).map_err(|_| Error::new(ErrorKind::Random, "the system gives no random bytes"))?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    #[test]
    fn two_draws_differ() {
        assert_ne!(super::bytes::<32>().unwrap(), super::bytes::<32>().unwrap());
    }
}
