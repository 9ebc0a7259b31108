//! How bad it is: CVSS 3.1 and 4.0, what it may do to patients, and whether it is used already.

use serde::{Deserialize, Serialize};

use crate::{Error, ErrorKind};

/// Severity, as CVSS names it (specification 3.1 section 5, 4.0 section 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// 0.0
    None,
    /// 0.1 to 3.9
    Low,
    /// 4.0 to 6.9
    Medium,
    /// 7.0 to 8.9
    High,
    /// 9.0 to 10.0
    Critical,
}

impl Level {
    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// The level of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::None, Self::Low, Self::Medium, Self::High, Self::Critical]
            .into_iter()
            .find(|level| level.word() == word)
    }

    /// The level of a score.
    #[must_use]
    pub fn of(score: f64) -> Self {
        match score {
            s if s >= 9.0 => Self::Critical,
            s if s >= 7.0 => Self::High,
            s if s >= 4.0 => Self::Medium,
            s if s > 0.0 => Self::Low,
            _ => Self::None,
        }
    }

    /// The place in a table from critical to low; none for none.
    pub(crate) fn rank(self) -> Option<usize> {
        match self {
            Self::Critical => Some(0),
            Self::High => Some(1),
            Self::Medium => Some(2),
            Self::Low => Some(3),
            Self::None => None,
        }
    }
}

/// A CVSS vector and what it comes to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scored {
    /// `3.1` or `4.0`.
    pub version: String,
    /// The vector, as given and checked.
    pub vector: String,
    /// 0.0 to 10.0, with one decimal. Of 3.1 the base score.
    pub score: f64,
    /// The severity of that score.
    pub level: Level,
}

/// Reads and scores a vector of CVSS 3.1 or 4.0.
///
/// # Errors
/// [`ErrorKind::Input`] for anything else, with what to write.
pub fn cvss(vector: &str) -> Result<Scored, Error> {
    let wrong = || {
        let what = "not a CVSS vector; write it as CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H or \
            CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N";
        Error::new(ErrorKind::Input, what)
    };
    if vector.len() > 400 {
        return Err(wrong());
    }
    // The crate takes a metric that is not there for its first value: an incomplete vector would score 0.
    let complete = |needed: &[&str]| {
        needed.iter().all(|name| {
            vector
                .split('/')
                .filter(|metric| metric.split(':').next() == Some(name))
                .count()
                == 1
        })
    };
    let (version, score) = match vector.parse::<cvss::Cvss>().map_err(|_| wrong())? {
        cvss::Cvss::CvssV31(base) if complete(&["AV", "AC", "PR", "UI", "S", "C", "I", "A"]) => {
            ("3.1", base.base_score().value())
        }
        cvss::Cvss::CvssV40(all) if complete(&["AV", "AC", "AT", "PR", "UI", "VC", "VI", "VA", "SC", "SI", "SA"]) => {
            ("4.0", all.score().value())
        }
        _ => return Err(wrong()),
    };
    let score = (score * 10.0).round() / 10.0;
    Ok(Scored {
        version: version.to_owned(),
        vector: vector.to_owned(),
        score,
        level: Level::of(score),
    })
}

/// What a vulnerability may do to patients. A scale of Ward's own, because CVSS does not look at them: choose the worst
/// that could reasonably follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Clinical {
    /// Nothing.
    None,
    /// Their data is seen by those who should not see it.
    Privacy,
    /// Care comes later: a system stands still, a result is late.
    Delay,
    /// Care is given on wrong grounds: a value, a name or an answer is not what it should be.
    WrongTreatment,
    /// They may be injured or die without anybody noticing in time.
    Harm,
}

impl Clinical {
    /// Every value, from none to worst.
    pub const ALL: [Clinical; 5] = [Self::None, Self::Privacy, Self::Delay, Self::WrongTreatment, Self::Harm];

    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Privacy => "privacy",
            Self::Delay => "delay",
            Self::WrongTreatment => "wrong-treatment",
            Self::Harm => "harm",
        }
    }

    /// The value of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|value| value.word() == word)
    }

    /// The least severity that a case of this impact has, whatever its CVSS score: what may harm patients is critical.
    #[must_use]
    pub fn at_least(self) -> Level {
        match self {
            Self::None => Level::None,
            Self::Privacy => Level::Low,
            Self::Delay => Level::Medium,
            Self::WrongTreatment => Level::High,
            Self::Harm => Level::Critical,
        }
    }
}

/// What is known of its use, in the words that SSVC (CERT/CC, version 2) has for the state of exploitation. Only this one
/// of its questions is asked: the others depend on each place where a product runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Exploitation {
    /// Nothing is known.
    None,
    /// A proof of concept is public.
    Poc,
    /// It is exploited.
    Active,
}

impl Exploitation {
    /// The value of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "none" => Some(Self::None),
            "poc" => Some(Self::Poc),
            "active" => Some(Self::Active),
            _ => None,
        }
    }
}

