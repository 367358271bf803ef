import assert from 'node:assert/strict';
import { test } from 'node:test';
import { address, certificateOf, domain, listSettings, noon } from '../../../test/stand-ins/community.ts';
import { makeDesk } from '../../../test/stand-ins/desk.ts';
import { makeLetter } from '../../../test/stand-ins/letters.ts';
import { insideOf, keyIdOf, sha256, standInTools } from '../../../test/stand-ins/sealing.ts';
import type { CertificateFault } from '../../membership/certificate.ts';
import { day, later } from '../../time/instant.ts';
import type { Desk } from '../desk.ts';
import { fileNewReport } from '../file/file-letter.ts';
import type { Event } from '../journal/event.ts';
import { emptyChain } from '../journal/journal.ts';
import { renderClearNotice } from '../notice/clear-notice.ts';
import { emptyPlan, type Plan } from '../plan.ts';
import type { JournalHead, OutboxRow } from '../ports.ts';
import type { Step } from '../private-store-port.ts';
import { canonicalBody, canonicalOutboxRow, canonicalReader, permitDigestLength } from './canonical.ts';
import { sealPlan } from './seal-plan.ts';

const start: JournalHead = { generation: 1, size: 0, head: emptyChain };
const unlinkable: Event = {
  kind: 'list-added',
  list: listSettings('linux-distros', { copies: 'unlinkable' }),
};

const bobHas = (fault: CertificateFault) => new Map([[certificateOf('bob').fingerprint, fault]]);

function newReport(desk: Desk): Plan {
  const letter = makeLetter(desk);
  assert.ok(letter.place.kind === 'new-report');
  return fileNewReport(letter, letter.place, [], desk);
}

async function sealed(desk: Desk, faults?: ReadonlyMap<string, CertificateFault>, plan = newReport(desk)) {
  return sealPlan(plan, desk, start, standInTools(faults));
}

function permitted(step: Step): ReadonlySet<string> {
  const [permit] = step.permits ?? [];
  const digests = new Set<string>();
  for (let at = 0; permit && at < permit.document.length; at += permitDigestLength) {
    digests.add(Buffer.from(permit.document.subarray(at, at + permitDigestLength)).toString('hex'));
  }
  return digests;
}

const digestOf = (bytes: Uint8Array) => Buffer.from(sha256(bytes)).toString('hex');
const copiesOf = (step: Step) => (step.outbox ?? []).filter((row) => row.content.kind === 'copy');
const noticesOf = (step: Step) => (step.outbox ?? []).filter((row) => row.content.kind === 'notice');
const rowTo = (step: Step, who: string) => copiesOf(step).find((row) => row.recipient.startsWith(who));

test('the permit names every row and every alignment of every body, and nothing else (P5)', async () => {
  const { step } = await sealed(makeDesk(), bobHas('expired'));
  const expected = [
    ...(step.outbox ?? []).map((row) => digestOf(canonicalOutboxRow(row))),
    ...(step.bodies ?? []).flatMap((body) =>
      body.tails.map((tail, alignment) => digestOf(canonicalBody({ ...body, alignment, tail }, sha256))),
    ),
  ];
  assert.deepEqual([...permitted(step)].sort(), expected.sort());
  const [permit] = step.permits ?? [];
  assert.ok(permit && step.outbox?.every((row) => row.permitId === permit.id));
  assert.deepEqual(permit.signature, standInTools().sign(permit.document));
});

test('a row that is changed in any way that matters is permitted no more', async () => {
  const { step } = await sealed(makeDesk());
  const row = rowTo(step, 'alice');
  assert.ok(row?.content.kind === 'copy');
  const changes: readonly OutboxRow[] = [
    { ...row, recipient: address('eve@evil.example') },
    { ...row, list: 'distros' },
    { ...row, returnPath: '' },
    { ...row, caseNumber: 'VS-2026-0001' },
    { ...row, content: { ...row.content, readerId: 'eve' } },
    { ...row, content: { ...row.content, bodyId: 'other' } },
    { ...row, content: { ...row.content, keyIds: ['0'.repeat(16)] } },
    { ...row, content: { ...row.content, head: new Uint8Array(1) } },
    { ...row, content: { ...row.content, alignment: 2 } },
    { ...row, content: { ...row.content, checksum: '=zzzz' } },
  ];
  for (const changed of changes) assert.ok(!permitted(step).has(digestOf(canonicalOutboxRow(changed))));
  const sent: OutboxRow = { ...row, state: 'sent' };
  assert.ok(permitted(step).has(digestOf(canonicalOutboxRow(sent))), 'its state may change');
});

test('one body for an audience, one row for each reader, each with a secret return path of its own (R8)', async () => {
  const { step } = await sealed(makeDesk());
  assert.equal(step.bodies?.length, 1);
  assert.deepEqual(
    copiesOf(step).map((row) => row.recipient),
    ['alice@debian.example', 'bob@suse.example'],
  );
  const paths = copiesOf(step).map((row) => row.returnPath);
  assert.equal(new Set(paths).size, 2);
  for (const path of paths) assert.match(path, new RegExp(`^linux-distros\\+bounce-[a-z2-7]{26}@${domain}$`));
});

test('a reader whose certificate cannot be used is parked; nobody else waits, and members are told by name (I5, R6)', async () => {
  const { step, events } = await sealed(makeDesk(), bobHas('expired'));
  const bob = rowTo(step, 'bob');
  assert.equal(bob?.state, 'parked');
  assert.deepEqual(bob?.content.kind === 'copy' && bob.content.keyIds, []);
  assert.equal(rowTo(step, 'alice')?.state, 'queued');
  const [body] = step.bodies ?? [];
  assert.match(body ? insideOf(body) : '', /Not reached: bob@suse\.example \(SUSE\): certificate expired/);
  assert.ok(events.some((event) => event.kind === 'copies-parked' && event.readers.includes('bob')));
});

