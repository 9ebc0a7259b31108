//! What one caller may use: requests, tokens, compute time, requests at once.
//!
//! Buckets with whole numbers and no rounding: a bucket of N holds exactly N, and a period later it is full again. The
//! clock is the process's own, which no change of the machine's time touches.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use ward_guard::{Code, Refusal};

/// Milliseconds of the periods.
const MINUTE_MS: u64 = 60_000;
const DAY_MS: u64 = 24 * 60 * MINUTE_MS;
/// Most callers that are remembered. Keys are fewer; tokens of an issuer may name more.
const MAX_CALLERS: usize = 50_000;

/// What every caller may use. 0 is no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Quotas {
    /// Requests in a minute.
    pub requests_per_minute: u32,
    /// Tokens, of prompts and answers together, in a minute.
    pub tokens_per_minute: u64,
    /// Tokens in a day.
    pub tokens_per_day: u64,
    /// Requests under way at a time.
    pub at_once: u32,
    /// Seconds in which an engine works for the caller, in a minute.
    pub compute_seconds_per_minute: u32,
}

/// A bucket that fills evenly. Its level is counted in units of which `period_ms` make one, so that nothing is rounded.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bucket {
    /// What it holds when full.
    size: u64,
    period_ms: u64,
    /// Level times `period_ms`; below nothing when more was used than was there.
    scaled: i128,
    at_ms: u64,
}

impl Bucket {
    /// A full bucket.
    pub(crate) fn full(size: u64, period_ms: u64, now_ms: u64) -> Self {
        Self {
            size,
            period_ms,
            scaled: i128::from(size) * i128::from(period_ms),
            at_ms: now_ms,
        }
    }

    /// Fills it up to now, and changes its size when the settings did: what was used stays used.
    fn refresh(&mut self, size: u64, now_ms: u64) {
        if size != self.size {
            self.scaled += (i128::from(size) - i128::from(self.size)) * i128::from(self.period_ms);
            self.size = size;
        }
        let passed = now_ms.saturating_sub(self.at_ms);
        self.at_ms = self.at_ms.max(now_ms);
        let full = i128::from(self.size) * i128::from(self.period_ms);
        self.scaled = (self.scaled + i128::from(passed) * i128::from(self.size)).min(full);
    }

    /// Takes this much, or says after how many milliseconds it would be there: never, when it is more than the bucket holds.
    pub(crate) fn take(&mut self, size: u64, much: u64, now_ms: u64) -> Result<(), Option<u64>> {
        self.refresh(size, now_ms);
        let need = i128::from(much) * i128::from(self.period_ms);
        if need <= self.scaled {
            self.scaled -= need;
            return Ok(());
        }
        if much > self.size {
            return Err(None);
        }
        let missing = need - self.scaled;
        let rate = i128::from(self.size.max(1));
        Err(Some(u64::try_from((missing + rate - 1) / rate).unwrap_or(u64::MAX)))
    }

    /// Takes this much whether or not it is there.
    fn charge(&mut self, much: u64) {
        let full = i128::from(self.size) * i128::from(self.period_ms);
        // Not more than a hundred periods of debt, so that one odd count does not lock a caller out for ever.
        self.scaled = (self.scaled - i128::from(much) * i128::from(self.period_ms)).max(-100 * full);
    }

    /// Gives this much back.
    fn give_back(&mut self, much: u64) {
        let full = i128::from(self.size) * i128::from(self.period_ms);
        self.scaled = (self.scaled + i128::from(much) * i128::from(self.period_ms)).min(full);
    }

    /// Whether it is full at this time.
    pub(crate) fn is_full(&mut self, size: u64, now_ms: u64) -> bool {
        self.refresh(size, now_ms);
        self.scaled >= i128::from(self.size) * i128::from(self.period_ms)
    }
}

/// One caller's use.
#[derive(Debug, Clone, Copy)]
struct Account {
    requests: Bucket,
    tokens_minute: Bucket,
    tokens_day: Bucket,
    /// In milliseconds of work.
    compute: Bucket,
    under_way: u32,
}

impl Account {
    fn new(quotas: &Quotas, now_ms: u64) -> Self {
        Self {
            requests: Bucket::full(u64::from(quotas.requests_per_minute), MINUTE_MS, now_ms),
            tokens_minute: Bucket::full(quotas.tokens_per_minute, MINUTE_MS, now_ms),
            tokens_day: Bucket::full(quotas.tokens_per_day, DAY_MS, now_ms),
            compute: Bucket::full(quotas.compute_ms(), MINUTE_MS, now_ms),
            under_way: 0,
        }
    }

