/** Debian's Chromium without a window, led by playwright-core. It asks nobody on the network for anything. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function startBrowser(): Promise<Browser> {
  const folders = (process.env.PATH ?? '').split(':');
  const executablePath = folders.map((folder) => join(folder, 'chromium')).find((path) => existsSync(path));
  if (!executablePath) throw new Error('Chromium is not here: apt-get install chromium');
  return chromium.launch({ executablePath, args: quiet });
}

/** What axe has to say against a page, by WCAG 2.2 A and AA and its own good practice: a line each, with the elements. */
export async function complaintsOfAxe(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const judge = (globalThis as unknown as Readonly<{ axe: typeof import('axe-core') }>).axe;
    const { violations } = await judge.run({ runOnly: tags });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  });
}
