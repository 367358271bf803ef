import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noon } from '../../../test/stand-ins/community.ts';
import { everyEvent } from '../../../test/stand-ins/events.ts';
import { textOf } from '../../../test/stand-ins/letters.ts';
import { sha256, standInTools } from '../../../test/stand-ins/sealing.ts';
import { sameBytes } from '../../mail/bytes.ts';
import type { JournalEntry, JournalHead } from '../ports.ts';
import { type Event, subjectOf } from './event.ts';
import { encodeEvent } from './event-codec.ts';
import { chainValue, emptyChain, readDetail, writeEntries } from './journal.ts';

const start: JournalHead = { generation: 1, size: 0, head: emptyChain };
const tools = standInTools().journal;
const write = (events: readonly Event[], after = start) => writeEntries(after, events, noon, tools);
const filedOnce: Event = { kind: 'digest-sent', list: 'distros', at: noon };

/** Where the chain breaks first; undefined when it holds. */
function firstBreak(entries: readonly JournalEntry[]): number | undefined {
  let head = emptyChain;
  for (const [index, entry] of entries.entries()) {
    if (!sameBytes(chainValue(head, { ...entry, sequence: index + 1 }, sha256), entry.head)) return index;
    head = entry.head;
  }
  return undefined;
}

/** The stand-in seals by a line that says where the detail belongs. */
function openedDetail(entry: JournalEntry) {
  const end = entry.sealed.indexOf(10);
  return { context: textOf(entry.sealed.subarray(0, end)), detail: entry.sealed.subarray(end + 1) };
}

test('the chain holds over every kind of event, and its head is where the next begins', async () => {
  const first = await write(everyEvent);
  assert.equal(firstBreak(first.entries), undefined);
  assert.equal(first.head.size, everyEvent.length);
  assert.equal(first.head.generation, 1);
  const second = await write([filedOnce], first.head);
  assert.equal(firstBreak([...first.entries, ...second.entries]), undefined);
});

test('a changed, moved, missing or repeated entry breaks the chain where it stands', async () => {
  const { entries } = await write(everyEvent);
  const [first, second, third, ...rest] = entries;
  assert.ok(first && second && third);
  assert.equal(firstBreak([first, { ...second, at: (noon + 1) as never }, third]), 1);
  assert.equal(firstBreak([first, { ...second, kind: 'case-closed' }, third]), 1);
  assert.equal(firstBreak([first, { ...second, subject: 'VS-2026-0001' }, third]), 1);
  assert.equal(firstBreak([first, { ...second, commitment: third.commitment }, third]), 1);
  assert.equal(firstBreak([first, third, second, ...rest]), 1);
  assert.equal(firstBreak([first, third, ...rest]), 1);
  assert.equal(firstBreak([first, first, second]), 1);
});

test('the same event twice has two commitments: dates and CVE ids cannot be guessed from them (T7)', async () => {
  const { entries } = await write([filedOnce, filedOnce]);
  assert.notDeepEqual(entries[0]?.commitment, entries[1]?.commitment);
});

test('a commitment is of salt and payload, never of the payload alone (T7)', async () => {
  const [entry] = (await write([filedOnce])).entries;
  assert.ok(entry);
  assert.notDeepEqual(entry.commitment, sha256(encodeEvent(filedOnce)));
  const { detail } = openedDetail(entry);
  assert.deepEqual(detail.length, 16 + encodeEvent(filedOnce).length);
});

test('an opened detail is believed only when it is what was committed to', async () => {
  const [entry, other] = (await write([filedOnce, filedOnce])).entries;
  assert.ok(entry && other);
  const { detail } = openedDetail(entry);
  assert.deepEqual(
    Uint8Array.from(readDetail(detail, entry.commitment, sha256) ?? []),
    encodeEvent(filedOnce),
  );
  assert.equal(readDetail(detail, other.commitment, sha256), undefined);
  const changed = Uint8Array.from(detail, (byte, index) => (index === 20 ? byte ^ 1 : byte));
  assert.equal(readDetail(changed, entry.commitment, sha256), undefined);
});

test('a sealed detail is bound to its place in the journal', async () => {
  const { entries } = await write([filedOnce, filedOnce], { ...start, size: 6 });
  assert.deepEqual(
    entries.map((entry) => openedDetail(entry).context),
    ['journal 7', 'journal 8'],
  );
});

test('nothing that the journal says in clear is a name, an address, a title or a fingerprint (K3)', () => {
  for (const event of everyEvent) {
    assert.match(subjectOf(event) ?? '', /^(VS-\d{4}-\d{4}|fresh|inbox-\d|row-\d|o-\d|)$/, event.kind);
  }
});

test('no events, no entries, and the head stays', async () => {
  assert.deepEqual(await write([]), { entries: [], head: start });
});