    fn request(&mut self, quotas: &Quotas, now_ms: u64) -> Result<(), Refusal> {
        let size = u64::from(quotas.requests_per_minute);
        if size == 0 {
            return Ok(());
        }
        let taken = self.requests.take(size, 1, now_ms);
        taken.map_err(|wait| refusal(Code::RateLimited, wait))
    }

    fn enter(&mut self, quotas: &Quotas) -> Result<(), Refusal> {
        if quotas.at_once != 0 && self.under_way >= quotas.at_once {
            return Err(refusal(Code::TooManyAtOnce, Some(1000)).limit(quotas.at_once as usize));
        }
        self.under_way = self.under_way.saturating_add(1);
        Ok(())
    }

    fn reserve(&mut self, quotas: &Quotas, tokens: u64, now_ms: u64) -> Result<(), Refusal> {
        let compute = quotas.compute_ms();
        if compute != 0 {
            // What the work will take is known only afterwards: it may begin while anything is left.
            let taken = self.compute.take(compute, 1, now_ms);
            taken.map_err(|wait| refusal(Code::ComputeSpent, wait))?;
            self.compute.give_back(1);
        }
        if quotas.tokens_per_minute != 0 {
            let taken = self.tokens_minute.take(quotas.tokens_per_minute, tokens, now_ms);
            taken.map_err(|wait| spent(wait, quotas.tokens_per_minute))?;
        }
        if quotas.tokens_per_day != 0 {
            let taken = self.tokens_day.take(quotas.tokens_per_day, tokens, now_ms);
            if let Err(wait) = taken {
                self.tokens_minute.give_back(tokens);
                return Err(spent(wait, quotas.tokens_per_day));
            }
        }
        Ok(())
    }

    /// The work is done: what it took in truth takes the place of what was reserved.
    fn settle(&mut self, reserved: u64, used: u64, worked_ms: u64) {
        if used <= reserved {
            self.tokens_minute.give_back(reserved - used);
            self.tokens_day.give_back(reserved - used);
        } else {
            self.tokens_minute.charge(used - reserved);
            self.tokens_day.charge(used - reserved);
        }
        self.compute.charge(worked_ms);
    }

    fn is_idle(&mut self, quotas: &Quotas, now_ms: u64) -> bool {
        self.under_way == 0
            && self.requests.is_full(u64::from(quotas.requests_per_minute), now_ms)
            && self.tokens_minute.is_full(quotas.tokens_per_minute, now_ms)
            && self.tokens_day.is_full(quotas.tokens_per_day, now_ms)
            && self.compute.is_full(quotas.compute_ms(), now_ms)
    }
}

impl Quotas {
    fn compute_ms(&self) -> u64 {
        u64::from(self.compute_seconds_per_minute) * 1000
    }

    /// Whether nothing is limited.
    #[must_use]
    pub fn is_unlimited(&self) -> bool {
        *self == Self::default()
    }
}

fn refusal(code: Code, wait_ms: Option<u64>) -> Refusal {
    let refusal = Refusal::new(code);
    match wait_ms {
        None => refusal,
        Some(ms) => refusal.retry_after(u32::try_from(ms.div_ceil(1000).max(1)).unwrap_or(u32::MAX)),
    }
}

/// Tokens that are not there yet; or, without a time to wait, more than there ever are.
fn spent(wait_ms: Option<u64>, limit: u64) -> Refusal {
    let code = if wait_ms.is_some() {
        Code::TokensSpent
    } else {
        Code::TooManyTokens
    };
    refusal(code, wait_ms).limit(usize::try_from(limit).unwrap_or(usize::MAX))
}

/// What all callers used.
#[derive(Debug)]
pub struct Meter {
    began: Instant,
    accounts: Mutex<HashMap<String, Account>>,
}

impl Meter {
    /// A meter at which nobody has used anything.
    #[must_use]
    pub fn new() -> Self {
        Self {
            began: Instant::now(),
            accounts: Mutex::new(HashMap::new()),
        }
    }

