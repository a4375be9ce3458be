//! Chartgate seen from outside, on both databases.

mod bad;
mod check;
mod compartment;
mod errors;
mod etag;
mod explain;
mod golden;
mod http;
mod include;
mod kill;
mod live;
mod load;
mod metadata;
mod must_support;
mod oracle;
mod outage;
mod paging;
mod partial;
mod parts;
mod read;
mod search;
mod serve;
mod system;
mod traps;
mod union;
mod xml;
