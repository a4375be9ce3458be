//! A server in this process that listens on a port of this machine, and may be made to lie.

use std::net::TcpListener;
use std::sync::{Arc, Mutex, mpsc};

use actix_web::HttpServer;
use actix_web::dev::{ServerHandle, Service, ServiceRequest};
use actix_web::http::header;
use actix_web::web::Data;
use server::app::app;

use super::setup::Setup;

/// What is wrong with a server.
#[derive(Debug, Clone)]
pub enum Lie {
    /// Nothing.
    None,
    /// Nothing; but it notes what it is asked: paths with their queries.
    Noting(Arc<Mutex<Vec<String>>>),
    /// It does not see these parameters, whatever modifier they have.
    Blind(&'static str),
    /// It does not see this header.
    Deaf(header::HeaderName),
}

/// A server that listens until this is dropped.
pub struct Listening {
    /// Its base for all sources together.
    pub base: String,
    handle: ServerHandle,
}

impl Listening {
    /// Starts it.
    #[must_use]
    pub fn start(setup: Setup, lie: Lie) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let state = Data::new(setup.state(&origin));
        let (sender, receiver) = mpsc::channel();
        std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let served = move || {
                    let lie = lie.clone();
                    app(state.clone()).wrap_fn(move |mut request, service| {
                        lie.tell(&mut request);
                        service.call(request)
                    })
                };
                let server = HttpServer::new(served).workers(1).disable_signals();
                let server = server.listen(listener).unwrap().run();
                sender.send(server.handle()).unwrap();
                server.await.unwrap();
            });
        });
        let handle = receiver.recv().unwrap();
        Self {
            base: format!("{origin}/fhir"),
            handle,
        }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        // Telling it is enough: it stops by itself.
        drop(self.handle.stop(false));
    }
}

impl Lie {
    fn tell(&self, request: &mut ServiceRequest) {
        match self {
            Self::None => {}
            Self::Noting(noted) => noted.lock().unwrap().push(request.uri().to_string()),
            Self::Deaf(name) => {
                request.headers_mut().remove(name);
            }
            Self::Blind(name) => {
                let seen = |pair: &&str| pair.split(['=', ':']).next() != Some(*name);
                let query: Vec<&str> = request.query_string().split('&').filter(seen).collect();
                let uri = format!("{}?{}", request.path(), query.join("&"));
                request.head_mut().uri = uri.parse().unwrap();
            }
        }
    }
}
