//! Any bytes as a picture: no panic, no more pixels than allowed, and what is made anew can be read again and is as large.

use ward_guard::media::{Media, Picture};

/// Pixels that one picture may have here.
const MOST: usize = 1 << 16;

/// Reads `data` as both kinds of picture.
pub fn run(data: &[u8]) {
    for media in [Media::Png, Media::Jpeg] {
        let Ok(picture) = Picture::new(data, media, MOST) else {
            continue;
        };
        assert!(picture.pixels() <= MOST && picture.media() == media);
        let again = Picture::new(picture.bytes(), media, MOST).expect("what was made anew is a picture");
        assert_eq!(again.pixels(), picture.pixels());
    }
}
