/** A sender on a stage: an honest outbox in memory, a real relay, and a clock that the story moves. */
import assert from 'node:assert/strict';
import { defaultRelayTimeouts } from '../../src/adapters/smtp/relay-settings.ts';
import type { DueRow } from '../../src/message/deliver/deliver.ts';
import type { OutboxStore } from '../../src/message/door-ports.ts';
import type { DeliveryOutcome, Permit } from '../../src/message/ports.ts';
import { type SenderParameters, startSender } from '../../src/run/sender.ts';
import { day, hour, type Instant, instantFromMilliseconds, later, minute } from '../../src/time/instant.ts';
import { keyholderWord } from './keyholder-word.ts';
import { type MailSink, type MailSinkOptions, startMailSink } from './mail-sink.ts';
import { openStandIn } from './permitted-mail.ts';
import { copiesFor, type StandInOutbox, sealedBody } from './sealed-copy.ts';

export const word = keyholderWord();
export const start = instantFromMilliseconds(1_795_000_000_000);
export const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** An outbox in memory that behaves as the real one: locks, records one by one, wakes. */
export function memoryOutbox(
  outbox: StandInOutbox,
  extra: readonly DueRow[] = [],
  permits: readonly Permit[] = [],
) {
  const rows = new Map(
    [...outbox.rows, ...extra].map((row) => [row.id, { row, nextAt: row.createdAt, done: false }]),
  );
  const outcomes: (DeliveryOutcome & { recipient: string })[] = [];
  const locked = new Set<string>();
  const readers = new Map(outbox.readers.map((reader) => [reader.id, reader]));
  const waiting = new Set<() => void>();
  // As the real one: what wakes while nobody waits is found by whoever waits next.
  let rung = false;
  const wake = () => {
    rung = true;
    for (const resolve of waiting) resolve();
    waiting.clear();
  };
  const state = { bodyReads: 0, failRecords: 0 };
  const store: OutboxStore = {
    withDueRows: async (limit, now, work) => {
      const due = [...rows.values()].filter(
        (entry) => !entry.done && !locked.has(entry.row.id) && entry.nextAt <= now,
      );
      const taken = due.slice(0, limit);
      for (const { row } of taken) locked.add(row.id);
      const record = async (id: string, outcome: DeliveryOutcome) => {
        const entry = rows.get(id);
        assert.ok(entry);
        if (state.failRecords > 0) {
          state.failRecords -= 1;
          throw new Error('database gone');
        }
        entry.done = outcome.kind !== 'deferred';
        entry.nextAt = outcome.nextAt ?? entry.nextAt;
        entry.row = { ...entry.row, attempts: entry.row.attempts + 1 };
        outcomes.push({ ...outcome, recipient: entry.row.recipient });
      };
      await work(
        taken.map(({ row }) => row),
        record,
        () => true,
      );
      for (const { row } of taken) locked.delete(row.id);
      if (taken.length > 0) wake();
      return taken.length;
    },
    bodyParts: async (_id, alignment) => {
      state.bodyReads += 1;
      return outbox.parts(alignment);
    },
    permit: async (id) => [outbox.permit, ...permits].find((permit) => permit.id === id),
    reader: async (id) => readers.get(id),
    waitForWork: async () => {
      if (!rung) await new Promise<void>((resolve) => void waiting.add(resolve));
      rung = false;
    },
  };
  /** Resolves when so many outcomes are recorded. */
  const recorded = async (count: number) => {
    while (outcomes.length < count) await new Promise<void>((resolve) => void waiting.add(resolve));
  };
  return { store, outcomes, readers, wake, recorded, state };
}

export async function stage(
  recipients: readonly string[],
  options: Readonly<{
    sink?: MailSinkOptions;
    sender?: Partial<SenderParameters>;
    bytes?: number;
    extra?: readonly DueRow[];
    permits?: readonly Permit[];
    prepare?: (memory: ReturnType<typeof memoryOutbox>) => void;
    /** Told of the sink's port before sender starts: for a line of the test's own between the two. */
    onSink?: (port: number) => void;
  }> = {},
) {
  const sink: MailSink = await startMailSink(options.sink);
  options.onSink?.(sink.port);
  const body = sealedBody(options.bytes ?? 3000, start);
  const outbox = copiesFor(word, body, recipients, start);
  const memory = memoryOutbox(outbox, options.extra, options.permits);
  options.prepare?.(memory);
  const clock = { now: start as Instant };
  const sender = startSender({
    store: memory.store,
    relay: {
      host: '127.0.0.1',
      port: sink.port,
      hostName: 'mail.lists.example',
      tls: 'opportunistic',
      // Short only where the sink may fall silent: a busy machine is no fault.
      timeouts: options.sink?.behaviour
        ? { ...defaultRelayTimeouts, recipient: 200, dataEnd: 200 }
        : defaultRelayTimeouts,
    },
    domain: 'lists.example',
    verify: word.verify,
    openSealed: openStandIn,
    retry: { first: minute, longest: hour, giveUpAfter: day },
    clock: () => clock.now,
    chance: () => 0.5,
    log: silent,
    ...options.sender,
  });
  const end = async () => {
    await sender.stop();
    await sink.close();
  };
  const pass = (milliseconds: number) => {
    clock.now = later(clock.now, milliseconds);
    memory.wake();
  };
  return { sink, outbox, memory, sender, pass, end };
}

export const wholeMail = (outbox: StandInOutbox, index: number): string => {
  const content = outbox.rows[index]?.content;
  assert.ok(content?.kind === 'copy');
  const { envelopeHead, tail, envelopeEnd } = outbox.parts(content.alignment);
  const checksum = Buffer.from(`${content.checksum}\r\n`);
  return Buffer.concat([envelopeHead, content.head, tail, checksum, envelopeEnd]).toString('latin1');
};
