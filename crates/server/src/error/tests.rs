use actix_web::body::MessageBody;

use super::*;

/// Status, `Retry-After` and `Allow`, and the code.
fn told(failure: Failure) -> (u16, Option<String>, String) {
    let response = failure.into_response("r-1", Format::Json);
    let extra = [header::RETRY_AFTER, header::ALLOW]
        .iter()
        .find_map(|name| Some(response.headers().get(name)?.to_str().unwrap().to_owned()));
    let status = response.status().as_u16();
    let body = response.into_body().try_into_bytes().unwrap();
    let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(body["resourceType"], "OperationOutcome");
    assert_eq!(body["issue"][0]["severity"], "error");
    (status, extra, body["issue"][0]["code"].as_str().unwrap().to_owned())
}

#[test]
fn every_error_below_http_has_its_status() {
    use mapper::Error as E;
    let source = || "hj".to_owned();
    for (error, status, extra, code) in [
        (E::Unavailable(source()), 503, Some("5"), "transient"),
        (E::Busy(source()), 503, Some("1"), "transient"),
        (E::Timeout, 504, None, "timeout"),
        (E::Cursor, 400, None, "value"),
        (E::Expired, 400, None, "value"),
        (E::TooCostly("less".to_owned()), 400, None, "too-costly"),
        (E::Encode(fhir::json::Error::Version), 500, None, "exception"),
        (E::Config("secret".to_owned()), 500, None, "exception"),
        (E::Url("secret".to_owned()), 500, None, "exception"),
    ] {
        assert_eq!(told(error.into()), (status, extra.map(str::to_owned), code.to_owned()));
    }
}

#[test]
fn every_failure_of_http_has_its_status() {
    for (failure, status, extra, code) in [
        (Failure::not_found(), 404, None, "not-found"),
        (Failure::unknown_type(), 404, None, "not-supported"),
        (Failure::not_supported(), 404, None, "not-supported"),
        (Failure::nowhere(), 404, None, "not-found"),
        (Failure::method("GET, HEAD"), 405, Some("GET, HEAD"), "not-supported"),
        (Failure::not_acceptable(), 406, None, "not-supported"),
        (Failure::gone(), 410, None, "deleted"),
        (Failure::body_too_long(9), 413, None, "too-long"),
        (Failure::address_too_long(9), 414, None, "too-long"),
        (Failure::not_a_form(), 415, None, "not-supported"),
        (Failure::body_broken(), 400, None, "invalid"),
        (Failure::too_many(), 429, Some("1"), "throttled"),
    ] {
        assert_eq!(told(failure), (status, extra.map(str::to_owned), code.to_owned()));
    }
    for status in [400, 404, 406, 413, 414, 431, 429, 500, 503] {
        let status = StatusCode::from_u16(status).unwrap();
        let told = told(Failure::of_status(status)).0;
        assert_eq!(told, if status.is_server_error() { 500 } else { status.as_u16() });
    }
}

#[test]
fn an_internal_error_tells_the_request_id_and_not_the_cause() {
    let response = Failure::internal("the cause").into_response("r-1", Format::Json);
    let body = response.into_body().try_into_bytes().unwrap();
    let text = String::from_utf8(body.to_vec()).unwrap();
    assert!(text.contains("internal error; request id r-1"), "{text}");
    assert!(!text.contains("the cause"), "{text}");
}