/// What was found out about a report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    /// CVSS vectors with their scores: at most one of 3.1 and one of 4.0.
    pub cvss: Vec<Scored>,
    /// What it may do to patients.
    pub clinical: Clinical,
    /// What is known of its use.
    pub exploitation: Exploitation,
    /// The severity: the highest of the scores, of the least that the clinical impact asks for, and of what was said.
    pub level: Level,
    /// Why, when a person set it higher than the scores.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The weakness, `CWE-22`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cwe: Option<String>,
}

impl Assessment {
    /// Puts an assessment together.
    ///
    /// # Errors
    /// [`ErrorKind::Input`] for a vector or weakness that is none, two vectors of one version, or nothing to go by.
    pub fn new(
        vectors: &[String],
        clinical: Clinical,
        exploitation: Exploitation,
        said: Option<Level>,
        reason: Option<String>,
        cwe: Option<String>,
    ) -> Result<Self, Error> {
        let scored: Vec<Scored> = vectors.iter().map(|vector| cvss(vector)).collect::<Result<_, _>>()?;
        let twice = |version: &str| scored.iter().filter(|one| one.version == version).count() > 1;
        if twice("3.1") || twice("4.0") {
            return Err(Error::new(
                ErrorKind::Input,
                "give at most one CVSS vector of each version",
            ));
        }
        if scored.is_empty() && said.is_none() {
            return Err(Error::new(
                ErrorKind::Input,
                "give a CVSS vector with --cvss, or a severity with --severity and --reason",
            ));
        }
        let highest = scored
            .iter()
            .map(|one| one.level)
            .max()
            .unwrap_or(Level::None)
            .max(clinical.at_least());
        if said.is_some_and(|said| said != highest) && reason.as_deref().is_none_or(|reason| reason.trim().is_empty()) {
            return Err(Error::new(
                ErrorKind::Input,
                "a severity other than that of the scores needs a --reason",
            ));
        }
        if let Some(said) = said
            && said < clinical.at_least()
        {
            return Err(Error::new(
                ErrorKind::Input,
                "the severity is lower than the clinical impact allows; see the guide for what each impact asks for",
            ));
        }
        if cwe.as_deref().is_some_and(|cwe| !is_cwe(cwe)) {
            return Err(Error::new(ErrorKind::Input, "a weakness is written as CWE-22"));
        }
        Ok(Self {
            level: said.unwrap_or(highest),
            cvss: scored,
            clinical,
            exploitation,
            reason,
            cwe,
        })
    }
}

/// True for `CWE-` and a number.
#[must_use]
pub fn is_cwe(text: &str) -> bool {
    text.strip_prefix("CWE-").is_some_and(|number| {
        (1..=5).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit()) && !number.starts_with('0')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_score_as_first_says() {
        // From the examples of the two specifications and of FIRST's calculators.
        for (vector, score, level) in [
            ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8, Level::Critical),
            ("CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1, Level::Medium),
            ("CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:N/A:N", 5.5, Level::Medium),
            ("CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:N/A:N", 0.0, Level::None),
            (
                "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N",
                9.3,
                Level::Critical,
            ),
            (
                "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H",
                10.0,
                Level::Critical,
            ),
        ] {
            let scored = cvss(vector).unwrap();
            assert_eq!((scored.score, scored.level), (score, level), "{vector}");
        }
        let long = format!("CVSS:3.1/{}", "AV:N/".repeat(500));
        for bad in [
            "",
            "9.8",
            "CVSS:2.0/AV:N",
            "AV:N/AC:L/Au:N/C:P/I:P/A:P",
            "CVSS:3.1/AV:N",
            "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H",
            "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N",
            "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
            &long,
        ] {
            assert_eq!(cvss(bad).unwrap_err().kind(), ErrorKind::Input, "{bad}");
        }
    }

    #[test]
    fn patients_come_before_scores() {
        let low = ["CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:N/I:L/A:N".to_owned()];
        let assess = |clinical, said, reason: Option<&str>| {
            Assessment::new(
                &low,
                clinical,
                Exploitation::None,
                said,
                reason.map(str::to_owned),
                None,
            )
            .map(|done| done.level)
        };
        assert_eq!(assess(Clinical::None, None, None).unwrap(), Level::Low);
        assert_eq!(assess(Clinical::WrongTreatment, None, None).unwrap(), Level::High);
        assert_eq!(assess(Clinical::Harm, None, None).unwrap(), Level::Critical);
        assert!(
            assess(Clinical::None, Some(Level::High), None).is_err(),
            "a reason is needed"
        );
        assert_eq!(
            assess(Clinical::None, Some(Level::High), Some("chained")).unwrap(),
            Level::High
        );
        assert!(assess(Clinical::Harm, Some(Level::Low), Some("unlikely")).is_err());
        assert!(Assessment::new(&[], Clinical::None, Exploitation::None, None, None, None).is_err());
        let twice = [low[0].clone(), low[0].clone()];
        assert!(Assessment::new(&twice, Clinical::None, Exploitation::None, None, None, None).is_err());
        for (text, expect) in [
            ("CWE-22", true),
            ("CWE-1427", true),
            ("CWE-", false),
            ("cwe-22", false),
            ("CWE-022", false),
            ("22", false),
        ] {
            assert_eq!(is_cwe(text), expect, "{text}");
        }
    }
}
