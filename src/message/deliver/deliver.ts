/**
 * Delivers one row of the outbox: looks at it again (P5), writes it to the wire as it lies there, and says how it
 * went. A row that fails a check is held, never sent; a peer's answer decides the rest. It never throws for a row.
 */
import type { Address } from '../../mail/address.ts';
import type { Instant } from '../../time/instant.ts';
import type { OutboxStore } from '../door-ports.ts';
import { renderClearNotice } from '../notice/clear-notice.ts';
import type { DeliveryOutcome, OutboxRow } from '../ports.ts';
import { boundedCache } from './bounded-cache.ts';
import {
  type CheckTools,
  type CopyContent,
  type CopyFault,
  checkCopy,
  checkPermit,
  checkReader,
  type ReadBody,
  type ReaderFault,
  type ReadPermit,
  readBody,
  readPermit,
} from './check-copy.ts';
import { nextAttempt, type RetryPolicy } from './next-attempt.ts';
import {
  type OpenSealed,
  openPermitted,
  type PermittedContent,
  type PermittedFault,
} from './open-permitted.ts';

export type DueRow = OutboxRow & Readonly<{ attempts: number; createdAt: Instant }>;

/** One mail for one recipient; the pieces joined are the mail, CRLF, no line beginning with a dot (M8). */
export type WireMail = Readonly<{
  returnPath: Address | '';
  recipient: Address;
  pieces: readonly Uint8Array[];
  /** Asked when the peer is ready for the bytes: it may have let us wait for minutes (P5: "before DATA"). */
  mayStillLeave?: () => Promise<boolean>;
}>;

/**
 * What became of it. `reason` is our own word; `code` the peer's reply, 0 when there was none. `withdrawn`: it might not
 * leave any more, and no byte of it did.
 */
export type WireResult = Readonly<{
  kind: 'accepted' | 'refused' | 'refused-for-now' | 'connection-fault' | 'withdrawn';
  code: number;
  reason: string;
}>;

export type DeliverPorts = Readonly<{
  store: Pick<OutboxStore, 'bodyParts' | 'permit' | 'reader'>;
  send: (mail: WireMail) => Promise<WireResult>;
  tools: CheckTools;
  openSealed: OpenSealed;
  domain: string;
  retry: RetryPolicy;
  clock: () => Instant;
  /** Uniform in [0, 1). */
  chance: () => number;
}>;

export type Deliver = (row: DueRow) => Promise<DeliveryOutcome>;

/** Ciphertext kept while its copies go out: three alignments of the largest mail we take, and a little more. */
const bodyCacheBytes = 128 * 1024 * 1024;
const permitCacheBytes = 4 * 1024 * 1024;

export function createDeliver(ports: DeliverPorts): Deliver {
  const bodies = boundedCache<ReadBody>(bodyCacheBytes, ({ parts }) => parts.tail.length + 4096);
  const permits = boundedCache<ReadPermit>(permitCacheBytes, ({ permit }) => permit.document.length + 256);
  const findPermit = (row: OutboxRow) =>
    permits.get(row.permitId, async () => {
      const permit = await ports.store.permit(row.permitId);
      return permit && readPermit(permit, ports.tools);
    });
  const findBody = ({ bodyId, alignment }: CopyContent) =>
    bodies.get(`${bodyId} ${alignment}`, async () => {
      const parts = await ports.store.bodyParts(bodyId, alignment);
      return parts && readBody({ ...parts, id: bodyId, alignment }, ports.tools);
    });
  return async (row) => {
    try {
      const permit = await findPermit(row);
      const { content } = row;
      if (content.kind === 'notice') return await deliverNotice(row, permit, ports);
      if (content.kind === 'permitted') return await deliverPermitted({ row, content, permit }, ports);
      const [body, reader] = await Promise.all([findBody(content), ports.store.reader(content.readerId)]);
      const fault = checkCopy({ row, content, permit, reader, body }, ports.tools);
      if (fault || !body) return held(fault ?? 'body-missing', ports);
      return await deliverCopy({ row, content, pieces: copyPieces(content, body) }, ports);
    } catch {
      // The database went away, or something nobody thought of: the row keeps its place and nothing has left.
      return deferred(row, { kind: 'connection-fault', code: 0, reason: 'not-attempted' }, ports);
    }
  };
}

