//! How many connections, and how many handshakes in a minute, one address may have.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::quota::Bucket;

const MINUTE_MS: u64 = 60_000;
/// Most addresses that are remembered at a time.
const MAX_ADDRESSES: usize = 65_536;

/// What one address may have. 0 is no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PerAddress {
    /// Connections at a time.
    pub connections: u32,
    /// New connections in a minute.
    pub handshakes_per_minute: u32,
}

struct Visitor {
    open: u32,
    handshakes: Bucket,
}

/// Who is connected from where.
#[derive(Default)]
pub struct Addresses {
    visitors: Mutex<HashMap<IpAddr, Visitor>>,
}

/// A connection's place among those of its address, given back when dropped.
pub struct Visit {
    addresses: Arc<Addresses>,
    from: IpAddr,
}

impl Addresses {
    /// Lets a connection in, or not. An address of version 6 counts with the other 2^64 of its network, which one
    /// machine can have all of.
    pub fn enter(self: &Arc<Self>, from: IpAddr, limits: PerAddress, now_ms: u64) -> Option<Visit> {
        let from = network(from);
        let size = u64::from(limits.handshakes_per_minute);
        let mut visitors = self.lock();
        if visitors.len() >= MAX_ADDRESSES && !visitors.contains_key(&from) {
            visitors.retain(|_, visitor| visitor.open > 0 || !visitor.handshakes.is_full(size, now_ms));
            if visitors.len() >= MAX_ADDRESSES {
                return None;
            }
        }
        let visitor = visitors.entry(from).or_insert_with(|| Visitor {
            open: 0,
            handshakes: Bucket::full(size, MINUTE_MS, now_ms),
        });
        if limits.connections != 0 && visitor.open >= limits.connections {
            return None;
        }
        if size != 0 && visitor.handshakes.take(size, 1, now_ms).is_err() {
            return None;
        }
        visitor.open = visitor.open.saturating_add(1);
        Some(Visit {
            addresses: Arc::clone(self),
            from,
        })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<IpAddr, Visitor>> {
        self.visitors.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        let mut visitors = self.addresses.lock();
        if let Some(visitor) = visitors.get_mut(&self.from) {
            visitor.open = visitor.open.saturating_sub(1);
        }
    }
}

/// The address as it is counted.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) if !v6.is_loopback() => {
            let bits = v6.to_bits() & (u128::MAX << 64);
            IpAddr::V6(Ipv6Addr::from_bits(bits))
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(limits: PerAddress, at_once: usize) {
        let addresses = Arc::new(Addresses::default());
        let here = IpAddr::from([192, 0, 2, 1]);
        let visits: Vec<_> = (0..at_once + 3)
            .filter_map(|_| addresses.enter(here, limits, 0))
            .collect();
        assert_eq!(visits.len(), at_once);
        let other = IpAddr::from([192, 0, 2, 2]);
        assert!(addresses.enter(other, limits, 0).is_some());
        drop(visits);
        // What was closed makes room at once; what was begun does only with time.
        let again = addresses.enter(here, limits, 0).is_some();
        assert_eq!(again, limits.handshakes_per_minute == 0);
        assert!(addresses.enter(here, limits, MINUTE_MS).is_some());
    }

    #[test]
    fn one_address_has_its_share() {
        for many in [1, 5] {
            check(
                PerAddress {
                    connections: many,
                    handshakes_per_minute: 0,
                },
                many as usize,
            );
            check(
                PerAddress {
                    connections: 0,
                    handshakes_per_minute: many,
                },
                many as usize,
            );
        }
    }

    #[test]
    fn a_network_of_version_6_is_one_address() {
        let one: IpAddr = "2001:db8:1:2:3::4".parse().unwrap();
        let two: IpAddr = "2001:db8:1:2:ffff::".parse().unwrap();
        let other: IpAddr = "2001:db8:1:3::1".parse().unwrap();
        assert_eq!(network(one), network(two));
        assert_ne!(network(one), network(other));
        assert_eq!(
            network("::ffff:192.0.2.1".parse().unwrap()),
            IpAddr::from([192, 0, 2, 1])
        );
        assert_eq!(network("::1".parse().unwrap()), IpAddr::from(Ipv6Addr::LOCALHOST));
    }

    #[test]
    fn more_addresses_than_are_remembered_wait() {
        let addresses = Arc::new(Addresses::default());
        let limits = PerAddress {
            connections: 1,
            handshakes_per_minute: 0,
        };
        let at = |i: usize| IpAddr::V4(std::net::Ipv4Addr::from_bits(i as u32));
        let held: Vec<_> = (0..MAX_ADDRESSES)
            .map(|i| addresses.enter(at(i), limits, 0).unwrap())
            .collect();
        assert!(addresses.enter(at(MAX_ADDRESSES), limits, 0).is_none());
        drop(held);
        assert!(addresses.enter(at(MAX_ADDRESSES), limits, 0).is_some());
        assert_eq!(addresses.lock().len(), 1);
    }
}
