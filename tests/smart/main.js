// Real clients against one running Chartgate with SMART on.

import { python } from './python.js';
import { services } from './services.js';
import { setting } from './setting.js';
import { smartJs } from './smart-js.js';

const around = await setting();
let failed = 0;
try {
  for (const client of [smartJs, services, python]) {
    await client(around);
    failed += process.exitCode ?? 0;
  }
} finally {
  await around.close();
}
console.log(`screenshots: ${around.shots}`);
process.exitCode = failed ? 1 : 0;
