import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAnswer, readRequest, writeAnswer, writeRequest } from './read-request.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

test('a request reads back as it was written', () => {
  const request = { kind: 'member-add', name: 'Chrome OS', lists: ['linux-distros'], products: [] } as const;
  assert.deepEqual(readRequest('row-1', writeRequest('row-1', request)), request);
});

test('an answer reads back as it was written', () => {
  const answer = { kind: 'done', text: ['x'], data: { n: [1, null] } } as const;
  assert.deepEqual(readAnswer('row-1', writeAnswer('row-1', answer)), answer);
});

test('what was signed for one row says nothing in another: neither request nor answer can be put there', () => {
  const request = { kind: 'member-list' } as const;
  const answer = { kind: 'done', text: [], data: null } as const;
  assert.equal(readRequest('row-2', writeRequest('row-1', request)), undefined);
  assert.equal(readAnswer('row-2', writeAnswer('row-1', answer)), 'other');
  assert.equal(readAnswer('row-1', writeRequest('row-1', request)), undefined);
});

const malformed = [
  '',
  'null',
  '{"kind":"export-keys"}',
  '{"kind":"list-show","name":"../keyholder"}',
  '{"kind":"list-show","name":"distros","more":1}',
  '{"kind":"list-key","name":"distros-owner"}',
  '{"kind":"list-rotate-key","name":"distros"}',
  '{"kind":"key-export","certificate":"x"}',
  '{"kind":"held-pass","id":"x"}',
  '{"kind":"member-add","name":"a\\nb","lists":["distros"],"products":[]}',
  '{"kind":"administrator-add","list":"distros","address":"a@b@c d"}',
  '{"kind":"guest-add","caseNumber":"42","address":"a@example.org","certificate":"x"}',
];

for (const text of malformed) {
  test(`what is no request is not executed: ${text || '(nothing)'}`, () => {
    assert.equal(readRequest('x', bytes(`{"id":"x","request":${text}}`)), undefined);
  });
}

test('a request larger than any of ours is not even parsed', () => {
  const long = `{"id":"x","request":{"kind":"member-list"}${' '.repeat(1_048_577)}}`;
  assert.equal(readRequest('x', bytes(long)), undefined);
});
