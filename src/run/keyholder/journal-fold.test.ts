import assert from 'node:assert/strict';
import { test } from 'node:test';
import { community, noon } from '../../../test/stand-ins/community.ts';
import { everyEvent } from '../../../test/stand-ins/events.ts';
import { sha256, standInTools } from '../../../test/stand-ins/sealing.ts';
import type { Event } from '../../message/journal/event.ts';
import { emptyChain, writeEntries } from '../../message/journal/journal.ts';
import { startFold } from '../../message/journal/knowledge.ts';
import { mayBePurged } from '../../message/journal/may-be-purged.ts';
import type { Epoch, JournalHead, Sealed, StoredEntry } from '../../message/ports.ts';
import { checkJournal } from './check-journal.ts';
import { journalFold } from './journal-fold.ts';
import { JournalFault } from './journal-guard.ts';

type Reading = Parameters<typeof journalFold>[0];
const story: readonly Event[] = [...community, ...everyEvent];

async function journalOf(events: readonly Event[]): Promise<readonly StoredEntry[]> {
  const start: JournalHead = { generation: 1, size: 0, head: emptyChain };
  const { entries } = await writeEntries(start, events, noon, standInTools().journal);
  return entries.map((entry, index) => ({ ...entry, sequence: index + 1 }));
}

/** A database that holds these entries, and a guard that remembers this much. */
function tools(stored: readonly StoredEntry[], remembered?: JournalHead) {
  const memory: JournalHead[] = remembered ? [remembered] : [];
  const ended: string[] = [];
  const last = stored.at(-1);
  const reading = {
    sha256,
    store: {
      journalHead: async () => ({ generation: 1, size: last?.sequence ?? 0, head: last?.head ?? emptyChain }),
      journalTail: async function* (after: number) {
        yield stored.slice(after);
      },
    },
    keys: {
      endedEpochs: () => new Set(),
      openRecord: openStandIn,
      endEpochs: async (epochs: readonly string[]) => {
        ended.push(...epochs);
      },
    },
    guard: {
      remembered: async () => memory.at(-1),
      remember: async (head: JournalHead) => {
        memory.push(head);
      },
    },
  };
  return { memory, ended, reading: reading as unknown as Reading };
}

/** The stand-in's seal is a line that says where the detail belongs; elsewhere it does not open. */
async function openStandIn(_: string, sealed: Sealed, context: string): Promise<Uint8Array> {
  const end = sealed.indexOf(10);
  assert.equal(Buffer.from(sealed.subarray(0, end)).toString(), context, 'sealed for another place');
  return sealed.subarray(end + 1);
}

const headAt = (entries: readonly StoredEntry[], size: number): JournalHead => ({
  generation: 1,
  size,
  head: entries[size - 1]?.head ?? emptyChain,
});

test('reading the journal makes the knowledge of everything that happened', async () => {
  const { reading } = tools(await journalOf(story));
  const fold = await journalFold(reading);
  await fold.catchUp();
  const expected = startFold();
  for (const event of story) expected.apply(event);
  assert.deepEqual([...fold.knowledge.messages.keys()], [...expected.knowledge.messages.keys()]);
  assert.deepEqual(
    [...fold.knowledge.roster.representatives.keys()],
    ['alice', 'bob', 'fred', 'olga', 'gina'],
  );
  assert.equal(fold.head().size, story.length);
});

test('a shorter journal than was written is an old copy: the keyholder does not start (T6, I12)', async () => {
  const entries = await journalOf(story);
  const { reading } = tools(entries.slice(0, -1), headAt(entries, entries.length));
  await assert.rejects(journalFold(reading), JournalFault);
});

test('a longer journal with another past is another database (T6)', async () => {
  const mine = await journalOf(story);
  const { reading } = tools(await journalOf(story), headAt(mine, 5));
  const fold = await journalFold(reading);
  await assert.rejects(fold.catchUp(), JournalFault);
});

test('what another keyholder has appended since is no fault', async () => {
  const entries = await journalOf(story);
  const fold = await journalFold(tools(entries, headAt(entries, 5)).reading);
  await fold.catchUp();
  assert.equal(fold.head().size, story.length);
});

