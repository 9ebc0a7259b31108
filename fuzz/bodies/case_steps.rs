//! What is read back from a sealed case: steps in any order, damaged or not, come to a state or an error; and an age file
//! that was changed is never opened.

use ward_disclose::{
    Case,
    case::{Role, Step, What, needs},
};
use ward_seal::age::{Identity, decrypt, encrypt};

pub fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut steps: Vec<Step> = text
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    for _ in 0..2 {
        if let Ok(case) = Case::from_steps("WD-2026-0001", steps.clone()) {
            assert_eq!(case.steps.len(), steps.len());
            let supported = ["1.x".to_owned()];
            let closing = case.check(Role::Coordinator, &What::Closed { reason: None }, &supported);
            // A case that lacks something is never closed.
            assert!(closing.is_err() || needs(&case, &supported).is_empty());
            assert!(
                case.check(Role::Observer, &What::Noted { text: String::new() }, &supported)
                    .is_err()
            );
        }
        steps.reverse();
    }
    let identity = Identity::from_text("AGE-SECRET-KEY-1").or_else(|_| Identity::generate());
    if let Ok(identity) = identity {
        let sealed = encrypt(data, &[identity.recipient()]).unwrap();
        assert_eq!(**decrypt(&sealed, std::slice::from_ref(&identity)).unwrap(), *data);
        assert!(decrypt(data, &[identity]).is_err());
    }
}
