//! FF1, format-preserving encryption: numbers to numbers of the same length and alphabet.
//!
//! NIST SP 800-38G (2016), with the least domain of its revision 1: below a million values a code book is too easily
//! made, so they are refused.

use aes::{
    Aes128, Aes192, Aes256,
    cipher::{BlockCipherEncrypt, KeyInit},
};

use crate::{Error, ErrorKind};

/// The fewest values a domain may have (SP 800-38G Rev. 1, section 5.1).
pub const LEAST_DOMAIN: u128 = 1_000_000;

/// Half of a number must stay below this, so that a step of the arithmetic fits 128 bits.
const MOST_HALF: u128 = 1 << 120;

enum Cipher {
    Aes128(Box<Aes128>),
    Aes192(Box<Aes192>),
    Aes256(Box<Aes256>),
}

/// FF1 under one key.
pub struct Ff1 {
    cipher: Cipher,
}

impl Ff1 {
    /// With an AES key of 16, 24 or 32 bytes.
    ///
    /// # Errors
    /// [`ErrorKind::Argument`] for another length.
    pub fn new(key: &[u8]) -> Result<Self, Error> {
        let wrong = |_| Error::new(ErrorKind::Argument, "a key of AES has 16, 24 or 32 bytes");
        let cipher = match key.len() {
            16 => Cipher::Aes128(Box::new(Aes128::new_from_slice(key).map_err(wrong)?)),
            24 => Cipher::Aes192(Box::new(Aes192::new_from_slice(key).map_err(wrong)?)),
            _ => Cipher::Aes256(Box::new(Aes256::new_from_slice(key).map_err(wrong)?)),
        };
        Ok(Self { cipher })
    }

    /// Encrypts `numerals`, each below `radix`. A permutation of all numbers of that length, another one for every
    /// `tweak`.
    ///
    /// # Errors
    /// [`ErrorKind::Argument`] when the radix is not in 2..=65536, a numeral is not below it, there are fewer than
    /// [`LEAST_DOMAIN`] numbers of that length, or half of one does not fit 120 bits.
    pub fn encrypt(&self, tweak: &[u8], radix: u32, numerals: &[u16]) -> Result<Vec<u16>, Error> {
        let shape = Shape::new(tweak, radix, numerals)?;
        let (mut a, mut b) = shape.split(numerals);
        for round in 0..10 {
            let m = shape.modulus(round);
            let c = (a % m + shape.round(self, tweak, round, b, m)) % m;
            (a, b) = (b, c);
        }
        Ok(shape.join(a, b))
    }

    /// The inverse of [`Ff1::encrypt`].
    ///
    /// # Errors
    /// As there.
    pub fn decrypt(&self, tweak: &[u8], radix: u32, numerals: &[u16]) -> Result<Vec<u16>, Error> {
        let shape = Shape::new(tweak, radix, numerals)?;
        let (mut a, mut b) = shape.split(numerals);
        for round in (0..10).rev() {
            let m = shape.modulus(round);
            let c = (b % m + m - shape.round(self, tweak, round, a, m)) % m;
            (b, a) = (a, c);
        }
        Ok(shape.join(a, b))
    }

    fn block(&self, block: &mut [u8; 16]) {
        let mut wide = (*block).into();
        match &self.cipher {
            Cipher::Aes128(aes) => aes.encrypt_block(&mut wide),
            Cipher::Aes192(aes) => aes.encrypt_block(&mut wide),
            Cipher::Aes256(aes) => aes.encrypt_block(&mut wide),
        }
        *block = wide.into();
    }
}

/// What the algorithm derives from lengths: steps 1 to 5 of SP 800-38G, section 6.1.
struct Shape {
    radix: u32,
    u: usize,
    v: usize,
    /// radix to the power of u, and of v.
    powers: (u128, u128),
    /// Bytes of a half.
    b: usize,
    p: [u8; 16],
}

