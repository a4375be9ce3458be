// People sign in with the organisation's own identity provider: a real one (oidc-provider), whose claims say who they are at Chartgate. This starts
// both, walks the pages as a browser without scripts does, and changes the provider's keys in between.

import { spawn } from 'node:child_process';
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Provider from 'oidc-provider';
import { equal, ok, run } from './check.js';

const { CHARTGATE_BINARY, CHARTGATE_CONFIG, CHARTGATE_FOLDER } = process.env;
const SECRET = 'the secret that both know';
const CHILDREN = ['healthjump.pt.720304', 'healthjump.pt.720303'];

/** The people of the provider, with how they sign in there. */
const PEOPLE = {
  parent: { claims: { name: 'Pia Example', groups: ['Everybody', 'Families'], wards: CHILDREN, fhirUser: 'Patient/healthjump.pt.710201' } },
  doctor: {
    amr: ['pwd', 'otp', 'mfa'],
    claims: { name: 'Dora Example', groups: ['Staff'], sees: '_has:Encounter:patient:practitioner=healthjump.prov.3001', fhirUser: 'https://elsewhere.example.org/fhir/Practitioner/healthjump.prov.3001' },
  },
  hurried: { amr: ['pwd'], claims: { name: 'Hugo Example', groups: ['Staff'], sees: '' } },
  mistaken: { amr: ['mfa'], claims: { name: 'Mira Example', groups: ['Staff'], sees: 'nonsense=1' } },
  guest: { claims: { name: 'Gus Example', groups: ['Everybody'] } },
};

const listening = (server, port = 0) => new Promise((done) => server.listen(port, '127.0.0.1', () => done(server.address().port)));
const freePort = async () => {
  const server = createServer();
  const port = await listening(server);
  await new Promise((done) => server.close(done));
  return port;
};

const [idpPort, port] = [await freePort(), await freePort()];
const [issuer, here] = [`http://127.0.0.1:${idpPort}`, `http://127.0.0.1:${port}`];

/** Who is at the provider's keyboard. */
let who = 'parent';
let idp;

/** Starts the provider with new keys, on the same address. */
async function startProvider() {
  if (idp) await new Promise((done) => { idp.closeAllConnections(); idp.close(done); });
  const jwk = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
  const provider = new Provider(issuer, {
    clients: [{ client_id: 'chartgate', client_secret: SECRET, redirect_uris: [`${here}/auth/callback`] }],
    jwks: { keys: [{ ...jwk, kid: randomBytes(4).toString('hex'), use: 'sig', alg: 'RS256' }] },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    claims: { openid: ['sub', 'acr', 'amr', 'groups', 'wards', 'sees', 'fhirUser'], profile: ['name'] },
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false } },
    interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id, ...PEOPLE[id].claims }) }),
    loadExistingGrant: async (ctx) => {
      const grant = new provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
      grant.addOIDCScope('openid profile');
      await grant.save();
      return grant;
    },
  });
  provider.use(async (ctx, next) => {
    if (!ctx.path.startsWith('/interaction/')) return next();
    const login = { accountId: who, amr: PEOPLE[who].amr, remember: false };
    return provider.interactionFinished(ctx.req, ctx.res, { login });
  });
  idp = createServer(provider.callback());
  await listening(idp, idpPort);
}

/** A browser: cookies by origin, redirects followed as long as they lead to one of these two. */
class Browser {
  cookies = new Map();

  async ask(url, form) {
    const { origin } = new URL(url);
    const known = this.cookies.get(origin) ?? new Map();
    const cookie = [...known].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, {
      method: form ? 'POST' : 'GET', redirect: 'manual', headers: { cookie },
      body: form && new URLSearchParams(form),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = line.match(/^([^=]+)=([^;]*)/);
      known.set(name, value);
    }
    this.cookies.set(origin, known);
    const to = response.headers.get('location') && new URL(response.headers.get('location'), url).href;
    if (to && (to.startsWith(issuer) || to.startsWith(`${here}/auth/`))) return this.ask(to);
    return { url, to, status: response.status, page: await response.text() };
  }
}

const hidden = (page) => [...page.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]);
const ticked = (page) => [...page.matchAll(/name="scope" value="([^"]*)" checked/g)].map(([, value]) => ['scope', value]);
const base64url = (bytes) => bytes.toString('base64url');

/** An app asks, somebody signs in at the provider; gives the page that comes then. */
async function signIn(person, scope) {
  who = person;
  const verifier = base64url(randomBytes(32));
  const asked = new URLSearchParams({
    response_type: 'code', client_id: 'chartgate-demo', redirect_uri: `${here}/app/`, scope, state: 's', aud: `${here}/fhir`,
    code_challenge: base64url(createHash('sha256').update(verifier).digest()), code_challenge_method: 'S256',
  });
  const browser = new Browser();
  const login = await browser.ask(`${here}/auth/authorize?${asked}`);
  ok(!login.page.includes('type="password"'), 'a password is asked for');
  const link = login.page.match(/href="(\/auth\/upstream[^"]*)"[^>]*>Sign in with Example Hospital/);
  ok(link, `no way to the provider: ${login.page}`);
  return { browser, verifier, ...(await browser.ask(here + link[1])) };
}

