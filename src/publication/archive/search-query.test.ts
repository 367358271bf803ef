import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatInstant } from '../../time/instant.ts';
import { readSearchQuery } from './search-query.ts';
import { cveIdsIn, wordsOf } from './words.ts';

/** `field:a+b*`, a minus before what must not be. */
function told(text: string): readonly string[] {
  return readSearchQuery(text).terms.map((term) => {
    const sign = term.not ? '-' : '';
    if (term.kind === 'mark') return `${sign}${term.mark}`;
    return `${sign}${term.field}:${term.words.join('+')}${term.prefix ? '*' : ''}`;
  });
}

const span = (text: string) => {
  const { after, before } = readSearchQuery(text);
  return [after, before].map((at) => at && formatInstant(at).slice(0, 10));
};

test('words, phrases, beginnings, and what must not be', () => {
  assert.deepEqual(told('Use after "double free" -debian skb_cl*'), [
    'anywhere:use',
    'anywhere:after',
    'anywhere:double+free',
    '-anywhere:debian',
    'anywhere:skb_cl*',
  ]);
  assert.deepEqual(told('net/ipv4/tcp.c'), ['anywhere:net+ipv4+tcp+c']);
});

test('fields and marks', () => {
  assert.deepEqual(
    told('from:alice@example.org subject:"heap overflow" cve:CVE-2021-3760 has:patch -list:distros'),
    ['from:alice+example+org', 'subject:heap+overflow', 'cve:2021-3760', 'has:patch', '-list:distros'],
  );
});

test('days, months and years: after includes, before does not', () => {
  assert.deepEqual(span('after:2026-08-01 before:2026-09'), ['2026-08-01', '2026-09-01']);
  assert.deepEqual(span('month:2026-08'), ['2026-08-01', '2026-09-01']);
  assert.deepEqual(span('month:2025'), ['2025-01-01', '2026-01-01']);
  assert.deepEqual(span('after:2020 after:2024-02-29'), ['2024-02-29', undefined]);
});

test('what is not understood is looked for as words, and nothing is an error', () => {
  assert.deepEqual(told('std::vector cve:x before:soon has:fun list:?'), [
    'anywhere:std+vector',
    'anywhere:cve+x',
    'anywhere:before+soon',
    'anywhere:has+fun',
    'anywhere:list',
  ]);
  assert.deepEqual(told('" - : "" :::'), []);
  assert.deepEqual(span('after:2023-02-30'), [undefined, undefined]);
});

test('whatever is typed is a search of at most twenty terms', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (text) => {
      assert.ok(readSearchQuery(text).terms.length <= 20);
    }),
  );
});

test('lumps are no words, CVE ids are found however they are written, each once', () => {
  assert.deepEqual(wordsOf(`Ünïcode ${'A'.repeat(65)} x_1`), ['ünïcode', 'x_1']);
  assert.deepEqual(cveIdsIn('cve-2021-3760, (CVE-2021-3760) CVE-2014-123456 CVE-21-1 XCVE-2021-9999'), [
    'CVE-2021-3760',
    'CVE-2014-123456',
  ]);
});
