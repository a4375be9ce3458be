//! measurement only
#![allow(missing_docs, clippy::all, clippy::unwrap_used, clippy::print_stdout)]
use std::io::Read; use std::time::*; use serde_json::value::RawValue;
struct One<R>(R, Vec<u8>, usize, usize);
impl<R: Read> Read for One<R> { #[inline] fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> { if self.2 == self.3 { self.3 = self.0.read(&mut self.1)?; self.2 = 0; if self.3==0 {return Ok(0)} } let n = out.len().min(self.3-self.2); out[..n].copy_from_slice(&self.1[self.2..self.2+n]); self.2+=n; Ok(n) } }
fn main() {
    let row = r#"{"id":123456789,"patient_id":"12345","encounter_id":"E-12345","c3":"Doe José","c4":"20260115","c5":"09:30:00","c6":"Office Visit","c7":"Completed","c8":"3001","c9":"12","c10":"cough and fever since yesterday","c11":"","c12":"99213","c13":"I10","c14":"","c15":"Main Street 1","c16":"Springfield","c17":"VA","hj_create_timestamp":"2026-01-15 10:00:00.000000","hj_modify_timestamp":"2026-01-15 10:00:00.000000"}"#;
    let text = format!("[{}]", vec![row; 200000].join(","));
    println!("{} bytes/row", row.len());
    let t = Instant::now(); let v: Vec<Box<RawValue>> = serde_json::from_reader(One(text.as_bytes(), vec![0; 32768], 0, 0)).unwrap(); println!("raw from_reader {:.2} us/row", t.elapsed().as_secs_f64()*5.0); drop(v);
    let t = Instant::now(); let v: Vec<&RawValue> = serde_json::from_str(&text).unwrap(); println!("raw from_str {:.2}", t.elapsed().as_secs_f64()*5.0);
    let t = Instant::now(); let mut n=0; for r in &v { let m: std::collections::BTreeMap<&str,&RawValue> = serde_json::from_str(r.get()).unwrap(); n+=m.len(); } println!("map {:.2} {n}", t.elapsed().as_secs_f64()*5.0);
}
