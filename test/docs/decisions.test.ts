/** docs/design/README.md explains every decision and invariant that a comment in the sources cites. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readSources } from '../architecture/source-graph.ts';

const top = fileURLToPath(new URL('../../', import.meta.url));
const design = `${top}docs/design/`;
const index = readFileSync(`${design}README.md`, 'utf8');
const threats = readFileSync(`${top}docs/threat-model.md`, 'utf8');

const explained = new Set([
  ...[...index.matchAll(/^\| ([KPATMRUNB]\d{1,2}) \|/gm)].map(([, name = '']) => name),
  ...[...index.matchAll(/^\| ([KPATMRUNB])(\d)–\1(\d) \|/gm)].flatMap(([, letter, first, last]) =>
    Array.from({ length: Number(last) - Number(first) + 1 }, (_, at) => `${letter}${Number(first) + at}`),
  ),
  ...[...threats.matchAll(/^\| (I\d{1,2}) \|/gm)].map(([, name = '']) => name),
]);

/** In comments only: elsewhere a letter and a digit may be anything. */
function cited(text: string): readonly string[] {
  const comments = text.match(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*/g) ?? [];
  return comments.flatMap((comment) => comment.match(/\b[KPATMRUNBI]\d{1,2}\b/g) ?? []);
}

test('every decision and invariant that src cites is explained', async () => {
  const sources = await readSources(top, ['src']);
  const faults = [...sources].flatMap(([path, text]) =>
    cited(text)
      .filter((name) => !explained.has(name))
      .map((name) => `${path} cites ${name}`),
  );
  assert.deepEqual(faults, []);
});

test('the index names every note, and no note that is not there', () => {
  const there = readdirSync(design).filter((file) => file !== 'README.md');
  const named = [...new Set([...index.matchAll(/\]\(([\w-]+\.md)\)/g)].map(([, file = '']) => file))];
  assert.deepEqual(named.toSorted(), there.toSorted());
});

test('the reading of citations can fail', () => {
  assert.deepEqual(cited('/** K1, as (P5) says */ const T1 = 1; // and A6'), ['K1', 'P5', 'A6']);
  assert.equal(explained.has('K9'), false);
  assert.equal(explained.has('U3'), true);
});
