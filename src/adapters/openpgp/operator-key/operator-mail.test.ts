import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instantFromMilliseconds } from '../../../time/instant.ts';
import { generateKey } from '../private/generate-key.ts';
import { generateOperatorKey, openAnswer, openRequest, sealAnswer, sealRequest } from './operator-mail.ts';

const now = instantFromMilliseconds(Math.floor(Date.now() / 1000) * 1000);
const bytes = (text: string) => new TextEncoder().encode(text);

test('a request reaches the keyholder and its answer the operator, each knowing who wrote', async () => {
  const { key: operator } = await generateOperatorKey(now);
  const { key: keyholder } = await generateKey({ name: 'keyholder' }, now);
  const request = bytes('{"command":"list-show"}');
  const sealed = await sealRequest({ request, keyholder: keyholder.certificate, key: operator, now });
  const opened = await openRequest({ sealed, key: keyholder, operators: [operator.certificate], now });
  assert.deepEqual(Buffer.from(opened.bytes), Buffer.from(request));
  assert.equal(opened.fingerprint, operator.certificate.fingerprint);
  assert.equal(opened.signedAt, now);

  const answer = bytes('{"ok":true}');
  const back = await sealAnswer({ answer, operator: operator.certificate, key: keyholder, now });
  const read = await openAnswer({ sealed: back, key: operator, keyholder: keyholder.certificate, now });
  assert.deepEqual(Buffer.from(read.bytes), Buffer.from(answer));
});

test('a request of somebody else, for somebody else, or an answer in its place, is refused', async () => {
  const { key: operator } = await generateOperatorKey(now);
  const { key: stranger } = await generateOperatorKey(now);
  const { key: keyholder } = await generateKey({ name: 'keyholder' }, now);
  const request = bytes('{}');
  const operators = [operator.certificate];
  const forged = await sealRequest({ request, keyholder: keyholder.certificate, key: stranger, now });
  await assert.rejects(openRequest({ sealed: forged, key: keyholder, operators, now }), {
    code: 'bad-signature',
  });
  const elsewhere = await sealRequest({ request, keyholder: stranger.certificate, key: operator, now });
  await assert.rejects(openRequest({ sealed: elsewhere, key: keyholder, operators, now }), {
    code: 'not-for-this-key',
  });
  const answer = await sealAnswer({
    answer: request,
    operator: keyholder.certificate,
    key: operator,
    now,
  });
  await assert.rejects(openRequest({ sealed: answer, key: keyholder, operators, now }), {
    code: 'bad-signature',
  });
});
