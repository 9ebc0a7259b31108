//! Archives and compressed files as folders. Laws: opening any bytes ends, hands on no more than the limits allow, and
//! says the same twice.

use ward_formats::input::Input;
use ward_scan::archive::{self, Limits, Member, Spent};

/// Opens `data` as whatever it is.
pub fn run(data: &[u8]) {
    let content = Input::of_bytes(data);
    let Some(kind) = archive::kind(&content) else {
        return;
    };
    let limits = Limits {
        member_bytes: 1 << 20,
        total_bytes: 4 << 20,
        members: 50,
        ..Limits::default()
    };
    let open = || {
        let (mut members, mut bytes, mut problems) = (0_u64, 0_u64, 0_u64);
        let mut spent = Spent::default();
        archive::open(
            &content,
            kind,
            "x.gz",
            &limits,
            &mut spent,
            &mut |member, _| match member {
                Member::Bytes { bytes: content, .. } => {
                    members += 1;
                    bytes += content.len() as u64;
                    assert!(content.len() as u64 <= limits.member_bytes);
                }
                Member::Problem { why, .. } => {
                    problems += 1;
                    assert!(!why.is_empty());
                }
            },
        );
        assert!(members <= limits.members && bytes <= limits.total_bytes);
        (members, bytes, problems)
    };
    assert_eq!(open(), open());
}
