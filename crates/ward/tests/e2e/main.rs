//! The whole program, from outside: a real process, real sockets, real files.

mod support;

mod ask;
mod clients;
mod crash;
mod ledger;
mod limits;
mod routes;
mod serve;
mod upstream;
