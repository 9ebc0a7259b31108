//! Clinical facts, compression with proof, answers by citation.
