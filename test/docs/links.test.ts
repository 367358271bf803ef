/** Every link from one of our pages to another leads somewhere, and every source file that a page names is there. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const top = fileURLToPath(new URL('../../', import.meta.url));

function filesBelow(folder: string): readonly string[] {
  const paths = readdirSync(join(top, folder), { recursive: true, encoding: 'utf8' });
  return paths.map((path) => join(folder, path));
}

const sources = ['src', 'test', 'migrations', 'presets', 'bin'].flatMap(filesBelow);
const pages = [...readdirSync(top), ...filesBelow('docs')].filter((path) => path.endsWith('.md'));

/** Targets of links that stay in the project, without what stands behind `#`. */
function targets(text: string): readonly string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target.split('#')[0] ?? '')
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target));
}

/** Files that a page names in backquotes, by their path or the end of it. */
function namedFiles(text: string): readonly string[] {
  return [...text.matchAll(/`([\w./-]+\.(?:ts|mjs|sql))`/g)].map(([, name = '']) => name);
}

function isThere(name: string): boolean {
  return sources.some((path) => path === name || path.endsWith(`/${name}`));
}

for (const page of pages) {
  const text = readFileSync(join(top, page), 'utf8');

  test(`links of ${page} lead somewhere`, () => {
    const lost = targets(text).filter((target) => !existsSync(join(top, dirname(page), target)));
    assert.deepEqual(lost, []);
  });

  test(`the source files that ${page} names are there`, () => {
    assert.deepEqual(
      namedFiles(text).filter((name) => !isThere(name)),
      [],
    );
  });
}

test('links and names are found in a line, and others are left alone', () => {
  assert.deepEqual(targets('See [a](b.md#c), [d](https://example.org) and [e](#f).'), ['b.md']);
  assert.deepEqual(namedFiles('`open.ts`, open-head.ts and `src/gone/open.ts`, `embargod.toml`'), [
    'open.ts',
    'src/gone/open.ts',
  ]);
  assert.equal(isThere('message/open/open-mail.ts'), true);
  assert.equal(isThere('src/gone/open.ts'), false);
});
