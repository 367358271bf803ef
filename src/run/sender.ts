/**
 * The process that lets mail out: drains the private outbox over a few connections, looks at each row again before
 * it leaves (P5), and records every outcome at once. The one key it holds opens mail in clear to reporters (R3).
 */
import { createHash } from 'node:crypto';
import { codeOf, type Log } from '../adapters/log/log.ts';
import type { RelaySettings } from '../adapters/smtp/relay-settings.ts';
import { createSmtpDelivery } from '../adapters/smtp/smtp-delivery.ts';
import { createDeliver, type DueRow, type WireMail, type WireResult } from '../message/deliver/deliver.ts';
import type { RetryPolicy } from '../message/deliver/next-attempt.ts';
import type { OpenSealed } from '../message/deliver/open-permitted.ts';
import type { OutboxStore } from '../message/door-ports.ts';
import { type Instant, second } from '../time/instant.ts';
import { deliverOnce } from './deliver-once.ts';
import { createLanes } from './sender-lanes.ts';
import type { DeliveryFigures } from './watch/delivery-figures.ts';

export type SenderParameters = Readonly<{
  store: OutboxStore;
  /** Undefined: mail waits in the outbox. */
  relay: RelaySettings | undefined;
  /** Deliveries at one time, each on its own connection. */
  connections?: number | undefined;
  domain: string;
  /** Whether the keyholder signed these bytes. */
  verify: (bytes: Uint8Array, signature: Uint8Array) => boolean;
  /** Opens mail in clear that was sealed to this process (R3); throws when it was not. */
  openSealed: OpenSealed;
  retry: RetryPolicy;
  clock: () => Instant;
  /** Uniform in [0, 1). */
  chance: () => number;
  log: Pick<Log, 'info' | 'warn' | 'error'>;
  /** What it counts (docs/operation.md). */
  figures?: DeliveryFigures | undefined;
}>;

export type Sender = Readonly<{
  reload: (relay: RelaySettings | undefined) => void;
  /** One mail that waits in no outbox: an alarm about the machinery. */
  send: (mail: WireMail) => Promise<WireResult>;
  /** Greets the relay, and counts how it answered. */
  probe: () => Promise<void>;
  /** Starts no further delivery, lets those in progress end. */
  stop: () => Promise<void>;
}>;

const defaultConnections = 8;
/** Rows claimed at one time for each connection: enough that claiming costs little, few enough that others find some. */
const rowsPerLane = 8;
/** A deferred row comes due without anybody telling us. */
const lookEvery = 5 * second;
const afterFault = second;
/** Sooner than another sender can have started. */
const betweenLastLooks = second / 4;
/** The supervisor kills us soon after; what is cut off is tried again (I1). */
const stopWithin = 25 * second;

export function startSender(parameters: SenderParameters): Sender {
  const { store, log, clock } = parameters;
  const connections = parameters.connections ?? defaultConnections;
  const lanes = createLanes(connections);
  const stopping = stopSignal();
  let delivery = parameters.relay && createSmtpDelivery(parameters.relay);
  const deliver = createDeliver({ ...parameters, tools: { verify: parameters.verify, sha256 }, send });
  const once = deliverOnce(deliver, parameters);
  const batches = new Set<Promise<void>>();

  async function send(mail: WireMail): Promise<WireResult> {
    if (!delivery) return { kind: 'connection-fault', code: 0, reason: 'no-relay' };
    const result = await delivery.send(mail);
    parameters.figures?.spoke(result);
    return result;
  }

  const mayBegin = ({ id }: DueRow) => !stopping.raised || once.remembers(id);

  /** Claims rows and begins their deliveries; resolves, before these end, with how many there were, if that can be known. */
  const claim = (limit: number): Promise<number | undefined> =>
    new Promise((resolve) => {
      const batch = store
        .withDueRows(limit, clock(), async (rows, record, holding) => {
          resolve(rows.length);
          await Promise.all(
            rows.map((row) =>
              // Rows whose lock is lost may already be in another sender's hands.
              lanes.run(async () => (mayBegin(row) && holding() ? once.row(row, record) : undefined)),
            ),
          );
        })
        .then(resolve, async (error) => {
          log.warn('outbox-unreadable', { code: codeOf(error) });
          await stopping.orAfter(afterFault);
          resolve(undefined);
        })
        .finally(() => batches.delete(batch));
      batches.add(batch);
    });

  const drain = async () => {
    while (!stopping.raised) {
      await stopping.orWhen(lanes.whenFree());
      if (stopping.raised) return;
      // Whole even when one lane is free: a claim's round trips cost as much for four rows as for forty.
      const limit = connections * rowsPerLane;
      const claimed = delivery ? await claim(limit) : 0;
      // A database that is back must hear soon of what it could not record: until then our end would repeat it (I1).
      if (claimed !== undefined && claimed < limit) await waitForWork(store, stopping, log);
    }
  };
  const draining = drain();

  /** What only our memory knows would be sent again by the next sender (I1). */
  const finish = async (cut: AbortSignal) => {
    await Promise.all(batches);
    while (once.unrecorded() > 0 && !cut.aborted) {
      await claim(connections * rowsPerLane);
      await Promise.all(batches);
      if (once.unrecorded() > 0) await pause(betweenLastLooks, cut);
    }
  };

  return {
    send,
    probe: async () => {
      const result = await delivery?.probe();
      if (result) parameters.figures?.spoke(result);
    },
    reload: (relay) => {
      if (relay && delivery) delivery.reload(relay);
      else {
        delivery?.close();
        delivery = relay && createSmtpDelivery(relay);
      }
    },
    stop: async () => {
      stopping.raise();
      await draining;
      const cut = new AbortController();
      await Promise.race([finish(cut.signal), pause(stopWithin, cut.signal)]);
      cut.abort();
      delivery?.close();
    },
  };
}

function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}

async function waitForWork(
  store: OutboxStore,
  stopping: StopSignal,
  log: SenderParameters['log'],
): Promise<void> {
  try {
    await stopping.orWhen(store.waitForWork(lookEvery));
  } catch (error) {
    if (stopping.raised) return;
    log.warn('outbox-unreadable', { code: codeOf(error) });
    await stopping.orAfter(afterFault);
  }
}

/** Raised once. Waiting adds a listener and takes it away again: a promise that lives for months would gather them. */
function stopSignal() {
  const controller = new AbortController();
  const { signal } = controller;
  const orWhen = (promise: Promise<unknown>): Promise<void> =>
    new Promise((resolve, reject) => {
      const end = () => {
        signal.removeEventListener('abort', end);
        resolve();
      };
      signal.addEventListener('abort', end);
      promise.then(end, (error: unknown) => {
        signal.removeEventListener('abort', end);
        reject(error);
      });
      if (signal.aborted) end();
    });
  return {
    get raised(): boolean {
      return signal.aborted;
    },
    raise: () => controller.abort(),
    orWhen,
    orAfter: (milliseconds: number) => pause(milliseconds, signal),
  };
}

type StopSignal = ReturnType<typeof stopSignal>;

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
}
