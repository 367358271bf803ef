import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { parseAddress } from '../../src/mail/address.ts';
import { readListAddress } from '../../src/mail/list-address.ts';

/** contrib/postfix/embargod-recipients knows what docs/urls.md promises, and nothing else: a gap is a 550 for good. */
const contrib = new URL('../../contrib/postfix/embargod-recipients', import.meta.url);
const urls = new URL('../../docs/urls.md', import.meta.url);
const blanks: readonly (readonly [RegExp, string])[] = [
  [/NAME/g, 'linux-distros'],
  [/domain$/, 'lists.example.org'],
  [/TOKEN/, 'abcdefghijklmnopqrstuvwxyz'],
];

/** The addresses of the page's table, blanks filled. */
async function promised(): Promise<readonly string[]> {
  const text = await readFile(urls, 'utf8');
  const forms = [...text.matchAll(/`([^`\s/]+@domain)`/g)].map(([, form = '']) => form);
  return forms.map((form) => blanks.reduce((address, [blank, word]) => address.replace(blank, word), form));
}

/** As regexp_table(5) reads it: a pattern a line, case ignored. */
async function taken(): Promise<(address: string) => boolean> {
  const lines = (await readFile(contrib, 'utf8')).split('\n');
  const patterns = lines.flatMap((line) => {
    const [, source] = /^\/(.+)\/\s+OK$/.exec(line) ?? [];
    return source === undefined ? [] : [new RegExp(source, 'i')];
  });
  assert.ok(patterns.length > 0);
  return (address) => patterns.some((pattern) => pattern.test(address));
}

function isOurs(text: string): boolean {
  const address = parseAddress(text);
  return (
    address !== undefined && readListAddress(address, 'lists.example.org', ['linux-distros']) !== undefined
  );
}

test('Postfix takes every form of address that docs/urls.md names, and so does embargod', async () => {
  const addresses = await promised();
  assert.ok(addresses.length >= 9, addresses.join('\n'));
  const isTaken = await taken();
  assert.deepEqual(
    addresses.filter((address) => !isTaken(address)),
    [],
  );
  assert.deepEqual(
    addresses.filter((address) => !isOurs(address)),
    [],
  );
});

test('Postfix refuses at RCPT what embargod does not take, a list that is not there included', async () => {
  const isTaken = await taken();
  const wrong = [
    'distros',
    'linux-distros+held',
    'linux-distros+bounce-abc',
    'linux-distros+vs-2026-12',
    'root',
  ];
  for (const address of [
    ...wrong.map((local) => `${local}@lists.example.org`),
    'linux-distros@lists-example.org',
  ])
    assert.deepEqual([address, isTaken(address), isOurs(address)], [address, false, false]);
});
