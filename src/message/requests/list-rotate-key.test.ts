import assert from 'node:assert/strict';
import { test } from 'node:test';
import { address, certificateOf, noon } from '../../../test/stand-ins/community.ts';
import { readCopy } from '../../../test/stand-ins/copies.ts';
import { after, makeDesk } from '../../../test/stand-ins/desk.ts';
import { makeCase } from '../../../test/stand-ins/letters.ts';
import { execute } from '../../../test/stand-ins/requests.ts';
import { signerOf, standInTools } from '../../../test/stand-ins/sealing.ts';
import type { Case } from '../../case/case.ts';
import { day } from '../../time/instant.ts';
import type { Desk } from '../desk.ts';
import type { Event } from '../journal/event.ts';
import { emptyChain } from '../journal/journal.ts';
import { alarmAdministrators } from '../notice/alarm-administrators.ts';
import { emptyPlan, type Plan } from '../plan.ts';
import type { Epoch } from '../ports.ts';
import { sealPlan } from '../seal/seal-plan.ts';

const list = 'linux-distros';
const old = 'A'.repeat(40);
const fresh = 'B'.repeat(40);
const epochsInUse = ['2026-11', 'standing'] as readonly string[] as readonly Epoch[];
const rotate = (desk: Desk, compromised = false) =>
  execute({ kind: 'list-rotate-key', name: list, compromised }, desk, { epochsInUse });

async function signers(plan: Plan, desk: Desk): Promise<readonly string[]> {
  const head = { generation: 1, size: 0, head: emptyChain };
  const { step } = await sealPlan(plan, desk, head, standInTools());
  return (step.bodies ?? []).map(signerOf);
}

function reported(number: string, changes: Partial<Case> = {}): Event {
  const id = `rita-${number}`;
  const rita = address('rita@reporter.example');
  const reporter = {
    id,
    address: rita,
    name: 'Rita',
    representative: undefined,
    certificate: certificateOf('rita'),
  };
  return { kind: 'case-opened', case: makeCase({ number, reporter, ...changes }) };
}

test('only a private list has a key to replace', async () => {
  for (const name of ['oss-security', 'nowhere']) {
    const { answer } = await execute({ kind: 'list-rotate-key', name, compromised: false }, makeDesk());
    assert.match(answer.kind === 'refused' ? answer.reason : '', new RegExp(`no private list ${name}`));
  }
});

test('in time: the old key signs the announcement, the new one all that comes after', async () => {
  const desk = makeDesk();
  const { plan } = await rotate(desk);
  assert.deepEqual(
    plan.events.map(({ kind }) => kind),
    ['list-key-replaced'],
  );
  const [event] = plan.events;
  assert.ok(event?.kind === 'list-key-replaced');
  assert.equal(event.opensUntil - noon, 30 * day);
  assert.deepEqual(await signers(plan, desk), [old]);
  assert.deepEqual(plan.epochsEnd, []);
  const later = after(desk, plan);
  const outgoing = alarmAdministrators({ list, caseNumber: undefined, what: 'x', advice: 'y' }, later);
  assert.deepEqual(await signers({ ...emptyPlan, outgoing }, later), [fresh]);
});

test('after a theft: the new key signs everything, no grace, every administrator owes a proof within 72 hours', async () => {
  const desk = makeDesk([reported('VS-2026-0042')]);
  const { plan } = await rotate(desk, true);
  assert.deepEqual(
    plan.events.map(({ kind }) => kind),
    ['list-key-replaced', 'list-key-revoked', 'epochs-ended', 'administrators-must-prove'],
  );
  const keys = after(desk, plan).knowledge.roster.mailKeys.get(list);
  assert.deepEqual([keys?.current, keys?.retiring, keys?.destroyed], [fresh, [], [old]]);
  assert.deepEqual(new Set(await signers(plan, desk)), new Set([fresh]));
  assert.deepEqual(
    plan.obligationsOpened.map(({ kind, owner, dueAt }) => [kind, owner, dueAt - noon]),
    [['prove-key', 'alice@debian.example', 3 * day]],
  );
  assert.deepEqual(plan.epochsEnd, ['2026-11', 'standing']);
});

test('each reporter is told once, apart, whatever the number of their open cases, and of no other list’s', async () => {
  const desk = makeDesk([
    reported('VS-2026-0042'),
    reported('VS-2026-0043'),
    reported('VS-2026-0044', {
      list: 'other',
      reporter: {
        id: 'olaf',
        address: address('olaf@reporter.example'),
        name: undefined,
        representative: undefined,
        certificate: certificateOf('olaf'),
      },
    }),
    reported('VS-2026-0045', {
      state: 'closed',
      reporter: {
        id: 'cleo',
        address: address('cleo@reporter.example'),
        name: undefined,
        representative: undefined,
        certificate: certificateOf('cleo'),
      },
    }),
  ]);
  const { plan } = await rotate(desk);
  assert.deepEqual(
    plan.outgoing.map(({ readers, caseNumber }) => [readers.map((reader) => reader.address), caseNumber]),
    [
      [['alice@debian.example', 'bob@suse.example'], undefined],
      [['rita@reporter.example'], undefined],
    ],
  );
  const [, apart] = plan.outgoing;
  assert.doesNotMatch(readCopy(apart).text, /alice|bob|VS-2026/);
});

test('the announcement has the key attached, as programs offer to import it', async () => {
  const { plan } = await rotate(makeDesk());
  const copy = readCopy(plan.outgoing[0]);
  assert.match(copy.told, new RegExp(fresh));
  assert.match(copy.text, /Content-Type: application\/pgp-keys; name="linux-distros\.asc"/);
});