test('an entry that was changed in the database stops the reading, and so does a detail put elsewhere', async () => {
  const entries = await journalOf(story);
  const changed = entries.map((entry, index) => (index === 3 ? { ...entry, kind: 'list-added ' } : entry));
  const moved = entries.map((entry, index) =>
    index === 3 ? { ...entry, sealed: entries[4]?.sealed } : entry,
  );
  for (const wrong of [changed, moved]) {
    const fold = await journalFold(tools(wrong).reading);
    await assert.rejects(fold.catchUp());
    assert.equal(fold.head().size, 3, 'nothing behind it was believed');
    assert.match((await checkJournal(tools(wrong).reading)).fault ?? '', /entry 4/);
  }
});

/** The journal of the story without the details of these kinds. */
async function journalWithout(...kinds: readonly string[]): Promise<readonly StoredEntry[]> {
  const entries = await journalOf(story);
  return entries.map((entry) =>
    kinds.includes(entry.kind) ? { ...entry, sealed: undefined, epoch: undefined } : entry,
  );
}

/** The story, and the purge of its case: every detail that the purge may take is gone from the database. */
async function purgedStory() {
  const whole = await journalOf(story);
  const details = whole.filter(({ kind }) => mayBePurged(kind)).map(({ sequence }) => sequence);
  const cases = ['VS-2026-0042'];
  const events: readonly Event[] = [
    ...story,
    { kind: 'data-purged', cases, lists: ['linux-distros'], details, inbox: [], at: noon },
    { kind: 'epochs-ended', epochs: ['2026-11' as Epoch], at: noon },
  ];
  const entries = (await journalOf(events)).map((entry) =>
    details.includes(entry.sequence) ? { ...entry, sealed: undefined, epoch: undefined } : entry,
  );
  return { events, entries, details };
}

test('folding and checking need no purged payload, and know what a keyholder knows that was there (T7, K6)', async () => {
  const { events, entries, details } = await purgedStory();
  const { reading, ended } = tools(entries);
  const fold = await journalFold(reading);
  await fold.catchUp();
  const running = startFold();
  for (const event of events) running.apply(event);
  assert.deepEqual(fold.knowledge, running.knowledge);
  assert.deepEqual([...fold.knowledge.cases.keys(), ...fold.knowledge.messages.keys()], []);
  assert.ok(fold.knowledge.listsInUse.has('linux-distros'), 'additions still wait (A6)');
  assert.deepEqual(ended, ['2026-08', '2026-11'], 'keys that a keyholder died before destroying');
  assert.deepEqual(await checkJournal(tools(entries).reading), {
    size: events.length,
    purged: details.length,
    fault: undefined,
  });
});

test('a detail of a case that is gone without a purge that names it stops the reading', async () => {
  const { entries } = await purgedStory();
  const unnamed = entries.map((entry) =>
    entry.kind === 'epochs-ended' ? { ...entry, sealed: undefined, epoch: undefined } : entry,
  );
  for (const wrong of [unnamed, await journalWithout('signature-spent')]) {
    const fold = await journalFold(tools(wrong).reading);
    await assert.rejects(fold.catchUp(), JournalFault);
    assert.match((await checkJournal(tools(wrong).reading)).fault ?? '', /is gone, and was never purged/);
  }
});

test('a detail that no purge takes and that is gone stops the reading: it would bring back a right (I12)', async () => {
  for (const kind of ['representative-suspended', 'request-executed', 'message-held']) {
    const entries = await journalWithout(kind);
    const fold = await journalFold(tools(entries).reading);
    await assert.rejects(fold.catchUp(), JournalFault);
    assert.match((await checkJournal(tools(entries).reading)).fault ?? '', /is gone, and was never purged/);
  }
});

test('what was committed is folded and remembered outside the database (T6)', async () => {
  const { reading, memory } = tools([]);
  const fold = await journalFold(reading);
  const head = { generation: 1, size: story.length, head: new Uint8Array(32) };
  await fold.committed(story, head);
  assert.deepEqual(memory, [head]);
  assert.deepEqual(fold.head(), head);
  assert.equal(fold.knowledge.cases.size, 1);
});
