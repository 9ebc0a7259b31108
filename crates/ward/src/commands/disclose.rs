//! `ward disclose` and `ward incident`: cases, from report to advisory. Every step is on the ledger before it is kept.

mod due;
mod incident;
mod intake;
mod publish;
mod receive;
mod show;
mod versions;

use std::{
    fs,
    io::Read as _,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use serde_json::json;
use ward_disclose::{
    Case, Cases, Error, ErrorKind, Settings,
    calendar::{instant, unix_ms},
    case::{Credit, Publication, Role, Step, What},
    clock::{Clock, Event, PRESETS},
    score::{Assessment, Clinical, Exploitation, Level},
    store::Author,
};
use ward_seal::store::DataDir;
use ward_serve::app::now;

use crate::{
    audit::Audit,
    cli::disclose::{Desk, Disclose, Of, Record, Words},
    exit::Exit,
    folder, terminal,
};

pub use incident::run as incident;

/// Largest text or draft that is read, in bytes.
const MAX_WORDS: u64 = 1 << 20;

/// Runs a command about reports.
///
/// # Errors
/// What went wrong and what to do.
pub fn run(args: Disclose) -> Result<Exit> {
    match args {
        Disclose::Receive {
            file,
            mail,
            title,
            from,
            contact,
            ai,
            desk,
        } => receive::run(
            &file,
            mail,
            receive::Said {
                title,
                name: from,
                contact,
                ai,
            },
            &desk,
        ),
        Disclose::List { all, desk } => show::list(all, None, &Room::open(&desk)?),
        Disclose::Show { of, attachment, out } => match (attachment, out) {
            (Some(number), Some(out)) => show::attachment(&Room::open(&of.desk)?, &of.case, number, &out),
            _ => show::case(&Room::open(&of.desk)?, &of.case),
        },
        Disclose::Ack { of } => show::acknowledge(&Room::open(&of.desk)?, &of.case),
        Disclose::Reply { of, sent } => show::reply(&Room::open(&of.desk)?, &of.case, sent),
        Disclose::Assess {
            of,
            cvss,
            clinical,
            exploitation,
            severity,
            cwe,
            words,
        } => {
            let known = |what: &str, list: &str| format!("{what} is one of {list}");
            let clinical = Clinical::from_word(&clinical)
                .with_context(|| known("--clinical", "none, privacy, delay, wrong-treatment, harm"))?;
            let exploitation =
                Exploitation::from_word(&exploitation).with_context(|| known("--exploitation", "none, poc, active"))?;
            let severity = match severity {
                None => None,
                Some(word) => {
                    Some(Level::from_word(&word).with_context(|| known("--severity", "low, medium, high, critical"))?)
                }
            };
            let reason = words.read()?;
            let assessment = Assessment::new(&cvss, clinical, exploitation, severity, reason, cwe)?;
            Room::open(&of.desk)?.take(&of.case, What::Assessed { assessment })
        }
        Disclose::NotReproduced { of, words } => {
            let tried = words.needed("what was tried")?;
            Room::open(&of.desk)?.take(&of.case, What::NotReproduced { tried })
        }
        Disclose::Decline {
            of,
            duplicate_of,
            words,
        } => {
            let reason = match (words.read()?, &duplicate_of) {
                (Some(reason), _) => reason,
                (None, Some(other)) => format!("the same as {other}"),
                (None, None) => bail!("say why: --reason, or --text FILE"),
            };
            let room = Room::open(&of.desk)?;
            if let Some(other) = &duplicate_of {
                room.cases.read(other)?;
            }
            room.take(&of.case, What::Declined { reason, duplicate_of })
        }
        Disclose::Reopen { of, words } => {
            let reason = words.needed("why")?;
            Room::open(&of.desk)?.take(&of.case, What::Reopened { reason })
        }
        Disclose::Affected {
            of,
            repo,
            introduced,
            fixed,
            path,
            pattern,
            release,
            declined,
            words,
        } => {
            let asked = versions::Asked {
                repo,
                introduced,
                fixed,
                path,
                pattern,
                stated: release,
                declined,
            };
            versions::affected(&of, &asked, &words)
        }
        Disclose::Siblings {
            of,
            repo,
            rule,
            declined,
            words,
        } => versions::siblings(&of, &repo, rule, declined, &words),
        Disclose::Fix {
            of,
            line,
            release,
            declined,
            words,
        } => fix(&of, line, release, declined, &words),
        Disclose::Coordinate { of, with, on } => {
            if on
                .as_deref()
                .is_some_and(|day| day.parse::<ward_disclose::Date>().is_err())
            {
                bail!("--on is a day such as 2026-12-24");
            }
            Room::open(&of.desk)?.take(&of.case, What::Coordinated { with, public_on: on })
        }
        Disclose::Advise {
            of,
            template,
            draft,
            out,
            declined,
            words,
        } => match (draft, out) {
            (Some(draft), Some(out)) => publish::advise(&of, &draft, &out),
            _ if declined => publish::declined(&of, &words),
            _ if template => publish::template(&of),
            _ => bail!("give a draft and a folder: --draft FILE --out DIR; --template prints a draft to fill in"),
        },
        Disclose::Publish { of, url, cve } => {
            let publication = Publication { places: url, cve };
            Room::open(&of.desk)?.take(&of.case, What::Published { publication })
        }
        Disclose::Record(of_both) => record(&of_both),
        Disclose::Assign { of, to } => {
            let room = Room::open(&of.desk)?;
            room.settings.role(&to)?;
            room.take(&of.case, What::Assigned { to })
        }
        Disclose::Credit {
            of,
            name,
            url,
            consent,
            no_consent: _,
            how,
        } => {
            let credit = Credit {
                name,
                url,
                consent,
                how,
            };
            Room::open(&of.desk)?.take(&of.case, What::Credited { credit })
        }
        Disclose::Due {
            security_txt,
            notify,
            webhook,
            now,
            desk,
        } => due::run(
            &due::Options {
                security_txt,
                notify,
                webhook,
                now,
            },
            &desk,
        ),
        Disclose::Export { of } => show::export(&Room::open(&of.desk)?, &of.case),
        Disclose::Forget { of } => show::forget(&Room::open(&of.desk)?, &of.case),
        Disclose::SecurityTxt { serve, check, desk } => publish::security_txt(serve, check.as_deref(), &desk),
        Disclose::Thanks { desk } => publish::thanks(&Room::open(&desk)?),
        Disclose::Terms { desk } => {
            terminal::result(&ward_disclose::advisory::policy_text(&settings(&desk)?)).map(|()| Exit::Clean)
        }
        Disclose::Key(key) => intake::key(key),
        Disclose::Door { state, desk } => intake::door(state, &desk),
        Disclose::Intake { identity, desk } => intake::run(identity.as_deref(), &desk),
    }
}

/// What a command about cases works with.
struct Room {
    data: DataDir,
    settings: Settings,
    cases: Cases,
    name: String,
    role: Role,
    now: u64,
    happened: Option<u64>,
    json: bool,
}

impl Room {
    fn open(desk: &Desk) -> Result<Self> {
        Self::with(desk, |settings, name| settings.role(name))
    }

    /// For looking at what is due, which takes no step: a timer need not be one of the team.
    fn watch(desk: &Desk) -> Result<Self> {
        Self::with(desk, |settings, name| match &desk.actor {
            Some(_) => settings.role(name),
            None => Ok(settings.role(name).unwrap_or(Role::Observer)),
        })
    }

    fn with(desk: &Desk, role: impl Fn(&Settings, &str) -> Result<Role, Error>) -> Result<Self> {
        let settings = settings(desk)?;
        let user = || std::env::var("USER").ok().filter(|user| !user.is_empty());
        let name = desk.actor.clone().or_else(user).unwrap_or_else(|| "local".to_owned());
        let role = role(&settings, &name)?;
        let data = DataDir::open(&folder::data(desk.data.data.clone())?)?;
        let now = now();
        let happened = desk.at.as_deref().map(|at| time(at, &settings)).transpose()?;
        if happened.is_some_and(|at| at > now) {
            bail!("--at lies in the future");
        }
        Ok(Self {
            cases: Cases::open(&data).context("cannot open the cases")?,
            data,
            settings,
            name,
            role,
            now,
            happened,
            json: desk.json,
        })
    }

    fn author(&self) -> Author<'_> {
        Author {
            name: &self.name,
            role: self.role,
            now_unix_ms: self.now,
            happened_unix_ms: self.happened,
        }
    }

    /// The lines of versions that are owed a fix today: of `[disclose.supported]`, or of the table in the policy here.
    fn supported(&self) -> Vec<String> {
        let today = self.settings.calendar.date_of(instant(self.now));
        if self.settings.supported.is_empty() {
            versions::of_policy(Path::new("."), i64::try_from(self.now / 86_400_000).unwrap_or(0))
        } else {
            self.settings.supported_on(today)
        }
    }

    /// The ledger, as cases write it: ids and kinds, no names and no words.
    fn audit(&self) -> Result<Audit> {
        Audit::open(&self.data, "ward disclose")
    }

    /// Takes a step: onto the ledger, then into the case.
    fn step(&self, audit: &Audit, case: &str, what: What) -> Result<Case> {
        let mut record = recorder(audit);
        Ok(self
            .cases
            .append(case, self.author(), what, &self.supported(), &mut record)?)
    }

    /// Takes a step and says where the case stands.
    fn take(&self, case: &str, what: What) -> Result<Exit> {
        let audit = self.audit()?;
        let case = self.step(&audit, case, what)?;
        self.say(&case)
    }

    fn say(&self, case: &Case) -> Result<Exit> {
        if self.json {
            terminal::json(&show::short(self, case))?;
        } else {
            let step = case.steps.last().map_or("", |step| step.what.word());
            terminal::result(&format!("{}  {step}; it is {} now\n", case.id, case.state.word()))?;
        }
        Ok(Exit::Clean)
    }

    /// Notes that somebody read a case.
    fn read(&self, case: &str, kind: &str) -> Result<Case> {
        let found = self.cases.read(case)?;
        self.audit()?
            .write("case", json!({"case": case, "kind": kind, "as": self.role.word()}))?;
        Ok(found)
    }
}

