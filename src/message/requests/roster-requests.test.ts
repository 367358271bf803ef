import assert from 'node:assert/strict';
import { test } from 'node:test';
import { address, certificateOf, domain, noon } from '../../../test/stand-ins/community.ts';
import { readCopy } from '../../../test/stand-ins/copies.ts';
import { after, makeDesk } from '../../../test/stand-ins/desk.ts';
import { makeCase } from '../../../test/stand-ins/letters.ts';
import { execute, type Outside } from '../../../test/stand-ins/requests.ts';
import { day, later } from '../../time/instant.ts';
import type { Event } from '../journal/event.ts';
import type { Request } from './request.ts';

const inUse = (list: string): Event => ({ kind: 'case-opened', case: makeCase({ list }) });
const carol = {
  kind: 'representative-add',
  member: 'SUSE',
  address: address('carol@suse.example'),
  certificate: 'carol',
} as const;
const change = (verb: 'suspend' | 'restore' | 'remove', who = 'bob', member = 'SUSE') =>
  ({
    kind: `representative-${verb}`,
    member,
    address: address(`${who}@${member.toLowerCase()}.example`),
  }) as const;

async function run(request: Request, events: readonly Event[] = [], outside: Outside = {}) {
  const desk = makeDesk(events);
  const { answer, plan } = await execute(request, desk, outside);
  return { answer, plan, text: answer.kind === 'done' ? answer.text.join('\n') : answer.reason, desk };
}

/** When the addition takes effect, from now on. */
async function waits(request: Request, events: readonly Event[]) {
  const [event] = (await run(request, events)).plan.events;
  return event && 'effectiveFrom' in event ? event.effectiveFrom - noon : undefined;
}

async function refusal(request: Request, events: readonly Event[] = [], outside: Outside = {}) {
  const { answer, plan, text } = await run(request, events, outside);
  assert.equal(answer.kind, 'refused', text);
  assert.deepEqual([plan.events, plan.outgoing, plan.readers], [[], [], []], 'a refusal changes nothing');
  return text;
}

test('before the first report an addition takes effect at once, and nobody is told (A6)', async () => {
  assert.equal(await waits(carol, []), 0);
  assert.deepEqual((await run(carol)).plan.outgoing, []);
});

test('after it an addition waits a day, and every member is told, sealed, what and from when (A6, I10)', async () => {
  const { plan } = await run(carol, [inUse('linux-distros')]);
  assert.equal(await waits(carol, [inUse('linux-distros')]), day);
  assert.deepEqual(
    plan.outgoing.map((one) => one.readers.map((reader) => reader.id)),
    [['alice', 'bob']],
  );
  const { told } = readCopy(plan.outgoing[0]);
  assert.match(told, /carol@suse\.example \(SUSE\) joins with the certificate 6361/);
  assert.match(told, /from 2026-11-24T12:00:00Z/);
});

test('the first report of a list that includes this one counts: its mail would be read too (A6)', async () => {
  assert.equal(await waits(carol, [inUse('distros')]), day);
  const told = (await run(carol, [inUse('distros')])).plan.outgoing;
  assert.deepEqual(
    told.map((one) => one.readers.map((reader) => reader.id)),
    [['alice', 'bob', 'fred']],
  );
});

test('a report to a list that the newcomer will not read makes nobody wait', async () => {
  assert.equal(await waits(carol, [inUse('other')]), 0);
  const forDistros = { ...carol, member: 'FreeBSD', address: address('carol@freebsd.example') };
  assert.equal(await waits(forDistros, [inUse('linux-distros')]), 0);
});

test('removal and suspension take effect at once, cancel what is queued, and are told to the others (A6)', async () => {
  for (const verb of ['suspend', 'remove'] as const) {
    const { plan, desk } = await run(change(verb), [inUse('linux-distros')]);
    assert.deepEqual(plan.cancelFor, ['bob']);
    assert.equal(plan.readers[0]?.standing, verb === 'suspend' ? 'suspended' : 'removed');
    assert.deepEqual(
      plan.outgoing.map((one) => one.readers.map((reader) => reader.id)),
      [['alice']],
    );
    assert.equal(
      after(desk, plan).knowledge.roster.representatives.get('bob')?.standing,
      plan.readers[0]?.standing,
    );
  }
});

test('restoring is an addition: it waits and cancels nothing (A6)', async () => {
  const suspended: Event = { kind: 'representative-suspended', representative: 'bob' };
  assert.equal(await waits(change('restore'), [suspended, inUse('linux-distros')]), day);
  assert.deepEqual((await run(change('restore'), [suspended])).plan.cancelFor, []);
});

test('a standing that somebody has already is refused, as is a stranger', async () => {
  assert.match(await refusal(change('restore')), /bob@suse\.example is active already/);
  assert.match(await refusal(change('remove', 'eve')), /eve@suse\.example does not represent SUSE/);
  assert.match(await refusal(change('suspend', 'bob', 'Nowhere')), /does not represent Nowhere/);
});

test('a further certificate joins the first, which sender goes on to know', async () => {
  const further = { ...carol, address: address('bob@suse.example'), certificate: 'bob-card' };
  const { plan } = await run(further, [inUse('linux-distros')]);
  assert.equal(plan.events[0]?.kind, 'certificate-added');
  assert.equal(plan.readers[0]?.certificates.length, 2);
});

