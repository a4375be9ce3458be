// SMART's JavaScript client (npm fhirclient) in a browser: standalone and EHR launch, refresh, revocation.

import { equal, ok, run } from './check.js';
import { PEOPLE, Person } from './person.js';

export async function smartJs(setting) {
  const { app, base, origin } = setting;
  const standalone = (scope) => `${app}/launch?${new URLSearchParams({ iss: base, scope })}`;
  const own = (all, id) => all.every((subject) => subject === `Patient/${id}`);

  return run('SMART JS (Chromium)', {
    'standalone launch of a mother, who chooses one of her children': async () => {
      const mother = await Person.arrive(setting, 'mother');
      await mother.open(standalone('openid fhirUser launch/patient offline_access patient/Patient.rs patient/Condition.rs'));
      await mother.signIn(PEOPLE.mother);
      await mother.choose(PEOPLE.mother.sees[1]);
      await mother.share();
      const told = await mother.result();
      equal(told.patient, PEOPLE.mother.sees[1], 'patient');
      ok(own(told.subjects, told.patient), `conditions of ${told.subjects}`);
      equal(told.user, 'Patient/healthjump.pt.710201', 'fhirUser');
      ok(told.refreshes, 'no refresh token');
      equal([...new Set(mother.foreign)].sort(), [app, origin].sort(), 'origins that were asked');
      await mother.leave();
      return `${told.patient}, ${told.conditions.length} conditions, ${told.scope}`;
    },

    'EHR launch by a clinician, at a visit of a patient': async () => {
      const clinician = await Person.arrive(setting, 'clinician');
      await clinician.open(`${origin}/auth/launcher`);
      await clinician.signIn(PEOPLE.clinician);
      await clinician.page.getByLabel('App', { exact: true }).selectOption('smart-js');
      await clinician.page.getByLabel('Patient (id)').fill('healthjump.pt.700101');
      await clinician.page.getByLabel('Intent').fill('reconcile');
      await clinician.picture('launcher');
      await clinician.page.getByRole('button', { name: 'Launch' }).click();
      await clinician.share();
      const told = await clinician.result();
      equal([told.patient, told.intent, told.banner], ['healthjump.pt.700101', 'reconcile', true], 'context');
      ok(told.encounter, 'no visit in context');
      equal(told.user, 'Practitioner/healthjump.prov.3001', 'fhirUser');
      ok(told.conditions.length > 0 && own(told.subjects, told.patient), `conditions of ${told.subjects}`);
      await clinician.leave();
      return `${told.patient} at ${told.encounter}, ${told.conditions.length} conditions`;
    },

    'a part of the records, on a phone': async () => {
      const patient = await Person.arrive(setting, 'phone', { phone: true });
      await patient.open(standalone('launch/patient patient/Patient.rs patient/Condition.rs patient/Encounter.rs'));
      await patient.signIn(PEOPLE.patient);
      await patient.share({ without: ['patient/Encounter.rs'] });
      const told = await patient.result();
      ok(!told.scope.includes('Encounter') && told.scope.includes('patient/Condition.rs'), told.scope);
      const status = await patient.page.evaluate(() => window.client.request('Encounter').catch((error) => error.status ?? error.statusCode));
      equal(status, 403, 'what was not shared');
      await patient.leave();
      return told.scope;
    },

    'refreshes, and ends at once when the patient says so': async () => {
      const patient = await Person.arrive(setting, 'revoke');
      await patient.open(standalone('launch/patient offline_access patient/Patient.rs patient/Condition.rs'));
      await patient.signIn(PEOPLE.patient);
      await patient.share();
      await patient.result();
      const before = await patient.page.evaluate(() => window.client.state.tokenResponse.access_token);
      const after = await patient.page.evaluate(() => window.client.refresh().then((state) => state.tokenResponse.access_token));
      ok(before !== after, 'the same token');
      const read = async () => (await fetch(`${base}/Patient/healthjump.pt.700101`, { headers: { authorization: `Bearer ${after}` } })).status;
      equal(await read(), 200, 'after the refresh');
      const apps = await patient.context.newPage();
      await apps.goto(`${origin}/auth/apps`);
      patient.page = apps;
      await patient.picture('apps');
      const stop = apps.getByRole('button', { name: 'Stop sharing with SMART JS' });
      while (await stop.count()) await stop.first().click();
      equal(await read(), 401, 'after it was revoked');
      await patient.leave();
      return '200, then 401';
    },

    'the app that comes with it': async () => {
      const patient = await Person.arrive(setting, 'demo');
      await patient.open(`${origin}/app/`);
      await patient.page.locator('#connect').click();
      await patient.signIn(PEOPLE.patient);
      await patient.share();
      await patient.page.waitForFunction(() => document.getElementById('status').textContent.endsWith('conditions'));
      await patient.picture('app');
      const shown = await patient.page.locator('#conditions li').count();
      ok(shown > 1, 'no conditions');
      await patient.leave();
      return `${shown} conditions`;
    },
  });
}