/// Writes a step to the ledger.
fn recorder(audit: &Audit) -> impl FnMut(&str, &Step) -> Result<(), Error> + '_ {
    |case, step| {
        let entry = json!({"case": case, "step": step.number, "kind": step.what.word(), "as": step.role.word()});
        audit.write("case", entry).map_err(|_| {
            Error::new(
                ErrorKind::Store,
                "cannot write the ledger, and what is not recorded is not done",
            )
        })
    }
}

/// The section `[disclose]` of the file that was named, or of the one here.
fn settings(desk: &Desk) -> Result<Settings> {
    let file = match &desk.config {
        Some(file) => file.clone(),
        None => PathBuf::from(ward_disclose::settings::FILE),
    };
    match fs::read_to_string(&file) {
        Ok(text) => Ok(Settings::read(&text)?),
        Err(error) if desk.config.is_none() && error.kind() == std::io::ErrorKind::NotFound => Ok(Settings::default()),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", file.display())),
    }
}

/// An instant: `2026-11-22T09:30:00+01:00`, or a local time of the team's zone without an offset.
fn time(text: &str, settings: &Settings) -> Result<u64> {
    let at = settings
        .calendar
        .read_time(text)
        .context("a time is written as 2026-11-22T09:30:00+01:00, or without the offset in the team's zone")?;
    Ok(unix_ms(at))
}

