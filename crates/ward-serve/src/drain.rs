//! The body of a request that was answered before it was read.
//!
//! Over HTTP/2, letting go of a body that is still coming resets its stream, and a client that was just told why it is
//! refused may see the reset and not the reason (RFC 9113, section 8.1). So what is left of it is read and thrown away: a
//! while, and not for ever.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http_body_util::BodyExt as _;
use hyper::body::{Body, Frame, Incoming, SizeHint};

/// Most of an unread body that is read after all, in bytes.
const MOST: usize = 1 << 20;
/// How long the stream of one is kept open.
const PATIENCE: Duration = Duration::from_secs(5);

/// A body that is read to its end even when its handler is done with it.
pub(crate) struct Drained(Option<Incoming>);

impl Drained {
    /// Over a body as it came.
    pub(crate) fn new(body: Incoming) -> Self {
        Self(Some(body))
    }
}

impl Body for Drained {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        match &mut self.0 {
            Some(body) => Pin::new(body).poll_frame(cx),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.0.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.0.as_ref().map_or_else(SizeHint::default, Body::size_hint)
    }
}

impl Drop for Drained {
    fn drop(&mut self) {
        let Some(mut body) = self.0.take().filter(|body| !body.is_end_stream()) else {
            return;
        };
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        runtime.spawn(async move {
            let end = tokio::time::Instant::now() + PATIENCE;
            let mut read = 0;
            while read < MOST {
                match tokio::time::timeout_at(end, body.frame()).await {
                    Ok(Some(Ok(frame))) => read += frame.data_ref().map_or(0, Bytes::len),
                    // Over, broken, or too slow.
                    _ => return,
                }
            }
            // Too much of it: the client has its answer by the time this stream is let go.
            tokio::time::sleep_until(end).await;
        });
    }
}