impl Shape {
    fn new(tweak: &[u8], radix: u32, numerals: &[u16]) -> Result<Self, Error> {
        let refuse = |what| Err(Error::new(ErrorKind::Argument, what));
        let n = numerals.len();
        let (u, v) = (n / 2, n - n / 2);
        let (Some(n32), Some(t32)) = (u32::try_from(n).ok(), u32::try_from(tweak.len()).ok()) else {
            return refuse("more numerals or a longer tweak than FF1 takes");
        };
        if !(2..=65_536).contains(&radix) || numerals.iter().any(|x| u32::from(*x) >= radix) {
            return refuse("a numeral is not below the radix");
        }
        let power = |len: usize| {
            let len = u32::try_from(len).ok()?;
            u128::from(radix).checked_pow(len).filter(|power| *power <= MOST_HALF)
        };
        let (Some(of_u), Some(of_v)) = (power(u), power(v)) else {
            return refuse("half of the number does not fit 120 bits");
        };
        if of_u.saturating_mul(of_v) < LEAST_DOMAIN {
            return refuse("fewer than a million numbers have this length");
        }
        let bits = 128 - (of_v - 1).leading_zeros();
        let mut p = [1, 2, 1, 0, 0, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        let [_, r1, r2, r3] = radix.to_be_bytes();
        p[3..6].copy_from_slice(&[r1, r2, r3]);
        p[7] = (u % 256) as u8;
        p[8..12].copy_from_slice(&n32.to_be_bytes());
        p[12..16].copy_from_slice(&t32.to_be_bytes());
        Ok(Self {
            radix,
            u,
            v,
            powers: (of_u, of_v),
            b: bits.div_ceil(8) as usize,
            p,
        })
    }

    fn modulus(&self, round: u8) -> u128 {
        if round.is_multiple_of(2) {
            self.powers.0
        } else {
            self.powers.1
        }
    }

    fn split(&self, numerals: &[u16]) -> (u128, u128) {
        let number = |part: &[u16]| {
            part.iter()
                .fold(0_u128, |n, x| n * u128::from(self.radix) + u128::from(*x))
        };
        let (a, b) = numerals.split_at_checked(self.u).unwrap_or((numerals, &[]));
        (number(a), number(b))
    }

    fn join(&self, a: u128, b: u128) -> Vec<u16> {
        let radix = u128::from(self.radix);
        let mut out = Vec::with_capacity(self.u + self.v);
        for (mut number, len) in [(b, self.v), (a, self.u)] {
            for _ in 0..len {
                out.push(u16::try_from(number % radix).unwrap_or(0));
                number /= radix;
            }
        }
        out.reverse();
        out
    }

    /// Steps 6.i to 6.iv: y, below the modulus `m`.
    fn round(&self, ff1: &Ff1, tweak: &[u8], round: u8, half: u128, m: u128) -> u128 {
        let mut q = tweak.to_vec();
        q.resize(tweak.len() + (16 - (tweak.len() + self.b + 1) % 16) % 16, 0);
        q.push(round);
        let bytes = half.to_be_bytes();
        q.extend_from_slice(bytes.get(16 - self.b..).unwrap_or_default());
        let mut r = self.p;
        ff1.block(&mut r);
        for block in q.chunks(16) {
            for (to, from) in r.iter_mut().zip(block) {
                *to ^= from;
            }
            ff1.block(&mut r);
        }
        // d bytes of r, then of the encrypted r xor 1, r xor 2, ...
        let d = 4 * self.b.div_ceil(4) + 4;
        let mut s = r.to_vec();
        let mut j = 0_u128;
        while s.len() < d {
            j += 1;
            let mut next = (u128::from_be_bytes(r) ^ j).to_be_bytes();
            ff1.block(&mut next);
            s.extend_from_slice(&next);
        }
        s.iter()
            .take(d)
            .fold(0_u128, |y, byte| (y * 256 + u128::from(*byte)) % m)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KEY: &str = "2b7e151628aed2a6abf7158809cf4f3cef4359d8d580aa4f7f036d6f04fc6a94";

    fn bytes(hex: &str) -> Vec<u8> {
        data_encoding::HEXLOWER.decode(hex.as_bytes()).unwrap()
    }

    fn numerals(text: &str) -> Vec<u16> {
        text.chars()
            .map(|c| u16::try_from(c.to_digit(36).unwrap()).unwrap())
            .collect()
    }

    /// The nine samples for FF1 that NIST publishes with SP 800-38G.
    #[test]
    fn nist_samples() {
        let (digits, letters) = ("0123456789", "0123456789abcdefghi");
        let (t10, t11) = ("39383736353433323130", "3737373770717273373737");
        for (key_bytes, radix, tweak, plain, expect) in [
            (16, 10, "", digits, "2433477484"),
            (16, 10, t10, digits, "6124200773"),
            (16, 36, t11, letters, "a9tv40mll9kdu509eum"),
            (24, 10, "", digits, "2830668132"),
            (24, 10, t10, digits, "2496655549"),
            (24, 36, t11, letters, "xbj3kv35jrawxv32ysr"),
            (32, 10, "", digits, "6657667009"),
            (32, 10, t10, digits, "1001623463"),
            (32, 36, t11, letters, "xs8a0azh2avyalyzuwd"),
        ] {
            let ff1 = Ff1::new(&bytes(&KEY[..2 * key_bytes])).unwrap();
            let sealed = ff1.encrypt(&bytes(tweak), radix, &numerals(plain)).unwrap();
            assert_eq!(sealed, numerals(expect));
            assert_eq!(ff1.decrypt(&bytes(tweak), radix, &sealed).unwrap(), numerals(plain));
        }
    }

    #[test]
    fn refuses_what_is_not_safe() {
        let ff1 = Ff1::new(&[7; 32]).unwrap();
        assert!(Ff1::new(&[7; 17]).is_err());
        for (radix, text) in [
            (10, "12345"),
            (10, ""),
            (36, "abc"),
            (10, "12345a"),
            (1, "000000"),
            (65_537, "0000"),
        ] {
            assert_eq!(
                ff1.encrypt(b"", radix, &numerals(text)).unwrap_err().kind(),
                ErrorKind::Argument
            );
        }
        assert!(ff1.encrypt(b"", 10, &[0; 73]).is_err());
        assert!(ff1.encrypt(b"", 10, &[9; 72]).is_ok());
        assert!(ff1.encrypt(b"", 10, &[9; 6]).is_ok());
    }

    proptest! {
        #[test]
        fn decrypts_what_it_encrypts(
            key in any::<[u8; 32]>(),
            tweak in proptest::collection::vec(any::<u8>(), 0..40),
            radix in 2_u32..=65_536,
            seed in proptest::collection::vec(any::<u16>(), 20..60),
        ) {
            let ff1 = Ff1::new(&key).unwrap();
            let plain: Vec<u16> = seed.iter().map(|x| u16::try_from(u32::from(*x) % radix).unwrap()).collect();
            if let Ok(sealed) = ff1.encrypt(&tweak, radix, &plain) {
                prop_assert_eq!(sealed.len(), plain.len());
                prop_assert!(sealed.iter().all(|x| u32::from(*x) < radix));
                prop_assert_eq!(ff1.decrypt(&tweak, radix, &sealed).unwrap(), plain);
            }
        }
    }
}