impl Words {
    /// What was said; none when nothing was.
    fn read(&self) -> Result<Option<String>> {
        let text = match (&self.reason, &self.text) {
            (Some(reason), _) => reason.clone(),
            (None, Some(file)) => read_text(file)?,
            (None, None) => return Ok(None),
        };
        let text = text.trim().to_owned();
        Ok((!text.is_empty()).then_some(text))
    }

    fn needed(&self, what: &str) -> Result<String> {
        self.read()?
            .with_context(|| format!("say {what}: --reason TEXT, or --text FILE (- reads standard input)"))
    }
}

fn read_bytes(file: &Path, most: u64) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = if file == Path::new("-") {
        std::io::stdin().lock().take(most + 1).read_to_end(&mut bytes)
    } else {
        let open = fs::File::open(file).with_context(|| format!("cannot open {}", file.display()))?;
        open.take(most + 1).read_to_end(&mut bytes)
    };
    read.with_context(|| format!("cannot read {}", file.display()))?;
    if bytes.len() as u64 > most {
        bail!("{} has more than {most} bytes", file.display());
    }
    Ok(bytes)
}

fn read_text(file: &Path) -> Result<String> {
    let bytes = read_bytes(file, MAX_WORDS)?;
    String::from_utf8(bytes)
        .ok()
        .with_context(|| format!("{} is no text in UTF-8", file.display()))
}

