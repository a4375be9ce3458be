// What the checks need around a Chartgate: an app's own web server, a configuration that knows its clients, a browser.

import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

const REPOSITORY = process.env.REPOSITORY;
const HERE = import.meta.dirname;
/** Where an app without a page gets its codes. */
export const BACK = '/back';

/** A port that is free now. */
async function port() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((ready) => server.once('listening', ready));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

/** The web server of an app that uses SMART's JavaScript client. */
async function app() {
  const files = {
    '/': [join(HERE, 'app.html'), 'text/html'],
    '/launch': [join(HERE, 'launch.html'), 'text/html'],
    '/fhir-client.js': [join(HERE, 'node_modules/fhirclient/build/fhir-client.js'), 'text/javascript'],
  };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://app');
    if (pathname === BACK) return response.writeHead(200, { 'content-type': 'text/plain' }).end('Back in the app.');
    const file = files[pathname];
    if (!file) return response.writeHead(404).end();
    response.writeHead(200, { 'content-type': file[1] }).end(readFileSync(file[0]));
  });
  server.listen(0, '127.0.0.1');
  await new Promise((ready) => server.once('listening', ready));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

/** Keys that a backend service signs with, and what it registers of them. */
function service(alg, options) {
  const { privateKey, publicKey } = generateKeyPairSync(...options);
  const kid = `test-${alg}`;
  return { alg, kid, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' } };
}

function clients(appUrl, services) {
  const scopes = 'openid fhirUser launch launch/patient online_access offline_access patient/*.rs user/*.rs';
  const registered = [
    `[[client]]\nid = "smart-js"\nname = "SMART JS"\nproof = "public"\nredirect_uris = ["${appUrl}/"]\n` +
      `launch_uri = "${appUrl}/launch"\nscopes = "${scopes}"`,
    `[[client]]\nid = "smart-py"\nname = "SMART Python"\nproof = "public"\nredirect_uris = ["${appUrl}${BACK}"]\nscopes = "${scopes}"`,
  ];
  for (const { alg, jwk } of services) {
    const fields = Object.entries(jwk).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
    registered.push(
      `[[client]]\nid = "service-${alg}"\nname = "Service ${alg}"\nproof = { jwks = { keys = [{ ${fields.join(', ')} }] } }\n` +
        `scopes = "system/*.rs"\npatients = ""`,
    );
  }
  return registered.join('\n\n');
}

function configuration(folder) {
  return `[server]
cors_origin = "*"
sources = "${REPOSITORY}/fixtures/sources"

[smart]
database = "sqlite://.chartgate/smart.db"
clients = "${folder}/clients"
accounts = "${REPOSITORY}/fixtures/smart/accounts.toml"
open_introspection = true
`;
}

/** Everything, started; `close` ends it. */
export async function setting() {
  const folder = mkdtempSync(join(tmpdir(), 'chartgate-smart-'));
  const shots = join(process.env.BUILT, 'screenshots');
  mkdirSync(join(folder, 'clients'));
  mkdirSync(shots, { recursive: true });
  const [ownPort, theirs] = [await port(), await app()];
  const origin = `http://127.0.0.1:${ownPort}`;
  const services = [
    service('RS384', ['rsa', { modulusLength: 2048 }]),
    service('ES384', ['ec', { namedCurve: 'P-384' }]),
  ];
  writeFileSync(join(folder, 'clients/tests.toml'), clients(theirs.url, services));
  copyFileSync(join(REPOSITORY, 'fixtures/smart/clients/demo.toml'), join(folder, 'clients/demo.toml'));
  writeFileSync(join(folder, 'chartgate.toml'), configuration(folder));
  const server = await serve(folder, ownPort);
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox'] });
  const close = async () => {
    await browser.close();
    await server.close();
    theirs.close();
    rmSync(folder, { recursive: true });
  };
  return { origin, base: `${origin}/fhir`, app: theirs.url, services, browser, shots, close };
}

/** Chartgate over the sample deliveries, for as long as the pipe to its script is open. */
async function serve(folder, ownPort) {
  const env = {
    ...process.env,
    AUTH: 'on',
    CHARTGATE_CONFIG: join(folder, 'chartgate.toml'),
    CHARTGATE_LISTEN: `127.0.0.1:${ownPort}`,
  };
  const script = 'echo "ready $CHARTGATE_URL"; cat > /dev/null';
  const child = spawn(join(REPOSITORY, '.ci/with-chartgate'), ['sh', '-c', script], {
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise((done) => child.once('exit', done));
  const ready = new Promise((started) => {
    createInterface({ input: child.stdout }).on('line', (line) => line.startsWith('ready ') && started(true));
  });
  if (!(await Promise.race([ready, ended.then(() => false)]))) throw new Error('Chartgate does not start, see above');
  return {
    close: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
