import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noon } from '../../../test/stand-ins/community.ts';
import { makeDesk } from '../../../test/stand-ins/desk.ts';
import { execute } from '../../../test/stand-ins/requests.ts';
import { day, later } from '../../time/instant.ts';
import type { ObligationRow } from '../ports.ts';

const owed = (kind: string): ObligationRow => ({
  id: 'o1',
  kind,
  list: 'linux-distros',
  subject: 'row-1',
  owner: 'administrators',
  openedAt: noon,
  dueAt: later(noon, day),
});
const settle = (kind: string, id = 'o1') =>
  execute({ kind: 'obligation-settle', id, ending: 'their relay is up' }, makeDesk(), {
    obligations: [owed(kind)],
  });

test('what people mend outside the server ends by their word, sealed in the journal, not in the clear column (K3)', async () => {
  const { answer, plan } = await settle('repair-delivery');
  assert.equal(answer.kind, 'done');
  assert.deepEqual(plan.events, [
    { kind: 'obligation-settled', obligation: 'o1', ending: 'their relay is up' },
  ]);
  assert.deepEqual(plan.obligationsSettled, [{ id: 'o1', ending: 'done' }]);
});

test('a case ends by its posting and held mail by its decision: no command ends those obligations (I6)', async () => {
  for (const kind of ['publish', 'decide-held-mail', 'something-later']) {
    const { answer, plan } = await settle(kind);
    assert.equal(answer.kind, 'refused');
    assert.deepEqual([plan.events, plan.obligationsSettled], [[], []]);
  }
  assert.equal((await settle('repair-delivery', 'o2')).answer.kind, 'refused');
});
