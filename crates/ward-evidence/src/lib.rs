//! What Ward says: findings, evidence and the control catalogue.
