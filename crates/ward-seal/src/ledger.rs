//! The ledger: an append-only log that anyone can verify and nobody can quietly change.
//!
//! A ledger is a folder of its own:
//!
//! ```text
//! segment-00000001.ledger ...  the entries and their checkpoints, appended to, up to 64 MiB each
//! checkpoint                   the latest signed checkpoint, for people and witnesses
//! key.pub                      the key that signs, as a C2SP verifier key
//! torn-*.bin                   what a crash left unfinished and was cut off, if ever
//! lock                         empty; held by the one writer
//! ```
//!
//! **Segment.** A header (`WARDLEDG`, version u32, SHA-256 of the origin, first index u64, root of all
//! entries before, CRC-32C u32), then records `len u32 | crc32c u32 | kind u8 | rest`, numbers in little
//! endian, `len` counting kind and rest, the CRC covering `len`, kind and rest. Kind 1 is an entry: `unix_ms
//! u64 | payload`. Kind 2 is a checkpoint: a C2SP signed note. Kind 3 is an entry that the ledger made about
//! itself: a cut.
//!
//! **Tree.** The leaf of an entry is SHA-256(0x00 || kind || unix_ms || payload); the tree is RFC 6962's, so
//! inclusion and consistency proofs are the well-known ones. A checkpoint is a C2SP tlog-checkpoint under a
//! C2SP signed note with Ed25519, so witnesses and verifiers of transparency logs can read it.
//!
//! **Group commit.** One thread writes. It takes what is waiting (up to 4,096 entries or 4 MiB), writes the
//! entries and the checkpoint over them with one write, makes them durable with one fdatasync, and only
//! then answers. A single entry costs one flush, and so do sixty-four at once.
//!
//! **Recovery.** A batch without its whole checkpoint at the end of the last segment was never answered for:
//! opening moves those bytes to `torn-*.bin`, cuts them off, and records the cut as an entry with the length
//! and hash of what was cut. Everything else that is not as written (a wrong checksum, hash, signature, or a
//! `checkpoint` file that knows more entries than the segments hold) refuses the ledger and changes
//! nothing on disk. In particular bytes that hold a validly signed later checkpoint are never taken for
//! an unfinished batch: a damaged length must not cost entries that were answered for.
//!
//! **Failure.** When a write or a flush fails, every append of the batch is refused, the writer tries to cut the
//! file back to the last whole batch, and the ledger refuses further appends until it is opened again. A flush is
//! never repeated on the same file as if the first had not happened: the kernel may have dropped the pages.

mod disk;
mod entries;
mod folder;
mod handle;
mod proof;
mod read;
mod record;
mod recover;
mod verify;
mod writer;

pub use crate::note::{PublicKey, SigningKey};
pub use entries::{Entries, Entry, EntryKind, entries};
pub use handle::{Committed, Ledger, Options};
pub use proof::{ConsistencyProof, InclusionProof, check_consistency, check_inclusion, prove, prove_consistency};
pub use record::{MAX_PAYLOAD, entry_leaf};
pub use verify::{Problem, Report, VerifyOptions, verify};

/// The version of the segment format.
pub const FORMAT: u32 = 1;
