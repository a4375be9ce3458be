// A SMART app without libraries: standalone or launched by an EHR, PKCE, and one search with pages.
"use strict";

const CLIENT = "chartgate-demo";
const HERE = `${location.origin}/app/`;
const SCOPES = "openid fhirUser launch/patient patient/Patient.rs patient/Condition.rs patient/Encounter.rs";

const element = (id) => document.getElementById(id);
const base64url = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));

function tell(text, isProblem) {
  element("status").textContent = text;
  element("status").className = isProblem ? "problem" : "";
}

async function json(url, options) {
  const response = await fetch(url, options);
  const body = await response.json().catch(() => ({}));
  if (!response.ok) {
    const why = body.error_description || body.issue?.[0]?.diagnostics || response.statusText;
    throw new Error(`${response.status}: ${why}`);
  }
  return body;
}

async function authorize(base, launch) {
  const smart = await json(`${base}/.well-known/smart-configuration`);
  const verifier = random();
  const state = random();
  const challenge = base64url(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier)));
  sessionStorage.setItem(state, JSON.stringify({ base, verifier, token: smart.token_endpoint }));
  const asked = new URLSearchParams({
    response_type: "code",
    client_id: CLIENT,
    redirect_uri: HERE,
    scope: launch ? SCOPES.replace("launch/patient", "launch") : SCOPES,
    state,
    aud: base,
    code_challenge: challenge,
    code_challenge_method: "S256",
  });
  if (launch) asked.set("launch", launch);
  location.assign(`${smart.authorization_endpoint}?${asked}`);
}

async function finish(answer) {
  const known = sessionStorage.getItem(answer.get("state"));
  sessionStorage.removeItem(answer.get("state"));
  history.replaceState(null, "", HERE);
  if (!known) throw new Error("the answer belongs to no request of this page");
  if (answer.get("error")) throw new Error(answer.get("error_description") || answer.get("error"));
  const { base, verifier, token } = JSON.parse(known);
  const form = new URLSearchParams({
    grant_type: "authorization_code",
    code: answer.get("code"),
    redirect_uri: HERE,
    client_id: CLIENT,
    code_verifier: verifier,
  });
  const granted = await json(token, { method: "POST", body: form });
  await show(base, granted);
}

function item(text) {
  const line = document.createElement("li");
  line.textContent = text;
  return line;
}

function named(resource) {
  const name = resource.name?.[0] || {};
  return name.text || [...(name.given || []), name.family].filter(Boolean).join(" ") || resource.id;
}

async function show(base, granted) {
  const ask = (url) =>
    json(url, { headers: { authorization: `Bearer ${granted.access_token}`, accept: "application/fhir+json" } });
  element("connect").hidden = true;
  element("result").hidden = false;
  element("scopes").replaceChildren(...granted.scope.split(" ").map(item));
  const patient = await ask(`${base}/Patient/${granted.patient}`);
  element("patient").textContent = named(patient);
  const lines = [];
  let next = `${base}/Condition?patient=${granted.patient}&_sort=-recorded-date`;
  while (next) {
    const page = await ask(next);
    for (const entry of page.entry || []) {
      const condition = entry.resource;
      if (condition.resourceType !== "Condition") continue;
      lines.push(item(condition.code?.text || condition.code?.coding?.[0]?.display || condition.code?.coding?.[0]?.code || condition.id));
    }
    next = page.link?.find((link) => link.relation === "next")?.url;
  }
  element("conditions").replaceChildren(...(lines.length ? lines : [item("None.")]));
  tell(`${lines.length} conditions`);
}

async function start() {
  const asked = new URLSearchParams(location.search);
  element("connect").addEventListener("click", () => authorize(`${location.origin}/fhir`).catch(failed));
  if (asked.has("state")) await finish(asked);
  else if (asked.has("launch")) await authorize(asked.get("iss"), asked.get("launch"));
}

function failed(error) {
  tell(`It did not work: ${error.message}`, true);
}

start().catch(failed);
