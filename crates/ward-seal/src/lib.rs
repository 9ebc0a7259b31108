//! All of Ward's cryptography: keys, random values, and the ledger anyone can verify.
