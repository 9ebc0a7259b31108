//! The whole program, from outside: a real process, real sockets, real files.

#[allow(
    unreachable_pub,
    reason = "a test is a crate of its own: nothing in it can be reached"
)]
mod support;

mod ask;
mod clients;
mod crash;
mod ledger;
mod limits;
mod routes;
mod serve;
mod upstream;
