// A person at a browser: signs in, chooses, shares. Every page is kept as a picture.

import { join } from 'node:path';

export const PEOPLE = {
  patient: { login: 'marigold', password: 'marigold-demo', sees: ['healthjump.pt.700101'] },
  mother: { login: 'rosalind', password: 'rosalind-demo', sees: ['healthjump.pt.720304', 'healthjump.pt.7.2e10203e5'] },
  clinician: { login: 'sam', password: 'sam-demo' },
};

export class Person {
  #pictures = 0;

  /** Somebody whom this browser does not know; `phone` for a small one. */
  static async arrive({ browser, shots }, name, { phone = false } = {}) {
    const viewport = phone ? { width: 375, height: 667 } : { width: 1000, height: 800 };
    const context = await browser.newContext({ viewport, hasTouch: phone, isMobile: phone });
    const person = new Person();
    Object.assign(person, { context, shots, name, page: await context.newPage(), foreign: [] });
    person.page.on('request', (request) => person.foreign.push(new URL(request.url()).origin));
    return person;
  }

  async open(address) {
    await this.page.goto(address);
  }

  /** Of Chartgate's own pages none is wider than the screen. */
  async picture(what) {
    this.#pictures += 1;
    const { wide, own } = await this.page.evaluate(() => ({
      wide: document.documentElement.scrollWidth > innerWidth,
      own: location.pathname.startsWith('/auth/'),
    }));
    if (wide && own) throw new Error(`${this.page.url()} is wider than the screen`);
    await this.page.screenshot({ path: join(this.shots, `${this.name}-${this.#pictures}-${what}.png`), fullPage: true });
  }

  async signIn({ login, password }) {
    await this.page.getByLabel('Name', { exact: true }).fill(login);
    await this.page.getByLabel('Password').fill(password);
    await this.picture('sign-in');
    await this.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  }

  /** Chooses a patient: by id, or the first who is offered. */
  async choose(id) {
    await this.page.getByRole('heading', { name: 'Whose records?' }).waitFor();
    await this.picture('choose');
    const all = this.page.locator('button[name=patient]');
    await (id ? this.page.locator(`button[name=patient][value="${id}"]`) : all.first()).click();
  }

  /** Shares all that is asked for, less the scopes in `without`, and `only` these parts. */
  async share({ without = [], only = [] } = {}) {
    await this.page.getByRole('heading', { name: 'asks to see records' }).waitFor();
    const box = (scope) => this.page.locator(`input[name=scope][value="${scope}"]`);
    for (const scope of without) await box(scope).uncheck();
    for (const scope of only) await box(scope).check();
    await this.picture('consent');
    await this.page.getByRole('button', { name: 'Share', exact: true }).click();
  }

  /** What the app shows when it is done. */
  async result() {
    const shown = this.page.locator('#result');
    await this.page.waitForFunction(() => !['', 'waiting', undefined].includes(document.getElementById('result')?.textContent));
    await this.picture('app');
    return JSON.parse(await shown.textContent());
  }

  leave() {
    return this.context.close();
  }
}
