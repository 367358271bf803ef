import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAnswer, readRequest, writeJson } from './read-request.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

test('a request reads back as it was written', () => {
  const request = { kind: 'member-add', name: 'Chrome OS', lists: ['linux-distros'], products: [] } as const;
  assert.deepEqual(readRequest(writeJson(request)), request);
});

test('an answer reads back as it was written', () => {
  const answer = { kind: 'done', text: ['x'], data: { n: [1, null] } } as const;
  assert.deepEqual(readAnswer(writeJson(answer)), answer);
});

const malformed = [
  '',
  'null',
  '{"kind":"export-keys"}',
  '{"kind":"list-show","name":"../keyholder"}',
  '{"kind":"list-show","name":"distros","more":1}',
  '{"kind":"list-key","name":"distros-owner"}',
  '{"kind":"held-pass","id":"x"}',
  '{"kind":"member-add","name":"a\\nb","lists":["distros"],"products":[]}',
  '{"kind":"administrator-add","list":"distros","address":"a@b@c d"}',
  '{"kind":"guest-add","caseNumber":"42","address":"a@example.org","certificate":"x"}',
];

for (const text of malformed) {
  test(`what is no request is not executed: ${text || '(nothing)'}`, () => {
    assert.equal(readRequest(bytes(text)), undefined);
  });
}

test('a request larger than any of ours is not even parsed', () => {
  const long = `{"kind":"held-pass","id":"x","reason":"y","z":"${'a'.repeat(1_048_577)}"}`;
  assert.equal(readRequest(bytes(long)), undefined);
});
