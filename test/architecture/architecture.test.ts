/** DESIGN §6, "The rule", on the real sources; and on made-up ones, so that each rule is known to be able to fail. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { fences } from './fences.ts';
import { fenceFaults, reachOf } from './reach.ts';
import {
  cycleFaults,
  hiddenImportFaults,
  layeringFaults,
  lengthFaults,
  missingFaults,
  outsideFaults,
  placeFaults,
} from './rules.ts';
import { readSources, type Sources } from './source-graph.ts';

const top = fileURLToPath(new URL('../../', import.meta.url));
const sources = await readSources(top, ['src', 'test', 'bin']);

type Rule = (files: Sources) => readonly string[];

/** The rule finds nothing in our sources, and one fault in each of the made-up ones. */
function rule(name: string, faultsOf: Rule, madeUp: readonly Readonly<Record<string, string>>[]): void {
  test(name, () => assert.deepEqual(faultsOf(sources), []));
  test(`${name}: the check can fail`, () => {
    for (const files of madeUp) {
      const faults = faultsOf(new Map(Object.entries(files)));
      assert.equal(faults.length, 1, `${JSON.stringify(files)} has one fault, not ${JSON.stringify(faults)}`);
    }
  });
}

rule('domain folders import only leftwards, adapters not each other, nobody run', layeringFaults, [
  { 'src/mail/a.ts': `import { b } from '../message/b.ts';` },
  { 'src/mail/a.ts': `import type { B } from '../case/b.ts';` },
  { 'src/time/a.ts': `export { b } from '../mail/b.ts';` },
  { 'src/case/a.ts': `import {\n  one,\n  two,\n} from 'node:fs';` },
  { 'src/case/a.ts': `import pg from 'pg';` },
  { 'src/message/a.ts': `const b = await import('../adapters/mime/b.ts');` },
  { 'src/adapters/mime/a.ts': `import { b } from '../openpgp/b.ts';` },
  { 'src/adapters/postgres/cluster/a.ts': `import { b } from '../../smtp/b.ts';` },
  { 'src/adapters/mime/a.ts': `import { b } from '../../run/b.ts';` },
]);

rule('the domain touches no clock, chance, network, environment or Buffer', outsideFaults, [
  { 'src/time/a.ts': 'const now = Date.now();' },
  { 'src/time/a.ts': 'const now = new Date();' },
  { 'src/case/a.ts': 'const now = Date();' },
  { 'src/mail/a.ts': 'export const bytes = Buffer.from(text);' },
  { 'src/mail/a.ts': 'export function f(bytes: Buffer) {}' },
  { 'src/message/a.ts': 'const pid = process.pid;' },
  { 'src/message/a.ts': 'await fetch(address);' },
  { 'src/message/a.ts': 'setTimeout(retry, 5);' },
  { 'src/message/a.ts': 'const number = Math.random();' },
  { 'src/message/a.ts': 'const id = crypto.randomUUID();' },
  { 'src/message/a.ts': 'const id = globalThis.crypto;' },
  { 'src/message/a.ts': 'console.log(report);' },
]);

rule('every source file is in a folder that the rules know', placeFaults, [{ 'src/utils/a.ts': '' }]);
rule('no file is over 300 lines', lengthFaults, [{ 'test/a.test.ts': '\n'.repeat(301) }]);
rule('imports are written out', hiddenImportFaults, [{ 'src/run/a.ts': 'await import(name);' }]);
rule('what is imported or spawned exists', missingFaults, [
  { 'src/run/a.ts': `spawn(new URL('../gone.ts', import.meta.url));` },
]);
rule('there is no import cycle', cycleFaults, [
  {
    'src/mail/a.ts': `import { b } from './b.ts';`,
    'src/mail/b.ts': `import type { C } from './c.ts';`,
    'src/mail/c.ts': `export * from './a.ts';`,
  },
]);

test('what is allowed is found without fault', () => {
  const fine = new Map([
    [
      'src/message/a.ts',
      `import { b } from '../mail/b.ts'; // not: process.exit()\nconst at = new Date(instant);`,
    ],
    ['src/mail/b.ts', `/** Never Date.now(), Buffer or fetch(). */\nexport const b = event.process;`],
    [
      'src/adapters/public-site/a.ts',
      `import { page } from '../html/page.ts';\nimport { Hono } from 'hono';`,
    ],
    ['src/adapters/html/page.ts', ''],
    ['src/mail/b.test.ts', `import assert from 'node:assert/strict';`],
  ]);
  const rules: readonly Rule[] = [layeringFaults, outsideFaults, placeFaults, cycleFaults, missingFaults];
  assert.deepEqual(
    rules.flatMap((faultsOf) => faultsOf(fine)),
    [],
  );
});

for (const fence of fences) {
  test(`${fence.entry} reaches nothing beyond its fence`, (context) => {
    // The entry files come one by one; from the day one exists its fence stands.
    if (!sources.has(fence.entry)) return context.diagnostic(`${fence.entry} does not exist yet`);
    assert.deepEqual(fenceFaults(sources, fence), []);
  });
}

test('reach follows imports, late imports, workers and spawned files, and a fence can fail', () => {
  const files = new Map([
    ['src/run/site.ts', `import { a } from './a.ts';\nimport type { T } from '../adapters/openpgp/type.ts';`],
    ['src/run/a.ts', `const b = await import('./b.ts');`],
    ['src/run/b.ts', `new Worker(new URL('./c.ts', import.meta.url));`],
    ['src/run/c.ts', `import 'node:http';\nimport { seal } from '../adapters/openpgp/seal.ts';`],
    ['src/adapters/openpgp/seal.ts', `import { encrypt } from 'openpgp/lightweight';`],
  ]);
  const entry = 'src/run/site.ts';
  assert.deepEqual([...reachOf(files, entry).packages], ['node:http', 'openpgp']);
  const faultsOf = (never: readonly string[], exactPackages?: readonly string[]) =>
    fenceFaults(files, { entry, never, ...(exactPackages && { exactPackages }) }).length;
  assert.equal(faultsOf(['src/adapters/openpgp']), 1);
  assert.equal(faultsOf(['openpgp', 'node:http']), 2);
  assert.equal(faultsOf([], []), 1);
  assert.equal(faultsOf([], ['openpgp', 'pg']), 1);
  assert.equal(faultsOf(['src/adapters/open'], ['openpgp']), 0);
  const only = (from: string) => fenceFaults(files, { entry, never: [], onlyFrom: { 'node:http': [from] } });
  assert.deepEqual(only('src/run/c.ts'), []);
  assert.equal(only('src/run/a.ts').length, 1, 'a second place that listens');
});
