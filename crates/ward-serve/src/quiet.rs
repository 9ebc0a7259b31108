//! A connection of HTTP/2 on which nothing is under way.
//!
//! HTTP/2 has no timer of its own for a client that answers pings and asks nothing, or asks and takes nothing of the answer:
//! as long as it opens no window, there is nothing to write, so nothing stalls. Either would hold its connection for ever.
//! So a connection counts the requests that Ward works on, and one without any ends after a while.

use std::{
    convert::Infallible,
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{Body, Bytes},
    response::Response,
};
use hyper::{
    Request,
    body::{Frame, Incoming, SizeHint},
    service::Service,
};
use tokio::time::{Sleep, sleep};

/// What goes on on one connection.
#[derive(Default)]
pub(crate) struct Underway {
    /// Requests that Ward works on: not those whose answer waits for the client to take it.
    working: AtomicUsize,
    /// How often one was begun, or a piece of an answer was taken.
    turns: AtomicU64,
}

/// How long a connection may be without work.
pub(crate) struct Quiet {
    within: Duration,
    underway: Arc<Underway>,
    /// The turns when `deadline` was set.
    seen: u64,
    deadline: Option<Pin<Box<Sleep>>>,
}

impl Quiet {
    pub(crate) fn new(within: Duration, underway: Arc<Underway>) -> Self {
        Self {
            within,
            underway,
            seen: 0,
            deadline: None,
        }
    }

    /// Whether the connection was without work for too long. Wakes the task when it will have been.
    pub(crate) fn is_over(&mut self, cx: &mut Context<'_>) -> bool {
        let turns = self.underway.turns.load(Ordering::Acquire);
        let working = self.underway.working.load(Ordering::Acquire) > 0;
        if working || turns != self.seen {
            self.seen = turns;
            self.deadline = None;
        }
        let within = self.within;
        !working
            && self
                .deadline
                .get_or_insert_with(|| Box::pin(sleep(within)))
                .as_mut()
                .poll(cx)
                .is_ready()
    }
}

/// One request of a connection, counted while Ward works on it.
struct Counted {
    underway: Arc<Underway>,
    working: bool,
}

impl Counted {
    fn new(underway: Arc<Underway>) -> Self {
        let mut counted = Self {
            underway,
            working: false,
        };
        counted.works(true);
        counted
    }

    /// Whether Ward works on it, or it waits for the client.
    fn works(&mut self, working: bool) {
        self.underway.turns.fetch_add(1, Ordering::AcqRel);
        if working && !self.working {
            self.underway.working.fetch_add(1, Ordering::AcqRel);
        } else if !working && self.working {
            self.underway.working.fetch_sub(1, Ordering::AcqRel);
        }
        self.working = working;
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.works(false);
    }
}

/// A service whose requests are counted from their head to the end of their answer.
#[derive(Clone)]
pub(crate) struct Counting<S> {
    pub(crate) inner: S,
    pub(crate) underway: Arc<Underway>,
}

impl<S> Service<Request<Incoming>> for Counting<S>
where
    S: Service<Request<Incoming>, Response = Response, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let counted = Counted::new(Arc::clone(&self.underway));
        let answering = self.inner.call(request);
        Box::pin(async move {
            let response = answering.await?;
            Ok(response.map(|body| Body::new(CountedBody { body, counted })))
        })
    }
}

/// The body of an answer. While its next piece is not there yet, Ward works on it.
struct CountedBody {
    body: Body,
    counted: Counted,
}

impl hyper::body::Body for CountedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        self.counted.works(polled.is_pending());
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt as _;
    use std::future::poll_fn;

    const SHORT: Duration = Duration::from_millis(200);

    async fn is_over(quiet: &mut Quiet, wait: Duration) -> bool {
        let over = poll_fn(|cx| {
            if quiet.is_over(cx) {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        });
        tokio::time::timeout(wait, over).await.is_ok()
    }

    #[tokio::test]
    async fn only_a_connection_without_work_ends() {
        let underway = Arc::new(Underway::default());
        let mut quiet = Quiet::new(SHORT, Arc::clone(&underway));
        let request = Counted::new(Arc::clone(&underway));
        assert!(!is_over(&mut quiet, SHORT * 3).await, "a request is under way");
        drop(request);
        assert!(is_over(&mut quiet, Duration::from_secs(20)).await);
        // A turn begins the time anew.
        drop(Counted::new(underway));
        assert!(!is_over(&mut quiet, Duration::ZERO).await);
    }

    #[tokio::test]
    async fn an_answer_that_nobody_takes_is_no_work() {
        let underway = Arc::new(Underway::default());
        let mut answer = CountedBody {
            body: Body::from("an answer"),
            counted: Counted::new(Arc::clone(&underway)),
        };
        assert_eq!(underway.working.load(Ordering::Acquire), 1);
        assert_eq!(hyper::body::Body::size_hint(&answer).exact(), Some(9));
        answer.frame().await.unwrap().unwrap();
        assert_eq!(underway.working.load(Ordering::Acquire), 0);
        let waiting = futures_util::stream::pending::<Result<Bytes, Infallible>>();
        answer.body = Body::from_stream(waiting);
        assert!(tokio::time::timeout(SHORT, answer.frame()).await.is_err());
        assert_eq!(underway.working.load(Ordering::Acquire), 1, "it waits for the engine");
    }
}
