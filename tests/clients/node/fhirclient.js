// fhirclient: the SMART on FHIR library of apps, here on a server that is open.

import FHIR from 'fhirclient';
import { BASE, GONE, PATIENT, equal, ids, ok, plain, refused, run } from './check.js';

// Outside of a browser the library is given the request and a place to keep its state.
const state = new Map();
const storage = {
  get: async (key) => state.get(key),
  set: async (key, value) => void state.set(key, value),
  unset: async (key) => state.delete(key),
};
const smart = FHIR({ headers: { host: 'localhost' }, url: '/' }, {}, storage);
const client = smart.client({ serverUrl: BASE, tokenResponse: { patient: PATIENT } });
const keys = (resources) => resources.map((r) => `${r.resourceType}/${r.id}`).sort();

await run('fhirclient (npm)', {
  'learns the version of FHIR': async () => {
    equal(await client.getFhirVersion(), '4.0.1');
    equal(await client.getFhirRelease(), 4);
    return '4.0.1';
  },

  'pages through a search': async () => {
    let pages = 0;
    const onPage = () => void (pages += 1);
    const options = { pageLimit: 0, flat: true };
    const found = keys(await client.request('Condition?_count=25', options));
    await client.request('Condition?_count=25', { pageLimit: 0, onPage });
    const { json } = await plain('Condition?_summary=count');
    equal(found.length, json.total);
    equal(new Set(found).size, found.length, 'different ids');
    equal(pages, Math.ceil(json.total / 25), 'pages');
    return `${found.length} on ${pages} pages`;
  },

  'searches within its patient': async () => {
    const found = await client.patient.request('Condition?_count=1000', { flat: true });
    equal(keys(found), ids((await plain(`Condition?patient=${PATIENT}&_count=1000`)).json, 'match'));
    return `${found.length} conditions`;
  },

  'includes both ways': async () => {
    const forth = await client.request(`Condition?patient=${PATIENT}&_include=Condition:encounter&_count=1000`);
    const referred = forth.entry.map((e) => e.resource.encounter?.reference).filter(Boolean);
    equal(ids(forth, 'include'), [...new Set(referred)].sort());
    const back = await client.request(`Patient?_id=${PATIENT}&_revinclude=Condition:patient`);
    equal(ids(back, 'include'), ids((await plain(`Condition?patient=${PATIENT}&_count=1000`)).json, 'match'));
    return `${ids(forth, 'include').length} and ${ids(back, 'include').length}`;
  },

  'resolves references in a page': async () => {
    const page = await client.request(`Encounter?patient=${PATIENT}&_count=5`, {
      resolveReferences: ['subject', 'participant.0.individual'],
    });
    ok(page.entry.every((e) => e.resource.subject.id === PATIENT), 'a subject was not resolved');
    const names = page.entry.map((e) => client.getPath(e.resource, 'participant.0.individual.name.0.family'));
    ok(names.some(Boolean), 'no clinician was resolved');
    return `${page.entry.length} visits`;
  },

  'reads with an ETag, and not again what has not changed': async () => {
    const options = { url: `Patient/${PATIENT}`, includeResponse: true };
    const { response, body } = await client.request(options);
    const etag = response.headers.get('etag');
    equal(etag, `W/"${body.meta.versionId}"`);
    equal((await client.patient.read()).id, PATIENT);
    const again = client.request({ ...options, headers: { 'If-None-Match': etag } });
    // The library hands a 304 on as an answer or as an error, by version.
    const status = await again.then((a) => a.response.status, (error) => error.status);
    equal(status, 304);
    return '304';
  },

  'is told what is wrong': async () => {
    const strict = { Prefer: 'handling=strict' };
    const told = [];
    for (const [url, status, code] of [
      ['Patient/none', 404, 'not-found'],
      [`Patient/${GONE}`, 410, 'deleted'],
      ['Patient?birthdat=1980', 400, 'not-supported'],
      ['Patient?birthdate=1980-13', 400, 'value'],
    ]) {
      const error = await refused(client.request({ url, headers: strict }));
      equal(error.status, status);
      // The library puts the body into its message.
      const outcome = JSON.parse(error.message.slice(error.message.indexOf('{')));
      equal([outcome.resourceType, outcome.issue[0].code], ['OperationOutcome', code]);
      told.push(status);
    }
    equal((await refused(client.create({ resourceType: 'Patient' }))).status, 405);
    return [...told, 405].join(', ');
  },
});