fn fix(of: &Of, line: String, version: Option<String>, declined: bool, words: &Words) -> Result<Exit> {
    let what = match version {
        Some(version) => What::Fixed { line, version },
        None if declined => What::FixDeclined {
            line,
            reason: words.needed("why there will be none")?,
        },
        None => bail!("give the --release that mends it, or --declined with a reason"),
    };
    let room = Room::open(&of.desk)?;
    let audit = room.audit()?;
    let mut case = room.step(&audit, &of.case, what)?;
    let done = case.steps.iter().any(|step| matches!(step.what, What::FixesDone));
    if !done && case.is_fixed(&room.supported()) {
        case = room.step(&audit, &of.case, What::FixesDone)?;
    }
    room.say(&case)
}

/// What is recorded of reports and of incidents alike.
fn record(what: &Record) -> Result<Exit> {
    match what {
        Record::Mark { of, event, words } => mark(of, event, words),
        Record::Note { of, words } => {
            let text = words.needed("the note")?;
            Room::open(&of.desk)?.take(&of.case, What::Noted { text })
        }
        Record::Close { of } => Room::open(&of.desk)?.take(&of.case, What::Closed { reason: None }),
    }
}

fn mark(of: &Of, event: &str, words: &Words) -> Result<Exit> {
    let found = Event::from_word(event).filter(|event| event.by_hand());
    let Some(event) = found else {
        let all: Vec<String> = Event::ALL
            .iter()
            .filter(|event| event.by_hand())
            .map(|event| event.word())
            .collect();
        bail!("--event is one of {}", all.join(", "));
    };
    let note = words.read()?;
    let room = Room::open(&of.desk)?;
    let exit = room.take(&of.case, What::Marked { event, note })?;
    // A duty that nobody counts is missed in silence.
    let concerns = |clock: &Clock| clock.from == event || clock.until == event || clock.given == Some(event);
    if !room.settings.clocks.iter().any(concerns) {
        let preset = PRESETS.iter().find(|preset| preset.clocks().iter().any(concerns));
        let how = preset.map_or_else(
            || "[[disclose.clock]] of ward.toml makes one".to_owned(),
            |preset| {
                format!(
                    "to count it, name \"{}\" in `clocks` of [disclose] in ward.toml",
                    preset.name
                )
            },
        );
        terminal::note(&format!("no clock here is about {}: {how}", event.word()));
    }
    Ok(exit)
}
