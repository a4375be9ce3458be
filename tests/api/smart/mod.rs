//! SMART App Launch: what apps, services, people and test kits meet.

mod discovery;
mod enforcement;
mod launch;
mod leak;
mod pages;
mod refresh;
mod refusals;
mod registration;
mod services;
