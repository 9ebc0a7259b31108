//! A relay of TCP connections that keeps every byte of both directions.

use anyhow::Result;
use std::{
    io::{Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
};

/// Bytes that several connections append to.
#[derive(Clone, Default)]
pub(crate) struct Kept(Arc<Mutex<Vec<u8>>>);

impl Kept {
    fn push(&self, bytes: &[u8]) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend_from_slice(bytes);
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Those after the first `from`.
    pub(crate) fn since(&self, from: usize) -> Vec<u8> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(from..).unwrap_or_default().to_vec()
    }
}

/// A relay on a free port of this machine.
pub(crate) struct Relay {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// Every byte that went to the server.
    pub(crate) received: Kept,
    /// Every byte that came from the server.
    pub(crate) answered: Kept,
    closing: Arc<AtomicBool>,
    listening: Option<JoinHandle<()>>,
}

impl Relay {
    /// Relays every connection to `server`.
    pub(crate) fn start(server: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        let (received, answered) = (Kept::default(), Kept::default());
        let closing = Arc::new(AtomicBool::new(false));
        let (to_server, to_client, closes) = (received.clone(), answered.clone(), closing.clone());
        let listening = thread::spawn(move || {
            for client in listener.incoming() {
                if closes.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(client) = client else { continue };
                // A server that is gone: the client sees its connection closed.
                let Ok(server) = TcpStream::connect(server) else {
                    continue;
                };
                join(client, server, to_server.clone(), to_client.clone());
            }
        });
        Ok(Self {
            address,
            received,
            answered,
            closing,
            listening: Some(listening),
        })
    }

    /// Stops to listen: from now on a connection is refused. Those under way go on.
    pub(crate) fn close(&mut self) {
        let Some(listening) = self.listening.take() else {
            return;
        };
        self.closing.store(true, Ordering::SeqCst);
        // Wakes the listener; whether that succeeds or it was gone already is the same.
        let _ = TcpStream::connect(self.address);
        let _ = listening.join();
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.close();
    }
}

/// Copies both ways until either side closes. A connection whose handles cannot be made is dropped.
fn join(client: TcpStream, server: TcpStream, to_server: Kept, to_client: Kept) {
    let _ = (client.set_nodelay(true), server.set_nodelay(true));
    let (Ok(from_client), Ok(from_server)) = (client.try_clone(), server.try_clone()) else {
        return;
    };
    thread::spawn(move || copy(from_client, server, &to_server));
    thread::spawn(move || copy(from_server, client, &to_client));
}

/// Bytes are kept before they are passed on: what was received cannot be missing. The end of one direction ends both, so
/// that a process which was killed looks to the other side as it would without a relay.
fn copy(mut from: TcpStream, mut to: TcpStream, kept: &Kept) {
    let mut buffer = vec![0; 64 << 10];
    while let Ok(n @ 1..) = from.read(&mut buffer) {
        let bytes = buffer.get(..n).unwrap_or_default();
        kept.push(bytes);
        if to.write_all(bytes).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
    let _ = from.shutdown(Shutdown::Both);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_directions_pass_and_are_kept_and_a_closed_relay_refuses() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let server = listener.local_addr().unwrap();
        let serving = thread::spawn(move || {
            let (mut socket, _) = listener.accept().unwrap();
            let mut four = [0; 4];
            socket.read_exact(&mut four).unwrap();
            socket.write_all(b"pong!").unwrap();
            four
        });
        let mut relay = Relay::start(server).unwrap();
        let mut socket = TcpStream::connect(relay.address).unwrap();
        socket.write_all(b"ping").unwrap();
        let mut reply = String::new();
        socket.read_to_string(&mut reply).unwrap();
        assert_eq!((reply.as_str(), &serving.join().unwrap()), ("pong!", b"ping"));
        assert_eq!(
            (relay.received.since(0), relay.answered.since(2)),
            (b"ping".to_vec(), b"ng!".to_vec())
        );
        assert_eq!(relay.received.len(), 4);
        relay.close();
        assert!(TcpStream::connect(relay.address).is_err());
    }
}
