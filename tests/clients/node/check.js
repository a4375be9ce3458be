// What the clients in JavaScript share: checks, and the same questions asked by plain HTTP.

const BASE = process.env.CHARTGATE_URL;

/** A patient of a sample with conditions, visits and procedures. */
export const PATIENT = 'healthjump.pt.700101';
/** One that its source has deleted. */
export const GONE = 'healow.pt.5011';

export { BASE };

/** Plain HTTP: status, headers and JSON. */
export async function plain(path, headers = {}) {
  const response = await fetch(`${BASE}/${path}`, { headers });
  const text = await response.text();
  return { status: response.status, headers: response.headers, json: text ? JSON.parse(text) : null };
}

export const ids = (bundle, mode) =>
  (bundle.entry ?? [])
    .filter((e) => !mode || e.search.mode === mode)
    .map((e) => `${e.resource.resourceType}/${e.resource.id}`)
    .sort();

export function equal(found, wanted, what = 'value') {
  const [a, b] = [found, wanted].map((v) => JSON.stringify(v));
  if (a !== b) throw new Error(`${what}: ${a} and not ${b}`);
}

export function ok(condition, what) {
  if (!condition) throw new Error(what);
}

/** The promise's error, which it must have. */
export async function refused(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it was not refused');
}

/** Runs the checks, prints a line for each and the sum, and fails the process when one fails. */
export async function run(client, checks) {
  let failed = 0;
  for (const [what, check] of Object.entries(checks)) {
    try {
      console.log(`ok      ${client}: ${what}: ${await check()}`);
    } catch (error) {
      failed += 1;
      console.log(`FAILED  ${client}: ${what}: ${error.message}`);
    }
  }
  console.log(`result  ${client} ${Object.keys(checks).length} ${failed}`);
  process.exitCode = failed ? 1 : 0;
}
