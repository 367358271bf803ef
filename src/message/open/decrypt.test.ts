import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tools } from '../../../test/fixtures/mail/opening-bench.ts';
import { instantFromMilliseconds } from '../../time/instant.ts';
import { decrypt, maximumNamedPackets, maximumWildcards } from './decrypt.ts';

test('of a flood of session-key packets the keyholder is asked for ours, capped, and two wildcards', async () => {
  const keyIds = ['0123456789ABCDEF', '0000000000000000', 'FEDCBA9876543210'];
  const packets = Array.from({ length: 900 }, (_, index) => ({
    keyId: keyIds[index % 3] ?? '',
    bytes: Uint8Array.of(index & 255),
  }));
  const flooded = {
    ...tools,
    readEncrypted: async () =>
      ({
        kind: 'encrypted',
        sessionKeyPackets: packets,
        body: new Uint8Array(1),
      }) as const,
  };
  const asked: string[] = [];
  const task = {
    raw: new Uint8Array(),
    listKeyIds: ['0123456789ABCDEF'],
    certificates: [],
    now: instantFromMilliseconds(0),
  };
  const result = await decrypt(new Uint8Array(), {
    task,
    tools: flooded,
    ask: async (given) => {
      asked.push(...given.map((packet) => packet.keyId));
      return undefined;
    },
  });
  assert.equal(result.kind === 'failed' && result.reason, 'not-for-us');
  assert.deepEqual(
    keyIds.map((keyId) => asked.filter((one) => one === keyId).length),
    [maximumNamedPackets, maximumWildcards, 0],
  );
});