/** The rest of a launch: everything is shared. */
async function share({ browser, verifier, page }) {
  const request = new Map(hidden(page)).get('request');
  const pick = [...page.matchAll(/name="patient" value="([^"]*)"/g)].map(([, id]) => id);
  if (page.includes('Whose records?')) page = (await browser.ask(`${here}/auth/continue?${new URLSearchParams({ request, patient: pick[0] })}`)).page;
  const { to, page: answer } = await browser.ask(`${here}/auth/consent`, [...hidden(page), ...ticked(page), ['decision', 'allow']]);
  ok(to, `nothing is shared: ${answer || page}`);
  const response = await fetch(`${here}/auth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code', code: new URL(to).searchParams.get('code'), redirect_uri: `${here}/app/`, client_id: 'chartgate-demo', code_verifier: verifier,
    }),
  });
  return response.json();
}

const patients = async (token) => {
  const response = await fetch(`${here}/fhir/Patient?_elements=id&_count=100`, { headers: { authorization: `Bearer ${token.access_token}` } });
  return ((await response.json()).entry ?? []).map((entry) => entry.resource.id).sort();
};
const claims = (token) => JSON.parse(Buffer.from(token.id_token.split('.')[1], 'base64url'));

async function startChartgate() {
  const folder = mkdtempSync(join(tmpdir(), 'chartgate-upstream-'));
  const fixtures = dirname(CHARTGATE_CONFIG);
  const config = `
[server]
listen = "127.0.0.1:${port}"
sources = "${fixtures}/sources"
secret_file = "${folder}/secret"
[smart]
database = "sqlite://${folder}/smart.db"
clients = "${fixtures}/smart/clients"
[smart.upstream]
issuer = "${issuer}"
client_id = "chartgate"
client_secret_env = "CHARTGATE_UPSTREAM_SECRET"
name = "Example Hospital"
scopes = ["profile"]
[smart.upstream.claims]
role = "groups"
patients = "wards"
roles = { "Families" = "patient", "Staff" = "practitioner" }
[smart.upstream.require.practitioner]
amr = ["mfa"]
`;
  writeFileSync(join(folder, 'chartgate.toml'), config);
  const env = { ...process.env, CHARTGATE_UPSTREAM_SECRET: SECRET };
  const server = spawn(CHARTGATE_BINARY, ['serve', '--config', join(folder, 'chartgate.toml'), '--log-level', 'warn'], { cwd: CHARTGATE_FOLDER, env, stdio: ['ignore', 'ignore', 'inherit'] });
  for (let tries = 0; tries < 200; tries += 1) {
    if (await fetch(`${here}/health`).then(() => true, () => false)) return server;
    await new Promise((done) => { setTimeout(done, 100); });
  }
  server.kill();
  throw new Error('Chartgate does not start');
}

const chartgate = await startChartgate();
await run('oidc-provider', {
  'a provider that is away is told': async () => {
    const { status, page } = await signIn('parent', 'openid user/*.rs');
    equal(status, 502, 'status');
    ok(page.includes('sign-in does not answer'), page);
    await startProvider();
    return 'a page says so';
  },
  'a parent sees the children': async () => {
    const token = await share(await signIn('parent', 'openid fhirUser user/*.rs'));
    equal(await patients(token), [...CHILDREN].sort());
    const told = claims(token);
    equal([told.sub, told.fhirUser], ['upstream:parent', `${here}/fhir/Patient/healthjump.pt.710201`]);
    return told.sub;
  },
  'a parent picks a child': async () => {
    const token = await share(await signIn('parent', 'openid launch/patient patient/*.rs'));
    equal(await patients(token), [token.patient]);
    return token.patient;
  },
  'a clinician with a second factor sees patients of theirs': async () => {
    const token = await share(await signIn('doctor', 'openid fhirUser user/*.rs'));
    const found = await patients(token);
    ok(found.length > 5 && found.length < 20, found.join());
    equal(claims(token).fhirUser, `${here}/fhir/Practitioner/healthjump.prov.3001`);
    return `${found.length} patients`;
  },
  'keys of the provider change': async () => {
    await startProvider();
    const token = await share(await signIn('doctor', 'openid user/*.rs'));
    return claims(token).sub;
  },
  'who has no second factor, no role or no search of patients is turned away': async () => {
    for (const [person, why] of [['hurried', 'a second factor'], ['guest', 'no role'], ['mistaken', 'whose records you may see cannot be told']]) {
      const { page } = await signIn(person, 'openid user/*.rs');
      ok(page.includes(why) && page.includes('role="alert"'), `${person}: ${page}`);
    }
    return 'three are';
  },
  'an answer of the provider is taken from the browser that asked': async () => {
    const { browser } = await signIn('parent', 'openid user/*.rs');
    for (const query of ['', '?code=x', '?state=x&code=y', '?error=access_denied']) {
      const { page } = await browser.ask(`${here}/auth/callback${query}`);
      ok(page.includes('That took too long'), page);
    }
    return 'others are not';
  },
});
chartgate.kill();
idp.closeAllConnections();
idp.close();
