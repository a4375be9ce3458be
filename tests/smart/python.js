// The Python client (PyPI fhirclient): it makes the address to sign in at, a person goes there, and it gets what comes back.

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { equal, ok, run } from './check.js';
import { PEOPLE, Person } from './person.js';
import { BACK } from './setting.js';

async function flow(setting) {
  const script = join(process.env.REPOSITORY, 'tests/smart/python_client.py');
  const child = spawn(process.env.PYTHON, [script, setting.base, `${setting.app}${BACK}`], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const line = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error('the client ended, see above');
    return value;
  };
  const patient = await Person.arrive(setting, 'python');
  await patient.open(await line());
  await patient.signIn(PEOPLE.patient);
  const back = patient.page.waitForURL((url) => url.origin === setting.app && url.searchParams.has('code'));
  await patient.share();
  await back;
  child.stdin.end(`${patient.page.url()}\n`);
  const told = JSON.parse(await line());
  await patient.leave();
  return told;
}

export async function python(setting) {
  return run('fhirclient (PyPI)', {
    'standalone launch of a patient': async () => {
      const told = await flow(setting);
      equal(told.patient, PEOPLE.patient.sees[0], 'patient');
      ok(told.conditions > 0, 'no conditions');
      equal(told.other, 404, "another patient's record");
      return `${told.name}, ${told.conditions} conditions`;
    },
  });
}
