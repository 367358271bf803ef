import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { address, community, noon } from '../../../test/stand-ins/community.ts';
import { makeKnowledge } from '../../../test/stand-ins/desk.ts';
import { everyEvent } from '../../../test/stand-ins/events.ts';
import { makeCase, makeFiled, messageId } from '../../../test/stand-ins/letters.ts';
import { day, later } from '../../time/instant.ts';
import type { Event } from './event.ts';
import { decodeEvent, encodeEvent } from './event-codec.ts';
import { isAlarmDue, noticeKey, startFold } from './knowledge.ts';

const story: readonly Event[] = [...community, ...everyEvent];

function fold(events: readonly Event[]) {
  const folded = startFold();
  for (const event of events) folded.apply(event);
  return folded;
}

test('the same events make the same knowledge, every time and in every keyholder', () => {
  assert.deepEqual(fold(story).knowledge, fold(story).knowledge);
});

test('a prefix and then the rest is the whole, wherever the tail was read from', () => {
  fc.assert(
    fc.property(fc.nat(story.length), (cut) => {
      const folded = fold(story.slice(0, cut));
      for (const event of story.slice(cut)) folded.apply(event);
      assert.deepEqual(folded.knowledge, fold(story).knowledge);
    }),
  );
});

test('what comes back out of the journal makes the same knowledge as what was just committed', () => {
  const read = story.map((event) => decodeEvent(encodeEvent(event)));
  const strip = (knowledge: unknown) =>
    JSON.stringify(knowledge, (_, value) =>
      value instanceof Map || value instanceof Set ? [...value] : value,
    );
  assert.equal(strip(fold(read).knowledge), strip(fold(story).knowledge));
});

test('a mail is found by the author’s id and by ours', () => {
  const { messages } = makeKnowledge([{ kind: 'message-filed', message: makeFiled() }]);
  assert.equal(messages.get(messageId('ours'))?.caseNumber, 'VS-2026-0042');
  assert.equal(messages.get(messageId('report'))?.caseNumber, 'VS-2026-0042');
});

test('the first mail with an id keeps it: nobody takes over a thread, ours least of all (T8)', () => {
  const thief = makeFiled({ caseNumber: 'VS-2026-0666', messageId: messageId('thief') });
  for (const stolen of [messageId('report'), messageId('ours')]) {
    const { messages } = makeKnowledge([
      { kind: 'message-filed', message: makeFiled() },
      { kind: 'message-filed', message: { ...thief, authorsMessageId: stolen } },
    ]);
    assert.equal(messages.get(stolen)?.caseNumber, 'VS-2026-0042');
  }
});

test('an encrypted body belongs to the case that had it first (K1)', () => {
  const filed = (caseNumber: string): Event => ({
    kind: 'message-filed',
    message: makeFiled({ caseNumber, bodyDigests: ['body'] }),
  });
  assert.equal(
    makeKnowledge([filed('VS-2026-0042'), filed('VS-2026-0666')]).bodies.get('body'),
    'VS-2026-0042',
  );
});

const held = (reasons: readonly string[]): Event => ({
  kind: 'message-held',
  held: { inboxId: 'inbox-1', list: 'linux-distros', at: noon, reasons, from: undefined, obligation: 'o' },
});
const settled = (ending: 'passed' | 'refused'): Event => ({
  kind: 'held-mail-settled',
  inboxId: 'inbox-1',
  ending,
  reason: '',
  by: 'the operator',
});

test('held mail is held until somebody settles it', () => {
  assert.ok(makeKnowledge([held(['a'])]).held.has('inbox-1'));
  assert.ok(!makeKnowledge([held(['a']), settled('refused')]).held.has('inbox-1'));
  assert.equal(makeKnowledge([held(['a']), settled('refused')]).passed.get('inbox-1'), undefined);
});

test('passed mail is passed over the rules that held it, all of them in turn', () => {
  const { passed } = makeKnowledge([held(['a']), settled('passed'), held(['b']), settled('passed')]);
  assert.deepEqual(passed.get('inbox-1'), { by: 'the operator', over: ['a', 'b'] });
});

test('a list is in use from its first report on, held or filed; before, it is being founded (A6)', () => {
  assert.equal(makeKnowledge().listsInUse.size, 0);
  assert.deepEqual([...makeKnowledge([held([])]).listsInUse], ['linux-distros']);
  assert.deepEqual(
    [...makeKnowledge([{ kind: 'case-opened', case: makeCase({ list: 'distros' }) }]).listsInUse],
    ['distros'],
  );
});

test('a notice is remembered for the mailbox, whatever the case it was written in', () => {
  const told = address('Rita@reporter.example');
  const { notices } = makeKnowledge([{ kind: 'notice-sent', template: 'receipt', address: told, at: noon }]);
  assert.equal(notices.get(noticeKey('receipt', address('rita@reporter.example'))), noon);
  assert.equal(notices.get(noticeKey('reader-parked', told)), undefined);
});

test('mail to one reader that does not arrive alarms once a day, and troubles in between do not put it off', () => {
  const to = address('alice@debian.example');
  const trouble = (at: typeof noon): Event => ({
    kind: 'bounce-received',
    outboxId: 'row',
    recipient: to,
    at,
  });
  const knowledge = makeKnowledge([trouble(noon), trouble(later(noon, day / 2))]);
  assert.ok(!isAlarmDue(knowledge, to, later(noon, day - 1)));
  assert.ok(isAlarmDue(knowledge, to, later(noon, day)));
  assert.ok(isAlarmDue(knowledge, address('bob@suse.example'), noon));
});
