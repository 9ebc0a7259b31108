//! Pictures that come with a request: checked, and made anew from their pixels.
//!
//! A picture is hostile three ways. Its file can attack what decodes it, its size can exhaust memory, and beside the pixels it
//! carries what nobody looked at: where it was taken, by whom, a second picture, a file behind its end. So the bytes must
//! begin as what they are said to be (PNG, RFC 2083; JPEG, ITU-T T.81), whatever is not pixels is left out before anything is
//! decoded, width and height are judged, the decoder may allocate so much and no more, and what goes on is encoded again from
//! the pixels and holds nothing else.
//!
//! What is written or shown in the pixels is not examined. That stands in the evidence, and is why pictures are refused
//! unless the operator says otherwise.

mod bare;

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, ImageReader, codecs::jpeg::JpegEncoder};

/// Longest side of a picture, in pixels.
pub const LONGEST_SIDE: u32 = 8192;
/// Bytes of memory that a pixel may cost while it is decoded.
const BYTES_A_PIXEL: u64 = 16;
/// Quality of what is encoded again as JPEG, of 100.
const QUALITY: u8 = 90;

/// A kind of picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Media {
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
}

impl Media {
    /// Its media type.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Media::Png => "image/png",
            Media::Jpeg => "image/jpeg",
        }
    }

    /// The kind of that media type.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        [Media::Png, Media::Jpeg].into_iter().find(|media| media.word() == word)
    }

    fn begins(self) -> &'static [u8] {
        match self {
            Media::Png => bare::PNG,
            Media::Jpeg => bare::JPEG,
        }
    }

    fn format(self) -> ImageFormat {
        match self {
            Media::Png => ImageFormat::Png,
            Media::Jpeg => ImageFormat::Jpeg,
        }
    }
}

/// Why a picture is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum MediaError {
    /// It does not begin as what it is said to be.
    Kind,
    /// It has more pixels than are left.
    Large,
    /// It is wider or higher than [`LONGEST_SIDE`].
    Long,
    /// It cannot be decoded whole.
    Broken,
}

/// A picture made anew. Its bytes hold pixels and nothing else.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    media: Media,
    bytes: Vec<u8>,
    pixels: usize,
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Picture")
            .field("pixels", &self.pixels)
            .finish_non_exhaustive()
    }
}

impl Picture {
    /// Checks a picture and encodes it again. `most` is how many pixels it may have.
    ///
    /// # Errors
    /// Why it is not taken.
    pub fn new(bytes: &[u8], media: Media, most: usize) -> Result<Self, MediaError> {
        if !bytes.starts_with(media.begins()) {
            return Err(MediaError::Kind);
        }
        let bare = match media {
            Media::Png => bare::png(bytes),
            Media::Jpeg => bare::jpeg(bytes),
        };
        let bare = bare.ok_or(MediaError::Broken)?;
        let reader = || ImageReader::with_format(Cursor::new(&bare), media.format());
        let (width, height) = reader().into_dimensions().map_err(|_| MediaError::Broken)?;
        let pixels = u64::from(width) * u64::from(height);
        if width > LONGEST_SIDE || height > LONGEST_SIDE {
            return Err(MediaError::Long);
        }
        if pixels > most as u64 {
            return Err(MediaError::Large);
        }
        let mut reader = reader();
        let mut limits = image::Limits::no_limits();
        limits.max_image_width = Some(LONGEST_SIDE);
        limits.max_image_height = Some(LONGEST_SIDE);
        limits.max_alloc = Some(pixels * BYTES_A_PIXEL + (1 << 20));
        reader.limits(limits);
        let decoded = reader.decode().map_err(|_| MediaError::Broken)?;
        let mut anew = Vec::new();
        match media {
            // Eight bits a channel: what a model sees, and no room for more.
            Media::Png => {
                let plain = if decoded.color().has_alpha() {
                    DynamicImage::ImageRgba8(decoded.into_rgba8())
                } else {
                    DynamicImage::ImageRgb8(decoded.into_rgb8())
                };
                plain.write_to(&mut Cursor::new(&mut anew), ImageFormat::Png)
            }
            Media::Jpeg => JpegEncoder::new_with_quality(&mut anew, QUALITY).encode_image(&decoded.into_rgb8()),
        }
        .map_err(|_| MediaError::Broken)?;
        Ok(Self {
            media,
            bytes: anew,
            pixels: usize::try_from(pixels).unwrap_or(usize::MAX),
        })
    }