const encoder = new TextEncoder();

function copyPieces(content: CopyContent, body: ReadBody): readonly Uint8Array[] {
  const { envelopeHead, tail, envelopeEnd } = body.parts;
  return [envelopeHead, content.head, tail, encoder.encode(`${content.checksum}\r\n`), envelopeEnd];
}

/** A6: whoever is suspended while their server lets us wait gets nothing when it answers. */
async function deliverCopy(
  { row, content, pieces }: Readonly<{ row: DueRow; content: CopyContent; pieces: readonly Uint8Array[] }>,
  ports: DeliverPorts,
): Promise<DeliveryOutcome> {
  let fault: ReaderFault | undefined;
  const mayStillLeave = async () => {
    const reader = await ports.store.reader(content.readerId);
    fault = checkReader({ row, content, reader }, ports.tools);
    return fault === undefined;
  };
  const { returnPath, recipient } = row;
  const result = await ports.send({ returnPath, recipient, pieces, mayStillLeave });
  return fault ? held(fault, ports) : outcomeOf(row, result, ports);
}

async function deliverNotice(
  row: DueRow,
  permit: ReadPermit | undefined,
  ports: DeliverPorts,
): Promise<DeliveryOutcome> {
  const fault = checkPermit(row, permit, ports.tools);
  if (fault) return held(fault, ports);
  const rendered = renderClearNotice(row, ports.domain);
  if (rendered.kind === 'malformed') return held(`notice-${rendered.parameter}`, ports);
  return send(row, [encoder.encode(rendered.text)], ports);
}

async function deliverPermitted(
  permitted: Readonly<{ row: DueRow; content: PermittedContent; permit: ReadPermit | undefined }>,
  ports: DeliverPorts,
): Promise<DeliveryOutcome> {
  const checked = openPermitted(permitted, ports.tools, ports.openSealed);
  return checked.kind === 'fault' ? held(checked.fault, ports) : send(permitted.row, [checked.mail], ports);
}

async function send(
  row: DueRow,
  pieces: readonly Uint8Array[],
  ports: DeliverPorts,
): Promise<DeliveryOutcome> {
  const { returnPath, recipient } = row;
  return outcomeOf(row, await ports.send({ returnPath, recipient, pieces }), ports);
}

function outcomeOf(row: DueRow, result: WireResult, ports: DeliverPorts): DeliveryOutcome {
  switch (result.kind) {
    case 'accepted':
      return outcome('sent', result, ports);
    case 'refused':
      return outcome('failed', result, ports);
    case 'refused-for-now':
    case 'connection-fault':
    case 'withdrawn':
      return deferred(row, result, ports);
  }
}

function deferred(row: DueRow, result: WireResult, ports: DeliverPorts): DeliveryOutcome {
  const nextAt = nextAttempt(row, ports.clock(), ports.retry, ports.chance());
  if (nextAt === undefined)
    return outcome('failed', { ...result, reason: `gave-up-${result.reason}` }, ports);
  return { ...outcome('deferred', result, ports), nextAt };
}

function outcome(
  kind: 'sent' | 'deferred' | 'failed',
  result: WireResult,
  ports: DeliverPorts,
): DeliveryOutcome {
  return { kind, at: ports.clock(), code: result.code, reason: result.reason, nextAt: undefined };
}

function held(reason: CopyFault | PermittedFault | `notice-${string}`, ports: DeliverPorts): DeliveryOutcome {
  return { kind: 'held', at: ports.clock(), code: 0, reason, nextAt: undefined };
}
