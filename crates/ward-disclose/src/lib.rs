//! Reports of vulnerabilities, and incidents, as cases: what came in, what is due when, what was done, what is published.