test('a parked reader is told in clear, without even a case number, in words that sender really writes (P5)', async () => {
  const { step } = await sealed(makeDesk(), bobHas('revoked'));
  const notice = noticesOf(step).find((row) => row.recipient === 'bob@suse.example');
  assert.ok(notice);
  assert.equal(notice.caseNumber, undefined);
  assert.equal(notice.returnPath, '');
  const mail = renderClearNotice({ ...notice, createdAt: noon }, domain);
  assert.ok(mail.kind === 'notice', JSON.stringify(mail));
  assert.match(mail.text, /revoked/);
  assert.doesNotMatch(mail.text, /VS-\d/);
});

test('a parked reader is told once a day, however much waits', async () => {
  const told = (at: typeof noon): Event => ({
    kind: 'notice-sent',
    template: 'reader-parked',
    address: address('bob@suse.example'),
    at,
  });
  const within = await sealed(makeDesk([told(later(noon, 1 - day))]), bobHas('expired'));
  assert.ok(!noticesOf(within.step).some((row) => row.recipient === 'bob@suse.example'));
  const after = await sealed(makeDesk([told(later(noon, -day))]), bobHas('expired'));
  assert.ok(noticesOf(after.step).some((row) => row.recipient === 'bob@suse.example'));
});

test('in one step with two messages the parked reader is told once', async () => {
  const desk = makeDesk();
  const plan = newReport(desk);
  const twice = { ...plan, outgoing: [...plan.outgoing, ...plan.outgoing] };
  const { step } = await sealed(desk, bobHas('expired'), twice);
  assert.equal(noticesOf(step).filter((row) => row.recipient === 'bob@suse.example').length, 1);
  assert.equal(copiesOf(step).filter((row) => row.state === 'parked').length, 2);
});

test('unlinkable copies have bodies of their own, the parked one too (DESIGN §5)', async () => {
  const { step } = await sealed(makeDesk([unlinkable]), bobHas('expired'));
  assert.equal(step.bodies?.length, 2);
  const bodies = copiesOf(step).map((row) => row.content.kind === 'copy' && row.content.bodyId);
  assert.equal(new Set(bodies).size, 2);
  assert.equal(
    new Set(step.bodies?.map((body) => body.messageId)).size,
    1,
    'M3: one Message-ID all the same',
  );
  assert.equal(rowTo(step, 'bob')?.state, 'parked');
});

test('when nobody can be reached, the body is kept for all of them, in both ways of sealing', async () => {
  const nobody = new Map(['alice', 'bob'].map((name) => [certificateOf(name).fingerprint, 'weak' as const]));
  for (const events of [[], [unlinkable]]) {
    const { step } = await sealed(makeDesk(events), nobody);
    assert.deepEqual(
      copiesOf(step).map((row) => row.state),
      ['parked', 'parked'],
    );
    const kept = new Set(step.bodies?.map((body) => body.id));
    assert.ok(copiesOf(step).every((row) => row.content.kind === 'copy' && kept.has(row.content.bodyId)));
  }
});

test('the step brings the events that the plan told and those of parking, in that order, chained', async () => {
  const desk = makeDesk();
  const plan = newReport(desk);
  const { step, events, head } = await sealed(desk, bobHas('expired'), plan);
  assert.deepEqual(events.slice(0, plan.events.length), plan.events);
  assert.deepEqual(
    step.entries.map((entry) => entry.kind),
    events.map((event) => event.kind),
  );
  assert.equal(head.size, events.length);
  assert.deepEqual(step.after, start);
});

test('a reader’s row is signed, and names the keys that can be used now, each once (A6, P5)', async () => {
  const certificates = [certificateOf('bob'), certificateOf('bob', 2), certificateOf('bob-old')];
  const change = {
    id: 'bob',
    address: address('bob@suse.example'),
    standing: 'active',
    certificates,
  } as const;
  const faults = new Map([[certificateOf('bob-old').fingerprint, 'expired' as const]]);
  const { step } = await sealed(makeDesk(), faults, { ...emptyPlan, readers: [change] });
  const [row] = step.readers ?? [];
  assert.ok(row);
  assert.deepEqual(row.encryptionKeyIds, [keyIdOf(certificateOf('bob').fingerprint)]);
  assert.deepEqual(row.signature, standInTools().sign(canonicalReader(row)));
});

test('a late wrap gets a new permit together with its body; a retry goes on under its own', async () => {
  const first = await sealed(makeDesk(), bobHas('expired'));
  const parked = rowTo(first.step, 'bob');
  const retried = rowTo(first.step, 'alice');
  const [body] = first.step.bodies ?? [];
  assert.ok(parked && retried && body);
  const desk = {
    ...makeDesk([], later(noon, day)),
    chance: { ...makeDesk().chance, uuid: () => 'new-permit' },
  };
  const plan = { ...emptyPlan, outboxUpdates: [{ row: parked, body }, { row: retried }] };
  const { step } = await sealed(desk, undefined, plan);
  assert.deepEqual(
    step.outboxUpdates?.map((row) => row.permitId),
    ['new-permit', retried.permitId],
  );
  assert.ok(permitted(step).has(digestOf(canonicalOutboxRow(parked))));
  assert.ok(!permitted(step).has(digestOf(canonicalOutboxRow(retried))));
  assert.equal(permitted(step).size, 1 + 3);
});

test('where nothing leaves there is no permit', async () => {
  const { step } = await sealed(makeDesk(), undefined, emptyPlan);
  assert.deepEqual(step.permits, []);
});