    /// What it is.
    #[must_use]
    pub fn media(&self) -> Media {
        self.media
    }

    /// Its bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many pixels it has.
    #[must_use]
    pub fn pixels(&self) -> usize {
        self.pixels
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A picture of that size, with a little in it.
    pub(crate) fn drawn(media: Media, width: u32, height: u32) -> Vec<u8> {
        let picture = image::RgbImage::from_fn(width, height, |x, y| image::Rgb([x as u8, y as u8, 7]));
        let mut bytes = Vec::new();
        DynamicImage::ImageRgb8(picture)
            .write_to(&mut Cursor::new(&mut bytes), media.format())
            .unwrap();
        bytes
    }

    /// The check of a chunk of a PNG (RFC 2083, section 3.4).
    fn crc(bytes: &[u8]) -> u32 {
        let step = |crc: u32, byte: &u8| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
                if crc & 1 == 1 {
                    0xedb8_8320 ^ (crc >> 1)
                } else {
                    crc >> 1
                }
            })
        };
        !bytes.iter().fold(!0, step)
    }

    /// A PNG with another chunk after its header, which is 33 bytes long.
    pub(crate) fn with_chunk(png: &[u8], kind: &[u8], data: &[u8]) -> Vec<u8> {
        let body = [kind, data].concat();
        let length = u32::try_from(data.len()).unwrap().to_be_bytes();
        [&png[..33], &length, &body, &crc(&body).to_be_bytes(), &png[33..]].concat()
    }

    fn holds(bytes: &[u8], text: &[u8]) -> bool {
        bytes.windows(text.len()).any(|window| window == text)
    }

    #[test]
    fn only_pixels_are_left() {
        let png = with_chunk(&drawn(Media::Png, 30, 20), b"tEXt", b"Author\0PLANTED");
        let png = [&png[..], b"PLANTED behind the end"].concat();
        let jpeg = drawn(Media::Jpeg, 30, 20);
        let exif = b"Exif\0\0PLANTED in the header";
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        let jpeg = [&jpeg[..2], b"\xff\xe1", &length, exif, &jpeg[2..], b"PLANTED"].concat();
        for (media, bytes) in [(Media::Png, png), (Media::Jpeg, jpeg)] {
            assert!(holds(&bytes, b"PLANTED"));
            let picture = Picture::new(&bytes, media, 600).unwrap();
            assert_eq!((picture.media(), picture.pixels()), (media, 600));
            assert!(!holds(picture.bytes(), b"PLANTED"), "{media:?}");
            assert!(!holds(picture.bytes(), b"Exif") && !holds(picture.bytes(), b"tEXt"));
            let again = image::load_from_memory(picture.bytes()).unwrap();
            assert_eq!((again.width(), again.height()), (30, 20));
        }
    }

    #[test]
    fn what_is_too_large_or_something_else_is_not_decoded() {
        let png = drawn(Media::Png, 30, 20);
        let check = |bytes: &[u8], media, most, expect| {
            assert_eq!(Picture::new(bytes, media, most).map(drop), expect, "{media:?} {most}");
        };
        check(&png, Media::Png, 601, Ok(()));
        check(&png, Media::Png, 600, Ok(()));
        check(&png, Media::Png, 599, Err(MediaError::Large));
        check(&png, Media::Jpeg, 600, Err(MediaError::Kind));
        check(b"", Media::Png, 600, Err(MediaError::Kind));
        check(b"GIF89a", Media::Png, 600, Err(MediaError::Kind));
        check(&png[..png.len() / 2], Media::Png, 600, Err(MediaError::Broken));
        // A header that claims 60,000 by 60,000: fifteen gigabytes that nobody allocates.
        let mut bomb = png.clone();
        bomb[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
        let check_of_header = crc(&bomb[12..29]).to_be_bytes();
        bomb[29..33].copy_from_slice(&check_of_header);
        check(&bomb, Media::Png, usize::MAX, Err(MediaError::Long));
        for at in 0..png.len() {
            let mut bent = png.clone();
            bent[at] ^= 0x55;
            let _ = Picture::new(&bent, Media::Png, 600);
        }
        for media in [Media::Png, Media::Jpeg] {
            assert_eq!(Media::of_word(media.word()), Some(media));
        }
        assert_eq!(Media::of_word("image/svg+xml"), None);
    }
}
