import assert from 'node:assert/strict';
import { test } from 'node:test';
import { address, certificateOf, noon } from '../../../test/stand-ins/community.ts';
import { makeDesk } from '../../../test/stand-ins/desk.ts';
import { makeCase, makeLetter } from '../../../test/stand-ins/letters.ts';
import { keyIdOf, standInSealing, standInTools } from '../../../test/stand-ins/sealing.ts';
import type { CertificateFault } from '../../membership/certificate.ts';
import { day, later } from '../../time/instant.ts';
import { fileNewReport } from '../file/file-letter.ts';
import type { Event } from '../journal/event.ts';
import { emptyChain } from '../journal/journal.ts';
import type { OutboxRow } from '../ports.ts';
import { wrapLate } from './late-wrap.ts';
import { sealPlan } from './seal-plan.ts';

const tomorrow = later(noon, day);

/** What bob missed while his certificate was expired, and what the store would then find. */
async function missed() {
  const desk = makeDesk();
  const letter = makeLetter(desk);
  assert.ok(letter.place.kind === 'new-report');
  const plan = fileNewReport(letter, letter.place, [], desk);
  const tools = standInTools(new Map([[certificateOf('bob').fingerprint, 'expired' as const]]));
  const { step } = await sealPlan(plan, desk, { generation: 1, size: 0, head: emptyChain }, tools);
  const parked = (step.outbox ?? []).filter((row) => row.state === 'parked');
  return { parked, bodies: step.bodies ?? [] };
}

async function wrapped(
  reader: string,
  events: readonly Event[],
  faults?: ReadonlyMap<string, CertificateFault>,
  rowsOf = reader,
  isPermitted = true,
) {
  const { parked, bodies } = await missed();
  return wrapLate(reader, makeDesk(events, tomorrow), {
    sealing: standInSealing(faults),
    parkedFor: async () =>
      parked.filter((row) => row.content.kind === 'copy' && row.content.readerId === rowsOf),
    isPermitted: async () => isPermitted,
    body: async (id) => bodies.find((body) => body.id === id),
    openHome: async () => ({ algorithm: 'aes256', bytes: new Uint8Array(32) }),
  });
}

const renewed: Event = {
  kind: 'certificate-added',
  representative: 'bob',
  certificate: certificateOf('bob-new'),
  effectiveFrom: tomorrow,
};
const keysOf = (row: OutboxRow | undefined) => row?.content.kind === 'copy' && row.content.keyIds;

test('a reader whose certificate is usable again gets what they missed, wrapped to it, under the same row (K4)', async () => {
  const { parked } = await missed();
  const plan = await wrapped('bob', [renewed], new Map([[certificateOf('bob').fingerprint, 'expired']]));
  const [update] = plan?.outboxUpdates ?? [];
  assert.equal(update?.row.state, 'queued');
  assert.equal(update?.row.recipient, parked[0]?.recipient);
  assert.deepEqual(keysOf(update?.row), [keyIdOf(certificateOf('bob-new').fingerprint)]);
  assert.ok(update?.body, 'the body is named for its new permit');
  assert.equal(plan?.events[0]?.kind, 'copies-wrapped-late');
});

test('nothing is wrapped to a certificate that still waits (A6), or still cannot be used', async () => {
  const bobExpired = new Map([[certificateOf('bob').fingerprint, 'expired' as const]]);
  const waiting: Event = { ...renewed, effectiveFrom: later(tomorrow, 1) } as Event;
  assert.equal(await wrapped('bob', [waiting], bobExpired), undefined);
  assert.equal(await wrapped('bob', [], bobExpired), undefined);
});

test('authority is judged as of now: who was suspended or removed since gets nothing (K4, A6)', async () => {
  for (const kind of ['representative-suspended', 'representative-removed'] as const) {
    assert.equal(await wrapped('bob', [renewed, { kind, representative: 'bob' }]), undefined);
  }
});

test('authority is judged as of the message: who had no row then has none now (A5)', async () => {
  assert.equal(await wrapped('fred', []), undefined);
  assert.equal(await wrapped('nobody', []), undefined);
});

test('a guest is wrapped to only from when they read', async () => {
  const gil = { id: 'gil', address: address('gil@up.example'), certificate: certificateOf('gil') };
  const invited = (effectiveFrom: typeof noon): Event => ({
    kind: 'case-opened',
    case: makeCase({ guests: [{ ...gil, effectiveFrom }] }),
  });
  assert.equal(await wrapped('gil', [invited(later(tomorrow, 1))], undefined, 'bob'), undefined);
  const plan = await wrapped('gil', [invited(tomorrow)], undefined, 'bob');
  assert.deepEqual(keysOf(plan?.outboxUpdates[0]?.row), [keyIdOf(certificateOf('gil').fingerprint)]);
});

test('a parked row that the keyholder never made is not wrapped: the database names no readers (P5, A6)', async () => {
  const faults = new Map([[certificateOf('bob').fingerprint, 'expired' as const]]);
  assert.equal(await wrapped('bob', [renewed], faults, 'bob', false), undefined);
});