test('a renewed certificate waits too, and sender goes on to know the version before it', async () => {
  const renewed = { ...carol, address: address('bob@suse.example'), certificate: 'bob 2' };
  const { plan, desk } = await run(renewed, [inUse('linux-distros')]);
  assert.deepEqual(plan.readers[0]?.certificates, [certificateOf('bob', 1), certificateOf('bob', 2)]);
  const tomorrow = after(desk, plan, later(noon, day));
  assert.equal(tomorrow.knowledge.roster.representatives.get('bob')?.certificates.length, 2);
});

test('who cannot be added is told why, each in one sentence', async () => {
  const suspended: Event = { kind: 'representative-suspended', representative: 'bob' };
  const bob = { ...carol, address: address('bob@suse.example') };
  assert.match(await refusal({ ...carol, member: 'Nobody' }), /no member Nobody/);
  assert.match(
    await refusal({ ...carol, address: address('alice@debian.example') }),
    /represents Debian already/,
  );
  assert.match(await refusal({ ...bob, certificate: 'bob' }), /has that certificate already/);
  assert.match(
    await refusal({ ...bob, certificate: 'bob-card' }, [suspended]),
    /suspended. Restore them first/,
  );
  assert.match(
    await refusal({ ...carol, certificate: 'bob' }, [suspended]),
    /belongs to bob@suse\.example, who is suspended/,
  );
});

test('an address of our own is no reader: its copies would come back in', async () => {
  for (const local of ['distros', 'linux-distros+vs-2026-0042', 'oss-security', 'postmaster']) {
    assert.match(await refusal({ ...carol, address: address(`${local}@${domain}`) }), /an address of ours/);
  }
});

test('the key of somebody who was removed comes back with them, and with nobody else (A6)', async () => {
  const removed: Event = { kind: 'representative-removed', representative: 'bob' };
  assert.match(await refusal({ ...carol, certificate: 'bob' }, [removed]), /who was removed/);
  const back = { ...carol, address: address('bob@suse.example'), certificate: 'bob' };
  assert.equal((await run(back, [removed])).answer.kind, 'done');
});

test('a file that holds no one usable public certificate is refused with what to do', async () => {
  const expired = new Map([[certificateOf('carol').fingerprint, 'expired' as const]]);
  const ofList = { ...certificateOf('x'), userIds: [`distros <distros@${domain}>`] };
  assert.match(
    await refusal({ ...carol, certificate: '-----BEGIN PGP PRIVATE KEY BLOCK-----' }),
    /private key/,
  );
  assert.match(await refusal({ ...carol, certificate: '' }), /gpg --armor --export ADDRESS/);
  assert.match(await refusal({ ...carol, certificate: 'carol\ndave' }), /2 certificates/);
  assert.match(await refusal(carol, [], { faults: expired }), /Nothing can be sealed to .*: expired/);
  assert.match(await refusal(carol, [], { read: async () => [ofList] }), /a key of one of our lists/);
});

test('naming an administrator is an addition of a reader; unnaming works at once (A6)', async () => {
  const naming = {
    kind: 'administrator-add',
    list: 'linux-distros',
    address: address('bob@suse.example'),
  } as const;
  assert.equal(await waits(naming, [inUse('linux-distros')]), day);
  assert.equal(await waits(naming, []), 0);
  const unnaming = {
    ...naming,
    kind: 'administrator-remove',
    address: address('alice@debian.example'),
    sure: true,
  } as const;
  const { plan, desk } = await run(unnaming, [inUse('linux-distros')]);
  assert.ok(!after(desk, plan).knowledge.roster.administrations.some((one) => one.list === 'linux-distros'));
  assert.equal(plan.outgoing.length, 1);
});

test('an administrator must be a representative, of a private list, and not be one already', async () => {
  const naming = {
    kind: 'administrator-add',
    list: 'linux-distros',
    address: address('alice@debian.example'),
  } as const;
  assert.match(await refusal(naming), /already an administrator/);
  assert.match(await refusal({ ...naming, list: 'oss-security' }), /no private list oss-security/);
  assert.match(await refusal({ ...naming, address: address('eve@x.example') }), /represents no member/);
  const unnaming = { ...naming, kind: 'administrator-remove', address: address('bob@suse.example') } as const;
  assert.match(await refusal(unnaming), /not an administrator/);
});

test('the last administrator goes only by a plain yes; the last reader at once, and it is said what that leaves', async () => {
  const last = {
    kind: 'administrator-remove',
    list: 'linux-distros',
    address: address('alice@debian.example'),
  } as const;
  assert.match(await refusal(last), /is the last: linux-distros has no administrator.*say --yes/);
  const sure = await run({ ...last, sure: true });
  assert.equal(sure.plan.events.length, 1);
  assert.match(sure.text, /no longer an administrator.*\n.*held mail reaches nobody/);
  const suspended = await run(change('suspend', 'alice', 'Debian'));
  assert.match(
    suspended.text,
    /is suspended.*\n.*has no administrator: held mail reaches nobody\. Name somebody/,
  );
  const { desk, plan } = await run(change('remove', 'alice', 'Debian'));
  const left = after(desk, plan);
  const bob = await execute(change('suspend'), left);
  assert.match(JSON.stringify(bob.answer), /linux-distros has nobody who reads it/);
  const both = await execute({ kind: 'list-check' }, after(left, bob.plan));
  assert.match(
    JSON.stringify(both.answer),
    /"list":"linux-distros","lacks":"reader".*"lacks":"administrator"/,
  );
});
