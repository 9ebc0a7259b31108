//! What a hostile picture costs while it is looked at, measured as the process's own peak. The only test of its file: nothing
//! else runs in the process.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use ward_guard::media::{Media, Picture};

/// What bombs unpack to, in bytes.
const UNPACKED: usize = 256 << 20;
/// What a picture of 600 pixels may cost.
const MOST: usize = 24 << 20;

/// The most memory that this process ever had, in bytes.
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    let kib: usize = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kib << 10
}

/// Zeros, packed a thousandfold: blocks of fixed codes (RFC 1951, section 3.2.6), a zero and then "258 more of it" again and again.
fn zeros() -> Vec<u8> {
    let mut packed = vec![0x78, 0x9c];
    let (mut bits, mut held) = (0u32, 0u32);
    let mut put = |code: u32, length: u32| {
        bits |= code << held;
        held += length;
        while held >= 8 {
            packed.push(bits as u8);
            bits >>= 8;
            held -= 8;
        }
    };
    // The last block, of fixed codes; the literal 0 is 00110000, with its first bit first.
    put(0b011, 3);
    put(0b0000_1100, 8);
    for _ in 0..UNPACKED / 258 {
        // Length 258 is code 285, 11000101; distance 1 is code 0.
        put(0b1010_0011, 8);
        put(0, 5);
    }
    put(0, 7);
    put(0, 7);
    packed.extend([0; 4]);
    packed
}

fn crc(bytes: &[u8]) -> u32 {
    let table: Vec<u32> = (0..256u32)
        .map(|n| {
            (0..8).fold(n, |crc, _| {
                if crc & 1 == 1 {
                    0xedb8_8320 ^ (crc >> 1)
                } else {
                    crc >> 1
                }
            })
        })
        .collect();
    !bytes
        .iter()
        .fold(!0, |crc, byte| table[usize::from(crc as u8 ^ byte)] ^ (crc >> 8))
}

fn chunk(kind: &[u8], data: &[u8]) -> Vec<u8> {
    let body = [kind, data].concat();
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    [&length[..], &body, &crc(&body).to_be_bytes()].concat()
}

#[test]
fn nothing_beside_the_pixels_is_unpacked() {
    let zeros = zeros();
    let header = |width: u32, height: u32| {
        let size = [width.to_be_bytes(), height.to_be_bytes()].concat();
        chunk(b"IHDR", &[&size[..], &[8, 2, 0, 0, 0]].concat())
    };
    let png = |chunks: &[Vec<u8>]| [&b"\x89PNG\r\n\x1a\n"[..], &chunks.concat(), &chunk(b"IEND", b"")].concat();
    let profile = chunk(b"iCCP", &[b"p\0\0", &zeros[..]].concat());
    let text = chunk(b"zTXt", &[b"p\0\0", &zeros[..]].concat());
    let international = chunk(b"iTXt", &[b"p\0\x01\0\0\0", &zeros[..]].concat());
    let pixels = chunk(b"IDAT", &zeros);
    let before = peak();
    for (name, file) in [
        ("profile", png(&[header(30, 20), profile, pixels.clone()])),
        ("text", png(&[header(30, 20), text, pixels.clone()])),
        (
            "international text",
            png(&[header(30, 20), international, pixels.clone()]),
        ),
        ("more pixels than it has", png(&[header(30, 20), pixels])),
    ] {
        let _ = Picture::new(&file, Media::Png, 600);
        let grown = peak() - before;
        assert!(grown < MOST, "{name}: {} MiB", grown >> 20);
    }
    // Segments of a JPEG, as many as a request can bring.
    let mut jpeg = vec![0xff, 0xd8];
    for n in 1..=120u8 {
        let profile = [&b"ICC_PROFILE\0"[..], &[n, 120], &[7; 65_000]].concat();
        jpeg.extend([0xff, 0xe2]);
        jpeg.extend(u16::try_from(profile.len() + 2).unwrap().to_be_bytes());
        jpeg.extend(profile);
    }
    let before = peak();
    let _ = Picture::new(&jpeg, Media::Jpeg, 600);
    let grown = peak() - before;
    assert!(grown < MOST, "JPEG: {} MiB", grown >> 20);
}
