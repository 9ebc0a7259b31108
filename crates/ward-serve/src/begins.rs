//! A connection that must begin to speak in time, and must take what it is sent.
//!
//! HTTP/2 keeps a connection alive with pings once it is set up, but waits for its first bytes without an end; and a client
//! that reads nothing of its answer, or asks nothing, would hold it, and everything it stands on, for ever.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Sleep, sleep},
};

use crate::quiet::Quiet;

/// A stream whose first byte must come within a time, and which must take a byte within a time when there is one for it.
pub(crate) struct Begins<T> {
    inner: T,
    /// Until the first byte has come.
    deadline: Option<Pin<Box<Sleep>>>,
    /// How long it may be without work, where the protocol has no timer for that.
    quiet: Option<Quiet>,
    /// How long the other end may take nothing.
    stalled: Duration,
    /// Since when it has taken nothing.
    stalling: Option<Pin<Box<Sleep>>>,
}

impl<T> Begins<T> {
    /// `inner`, with this long to begin, if there is a limit, and this long to take something.
    pub(crate) fn new(inner: T, within: Option<Duration>, stalled: Duration) -> Self {
        Self {
            inner,
            deadline: within.map(|within| Box::pin(sleep(within))),
            quiet: None,
            stalled,
            stalling: None,
        }
    }

    /// The same, ending when it is without work for too long.
    pub(crate) fn with_work(mut self, quiet: Quiet) -> Self {
        self.quiet = Some(quiet);
        self
    }

    /// What became of an attempt to write: after the other end took nothing for too long, an error.
    fn took<R>(&mut self, polled: Poll<io::Result<R>>, cx: &mut Context<'_>) -> Poll<io::Result<R>> {
        if polled.is_ready() {
            self.stalling = None;
            return polled;
        }
        let stalled = self.stalled;
        let stalling = self.stalling.get_or_insert_with(|| Box::pin(sleep(stalled)));
        if stalling.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        polled
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Begins<T> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.inner).poll_read(cx, into);
        if polled.is_ready() {
            self.deadline = None;
        } else if let Some(deadline) = &mut self.deadline
            && deadline.as_mut().poll(cx).is_ready()
        {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        if polled.is_pending() && self.quiet.as_mut().is_some_and(|quiet| quiet.is_over(cx)) {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        polled
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Begins<T> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.inner).poll_write(cx, bytes);
        self.took(polled, cx)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.inner).poll_flush(cx);
        self.took(polled, cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.inner).poll_shutdown(cx);
        self.took(polled, cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.inner).poll_write_vectored(cx, bytes);
        self.took(polled, cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

    const SHORT: Duration = Duration::from_millis(300);

    #[tokio::test]
    async fn who_takes_nothing_is_left() {
        let (ours, _theirs) = duplex(8);
        let mut ours = Begins::new(ours, None, SHORT);
        ours.write_all(b"12345678").await.unwrap();
        let stuck = ours.write_all(b"9").await.unwrap_err();
        assert_eq!(stuck.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn taking_something_starts_the_clock_anew() {
        let (ours, mut slow) = duplex(8);
        let mut ours = Begins::new(ours, None, Duration::from_secs(20));
        let reader = tokio::spawn(async move {
            let mut byte = [0; 4];
            for _ in 0..10 {
                tokio::time::sleep(Duration::from_millis(5)).await;
                slow.read_exact(&mut byte).await.unwrap();
            }
        });
        ours.write_all(&[0; 40]).await.unwrap();
        reader.await.unwrap();
        assert!(ours.stalling.is_none());
    }

    #[tokio::test]
    async fn who_says_nothing_is_left() {
        let (ours, _theirs) = duplex(8);
        let mut ours = Begins::new(ours, Some(SHORT), SHORT);
        let error = ours.read_u8().await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        let (ours, mut theirs) = duplex(8);
        let mut ours = Begins::new(ours, Some(SHORT), SHORT);
        theirs.write_u8(1).await.unwrap();
        assert_eq!(ours.read_u8().await.unwrap(), 1);
        // Once begun, silence is for the layers above to judge.
        let waited = tokio::time::timeout(SHORT * 2, ours.read_u8()).await;
        assert!(waited.is_err());
    }
}
