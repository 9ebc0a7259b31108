//! Exit codes. Scripts rely on them.

use std::process::ExitCode;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// 0: done, and nothing found that should not be there.
    Clean,
    /// 1: findings at or above the threshold; a ledger that does not verify.
    Findings,
    /// 2: Ward failed: usage, configuration, input or output.
    Failed,
    /// 3: nothing found, but part was not examined.
    NotExamined,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(match exit {
            Exit::Clean => 0,
            Exit::Findings => 1,
            Exit::Failed => 2,
            Exit::NotExamined => 3,
        })
    }
}