    /// Milliseconds since the meter began.
    pub(crate) fn now_ms(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Counts a request of this caller.
    ///
    /// # Errors
    /// `RateLimited`, with the time to wait; `Overloaded` when too many callers are known.
    pub fn request(&self, who: &str, quotas: &Quotas) -> Result<(), Refusal> {
        if quotas.is_unlimited() {
            return Ok(());
        }
        let now = self.now_ms();
        self.with(who, quotas, now, |account| account.request(quotas, now))
    }

    /// Lets a request of this caller begin. It counts as under way until the result is dropped.
    ///
    /// # Errors
    /// `TooManyAtOnce`.
    pub fn enter(self: &Arc<Self>, who: &str, quotas: Quotas) -> Result<Spending, Refusal> {
        if !quotas.is_unlimited() {
            let now = self.now_ms();
            self.with(who, &quotas, now, |account| account.enter(&quotas))?;
        }
        Ok(Spending {
            meter: Arc::clone(self),
            who: who.to_owned(),
            quotas,
            reserved: 0,
            used: None,
            working: None,
        })
    }

    fn with<T>(
        &self,
        who: &str,
        quotas: &Quotas,
        now_ms: u64,
        act: impl FnOnce(&mut Account) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let mut accounts = self.lock();
        if let Some(account) = accounts.get_mut(who) {
            return act(account);
        }
        if accounts.len() >= MAX_CALLERS {
            accounts.retain(|_, account| !account.is_idle(quotas, now_ms));
            if accounts.len() >= MAX_CALLERS {
                return Err(Refusal::new(Code::Overloaded).retry_after(60));
            }
        }
        act(accounts
            .entry(who.to_owned())
            .or_insert_with(|| Account::new(quotas, now_ms)))
    }

    /// Requests under way, of all callers that are limited.
    #[cfg(test)]
    fn under_way(&self) -> u64 {
        self.lock().values().map(|account| u64::from(account.under_way)).sum()
    }

    // A thread that panicked while holding the lock leaves whole numbers behind.
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Account>> {
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Meter {
    fn default() -> Self {
        Self::new()
    }
}

/// One request's use, while it is under way. Dropping it settles the account: without a count of what was used, what was
/// reserved stays used.
pub struct Spending {
    meter: Arc<Meter>,
    who: String,
    quotas: Quotas,
    reserved: u64,
    used: Option<u64>,
    working: Option<Instant>,
}

impl Spending {
    /// Reserves tokens, those of the prompt and those that the answer may have. The work begins now.
    ///
    /// # Errors
    /// `TokensSpent` or `ComputeSpent`, with the time to wait.
    pub fn reserve(&mut self, tokens: u64) -> Result<(), Refusal> {
        if self.quotas.is_unlimited() {
            return Ok(());
        }
        let quotas = self.quotas;
        let now = self.meter.now_ms();
        self.meter
            .with(&self.who, &quotas, now, |account| account.reserve(&quotas, tokens, now))?;
        self.reserved = tokens;
        self.working = Some(Instant::now());
        Ok(())
    }

    /// Says how many tokens were used in the end.
    pub fn used(&mut self, tokens: u64) {
        self.used = Some(tokens);
    }
}

impl Drop for Spending {
    fn drop(&mut self) {
        if self.quotas.is_unlimited() {
            return;
        }
        let worked = self.working.map_or(0, |since| since.elapsed().as_millis());
        let mut accounts = self.meter.lock();
        if let Some(account) = accounts.get_mut(&self.who) {
            account.under_way = account.under_way.saturating_sub(1);
            if self.working.is_some() {
                let used = self.used.unwrap_or(self.reserved);
                account.settle(self.reserved, used, u64::try_from(worked).unwrap_or(u64::MAX));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quotas(requests: u32, tokens: u64, at_once: u32) -> Quotas {
        Quotas {
            requests_per_minute: requests,
            tokens_per_minute: tokens,
            tokens_per_day: tokens * 10,
            at_once,
            compute_seconds_per_minute: 0,
        }
    }

    #[test]
    fn a_bucket_holds_exactly_what_it_says() {
        for size in [1, 2, 7, 60, 1000] {
            let mut bucket = Bucket::full(size, MINUTE_MS, 0);
            for _ in 0..size {
                assert_eq!(bucket.take(size, 1, 0), Ok(()));
            }
            let Err(Some(wait)) = bucket.take(size, 1, 0) else {
                panic!("one more than it holds");
            };
            assert_eq!(wait, MINUTE_MS.div_ceil(size));
            assert!(bucket.take(size, 1, wait - 1).is_err(), "one millisecond too early");
            assert_eq!(bucket.take(size, 1, wait), Ok(()));
            assert_eq!(bucket.take(size, size + 1, 10 * MINUTE_MS), Err(None), "never");
            assert_eq!(bucket.take(size, size, 10 * MINUTE_MS), Ok(()), "no more than full");
            assert!(bucket.take(size, 1, 10 * MINUTE_MS).is_err());
            // A clock that goes back gives nothing and takes nothing.
            assert!(bucket.take(size, 1, 0).is_err());
            assert!(bucket.take(size, 1, 10 * MINUTE_MS + wait).is_ok());
        }
    }

    #[test]
    fn in_any_period_at_most_twice_the_size_and_on_average_the_size() {
        // The whole law of a bucket, over every step of 100 ms of ten minutes.
        let size = 30;
        let mut bucket = Bucket::full(size, MINUTE_MS, 0);
        let taken: Vec<u64> = (0..6000_u64)
            .filter(|step| bucket.take(size, 1, step * 100).is_ok())
            .collect();
        assert_eq!(
            taken.len() as u64,
            size + size * 10 - 1,
            "full once, then ten minutes of flow up to the last step"
        );
        for start in 0..5400 {
            let within = taken.iter().filter(|step| (start..start + 600).contains(*step)).count() as u64;
            assert!(within <= 2 * size);
        }
    }

    #[test]
    fn limits_hold_at_their_border_under_concurrency() {
        for limit in [1_u32, 7, 16] {
            let meter = Arc::new(Meter::new());
            let quotas = quotas(limit, 0, limit);
            let (accepted, entered): (Vec<_>, Vec<_>) = std::thread::scope(|scope| {
                let threads: Vec<_> = (0..32)
                    .map(|_| {
                        let meter = &meter;
                        scope.spawn(move || (meter.request("k", &quotas).is_ok(), meter.enter("k", quotas).ok()))
                    })
                    .collect();
                threads.into_iter().map(|thread| thread.join().unwrap()).unzip()
            });
            assert_eq!(accepted.into_iter().filter(|ok| *ok).count(), limit as usize);
            assert_eq!(
                entered.iter().flatten().count(),
                limit as usize,
                "N go in, N + 1 does not"
            );
            assert_eq!(meter.under_way(), u64::from(limit));
            let refused = meter.enter("k", quotas).err().unwrap();
            assert_eq!(
                (refused.code(), refused.retry_after_s()),
                (Code::TooManyAtOnce, Some(1))
            );
            assert!(
                meter.enter("other", quotas).is_ok(),
                "one caller's limit is not another's"
            );
            drop(entered);
            assert_eq!(meter.under_way(), 0);
            assert!(meter.enter("k", quotas).is_ok());
        }
    }

    #[test]
    fn tokens_are_reserved_and_settled() {
        let meter = Arc::new(Meter::new());
        let quotas = quotas(0, 1000, 0);
        let mut first = meter.enter("k", quotas).unwrap();
        assert_eq!(first.reserve(1001).unwrap_err().code(), Code::TooManyTokens);
        assert!(
            first.reserve(1001).unwrap_err().retry_after_s().is_none(),
            "waiting would not help"
        );
        first.reserve(900).unwrap();
        let mut second = meter.enter("k", quotas).unwrap();
        let refused = second.reserve(900).unwrap_err();
        assert!(
            refused.retry_after_s().is_some_and(|s| (40..=48).contains(&s)),
            "{refused:?}"
        );
        first.used(100);
        drop(first);
        second.reserve(890).unwrap();
        // What ends without a count stays charged as reserved.
        drop(second);
        assert!(meter.enter("k", quotas).unwrap().reserve(100).is_err());
        // More than reserved is charged too.
        let mut other = meter.enter("o", quotas).unwrap();
        other.reserve(10).unwrap();
        other.used(995);
        drop(other);
        assert!(meter.enter("o", quotas).unwrap().reserve(100).is_err());
    }

    #[test]
    fn compute_time_is_charged_when_the_work_is_done() {
        let quotas = Quotas {
            compute_seconds_per_minute: 1,
            ..Quotas::default()
        };
        let mut account = Account::new(&quotas, 0);
        account.reserve(&quotas, 5, 0).unwrap();
        account.settle(5, 5, 3_000);
        assert_eq!(account.reserve(&quotas, 5, 0).unwrap_err().code(), Code::ComputeSpent);
        assert!(
            account.reserve(&quotas, 5, 120_000).is_err(),
            "two seconds of debt take two minutes"
        );
        assert!(account.reserve(&quotas, 5, 120_060).is_ok());
    }

    #[test]
    fn idle_accounts_make_room_for_others() {
        let meter = Arc::new(Meter::new());
        let quotas = quotas(60, 1000, 1);
        for i in 0..MAX_CALLERS {
            drop(meter.enter(&format!("{i}"), quotas).unwrap());
        }
        assert_eq!(meter.lock().len(), MAX_CALLERS);
        assert!(meter.request("one more", &quotas).is_ok());
        assert_eq!(meter.lock().len(), 1);
    }
}
