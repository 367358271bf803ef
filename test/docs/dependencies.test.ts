/** docs/design/dependencies.md against package.json, package-lock.json and the licences that the packages themselves state. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const top = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string) => readFileSync(`${top}${path}`, 'utf8');
const versions = z.record(z.string(), z.string());
const manifest = z
  .object({ dependencies: versions, devDependencies: versions, optionalDependencies: versions })
  .parse(JSON.parse(read('package.json')));
const locked = z
  .object({
    packages: z.record(z.string(), z.object({ dev: z.boolean().optional(), license: z.string().optional() })),
  })
  .parse(JSON.parse(read('package-lock.json'))).packages;
const stated = z.object({ version: z.string(), license: z.string() });

/** The rows of the tables under one heading, cells without blanks around them. */
function rowsUnder(heading: string): readonly (readonly string[])[] {
  const section = read('docs/design/dependencies.md').split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('|') && !line.startsWith('|---'));
  return lines.slice(1).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const tables = [
  { heading: 'Running', named: manifest.dependencies },
  { heading: 'Brought along, by platform', named: manifest.optionalDependencies },
  { heading: 'For tests and checks only', named: manifest.devDependencies },
];

for (const { heading, named } of tables) {
  test(`“${heading}” lists what package.json names, in these versions, and nothing else`, () => {
    const listed = Object.fromEntries(rowsUnder(heading).map(([name = '', version = '']) => [name, version]));
    assert.deepEqual(listed, named);
  });

  test(`“${heading}” tells the licence that each package states, and a reason`, () => {
    for (const [name = '', version, licence, why] of rowsUnder(heading)) {
      assert.ok(why, `${name} has no reason`);
      const file = `node_modules/${name}/package.json`;
      // The other platform's package is not installed; the lock file knows its licence.
      const fact = existsSync(`${top}${file}`)
        ? stated.parse(JSON.parse(read(file)))
        : { version, license: locked[`node_modules/${name}`]?.license };
      assert.deepEqual([version, licence], [fact.version, fact.license], name);
    }
  });
}

test('what these bring with them is listed under its licence, each package once', () => {
  const direct = { ...manifest.dependencies, ...manifest.optionalDependencies };
  const brought = new Map<string, string>();
  for (const [path, { dev, license }] of Object.entries(locked)) {
    const name = path.split('node_modules/').at(-1) ?? '';
    if (path !== '' && dev !== true && !(name in direct)) brought.set(name, license ?? 'none');
  }
  const listed = rowsUnder('What these bring with them').flatMap(([licence = '', names = '']) =>
    names.split(', ').map((name): [string, string] => [name, licence]),
  );
  assert.deepEqual(
    listed.toSorted(([left], [right]) => (left < right ? -1 : 1)),
    [...brought].toSorted(([left], [right]) => (left < right ? -1 : 1)),
  );
});
