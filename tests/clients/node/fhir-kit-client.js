// fhir-kit-client: a client of all interactions, for Node.

import { Client } from 'fhir-kit-client';
import { BASE, GONE, PATIENT, equal, ids, ok, plain, refused, run } from './check.js';

const client = new Client({ baseUrl: BASE });
const statement = await client.capabilityStatement();
const offers = (type, code) =>
  statement.rest[0].resource.find((r) => r.type === type).interaction.some((i) => i.code === code);

async function allPages(first) {
  const pages = [];
  for (let page = first; page; page = await client.nextPage({ bundle: page })) pages.push(page);
  return pages;
}

await run('fhir-kit-client', {
  'reads the CapabilityStatement': async () => {
    equal(statement.fhirVersion, '4.0.1');
    return `${statement.rest[0].resource.length} types`;
  },

  'pages through a search': async () => {
    const searchParams = { _count: 25, _total: 'accurate' };
    const pages = await allPages(await client.search({ resourceType: 'Condition', searchParams }));
    const found = pages.flatMap((page) => ids(page, 'match'));
    const { json } = await plain('Condition?_summary=count');
    equal(found.length, json.total);
    equal(new Set(found).size, found.length, 'different ids');
    ok(pages.every((page) => page.total === json.total), 'a page has another total');
    return `${found.length} on ${pages.length} pages`;
  },

  'pages through a search by POST': async () => {
    const searchParams = { patient: PATIENT, _count: 3 };
    const first = await client.search({ resourceType: 'Condition', searchParams, options: { postSearch: true } });
    const found = (await allPages(first)).flatMap((page) => ids(page, 'match')).sort();
    const { json } = await plain(`Condition?patient=${PATIENT}&_count=1000`);
    equal(found, ids(json, 'match'));
    return `${found.length} as by GET`;
  },

  'includes what matches refer to': async () => {
    const searchParams = { patient: PATIENT, _include: 'Condition:encounter', _count: 1000 };
    const page = await client.search({ resourceType: 'Condition', searchParams });
    const referred = page.entry.filter((e) => e.search.mode === 'match').map((e) => e.resource.encounter?.reference);
    const wanted = [...new Set(referred.filter(Boolean))].sort();
    ok(wanted.length > 0, 'no condition of a visit');
    equal(ids(page, 'include'), wanted);
    return `${wanted.length} visits`;
  },

  'includes what refers to a match': async () => {
    const searchParams = { _id: PATIENT, _revinclude: ['Condition:patient', 'Encounter:patient'] };
    const page = await client.search({ resourceType: 'Patient', searchParams });
    const conditions = await plain(`Condition?patient=${PATIENT}&_count=1000`);
    const visits = await plain(`Encounter?patient=${PATIENT}&_count=1000`);
    equal(ids(page, 'match'), [`Patient/${PATIENT}`]);
    equal(ids(page, 'include'), [...ids(conditions.json), ...ids(visits.json)].sort());
    return `${ids(page, 'include').length} resources`;
  },

  'reads with an ETag, and not again what has not changed': async () => {
    const patient = await client.read({ resourceType: 'Patient', id: PATIENT });
    const { response } = Client.httpFor(patient);
    const etag = response.headers.get('etag');
    equal(etag, `W/"${patient.meta.versionId}"`);
    const again = { resourceType: 'Patient', id: PATIENT, options: { headers: { 'If-None-Match': etag } } };
    equal((await refused(client.read(again))).response.status, 304);
    const other = { ...again, options: { headers: { 'If-None-Match': 'W/"0"' } } };
    equal((await client.read(other)).meta.versionId, patient.meta.versionId);
    return '304, and 200 for another version';
  },

  'resolves references': async () => {
    const visit = (await plain(`Encounter?patient=${PATIENT}&_count=1`)).json.entry[0].resource;
    const patient = await client.resolve({ reference: visit.subject.reference });
    equal(patient.id, PATIENT);
    return visit.subject.reference;
  },

  'searches within a compartment': async () => {
    const compartment = { resourceType: 'Patient', id: PATIENT };
    const asked = client.compartmentSearch({ resourceType: 'Condition', compartment, searchParams: { _count: 1000 } });
    if (!statement.rest[0].compartment) {
      equal((await refused(asked)).response.status, 404);
      return 'not declared, and refused';
    }
    equal(ids(await asked, 'match'), ids((await plain(`Condition?patient=${PATIENT}&_count=1000`)).json, 'match'));
    return 'as by ?patient=';
  },

  'reads versions': async () => {
    const { meta } = await client.read({ resourceType: 'Patient', id: PATIENT });
    const asked = { resourceType: 'Patient', id: PATIENT, version: meta.versionId };
    if (!offers('Patient', 'vread')) {
      equal((await refused(client.vread(asked))).response.status, 404);
      return 'not declared, and refused';
    }
    equal((await client.vread(asked)).meta, meta);
    return `version ${meta.versionId}`;
  },

  'sends a batch': async () => {
    const request = (url) => ({ request: { method: 'GET', url } });
    const entry = [request(`Patient/${PATIENT}`), request(`Condition?patient=${PATIENT}&_count=2`), request('Patient/none')];
    const asked = client.batch({ body: { resourceType: 'Bundle', type: 'batch', entry } });
    if (!statement.rest[0].interaction?.some((i) => i.code === 'batch')) {
      ok((await refused(asked)).response.status >= 404, 'accepted');
      return 'not declared, and refused';
    }
    const answer = await asked;
    equal(answer.entry.map((e) => e.response.status.slice(0, 3)), ['200', '200', '404']);
    equal(answer.entry[0].resource.id, PATIENT);
    return '200, 200 and 404';
  },

  'is told what is wrong': async () => {
    const read = (id) => () => client.read({ resourceType: 'Patient', id });
    const strict = { headers: { Prefer: 'handling=strict' } };
    const search = (searchParams) => () => client.search({ resourceType: 'Patient', searchParams, options: strict });
    const told = [];
    for (const [ask, status, code] of [
      [read('none'), 404, 'not-found'],
      [read(GONE), 410, 'deleted'],
      [search({ birthdat: '1980' }), 400, 'not-supported'],
      [search({ birthdate: '1980-13' }), 400, 'value'],
      [() => client.create({ resourceType: 'Patient', body: { resourceType: 'Patient' } }), 405, 'not-supported'],
    ]) {
      const { response } = await refused(ask());
      equal([response.status, response.data.resourceType], [status, 'OperationOutcome']);
      equal(response.data.issue[0].code, code, `code of ${status}`);
      told.push(status);
    }
    return told.join(', ');
  },
});
