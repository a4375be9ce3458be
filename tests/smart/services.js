// Backend services, by openid-client (npm): signed assertions of both algorithms.

import { webcrypto } from 'node:crypto';
import * as oauth from 'openid-client';
import { equal, ok, run } from './check.js';

const ALGORITHMS = {
  RS384: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-384' },
  ES384: { name: 'ECDSA', namedCurve: 'P-384' },
};

async function token(setting, { alg, kid, privateKey }) {
  const jwk = privateKey.export({ format: 'jwk' });
  const key = await webcrypto.subtle.importKey('jwk', jwk, ALGORITHMS[alg], false, ['sign']);
  const client = `service-${alg}`;
  const config = await oauth.discovery(new URL(setting.origin), client, undefined, oauth.PrivateKeyJwt({ key, kid }, {
    [oauth.modifyAssertion]: (_header, payload) => {
      payload.aud = `${setting.origin}/auth/token`;
      payload.exp = payload.iat + 60;
    },
  }), { execute: [oauth.allowInsecureRequests] });
  return oauth.clientCredentialsGrant(config, { scope: 'system/Patient.rs system/Condition.rs' });
}

export async function services(setting) {
  const checks = setting.services.map((service) => [`a service's token by ${service.alg}`, async () => {
    const granted = await token(setting, service);
    equal(granted.scope.split(' ').sort(), ['system/Condition.rs', 'system/Patient.rs'], 'scope');
    ok(!granted.refresh_token && granted.expires_in <= 300, 'too much');
    const ask = (path) => fetch(`${setting.base}/${path}`, { headers: { authorization: `Bearer ${granted.access_token}` } });
    const patients = await (await ask('Patient?_summary=count')).json();
    ok(patients.total > 50, `${patients.total} patients`);
    equal((await ask('Encounter')).status, 403, 'what was not granted');
    return `${patients.total} patients, for ${granted.expires_in} s`;
  }]);
  return run('backend service (openid-client)', Object.fromEntries(checks));
}
