import { wrapOutside } from '../copy/outer-header.ts';
import { addressOf, boundary, type Desk, settingsOf } from '../desk.ts';
import type { Outgoing, Reader, Unreached } from '../plan.ts';
import type { BodyRow, OutboxRow } from '../ports.ts';
import type { ListSigner, SealedBody } from '../sealing-port.ts';
import { assessCertificates } from './assess-certificates.ts';
import { returnPathOf } from './return-path.ts';
import type { SealPlanTools } from './sealing-tools.ts';

/** One body and its readers' rows; who could not be reached has a parked row (I5: nobody else waits for them). */
export type SealedMessage = Readonly<{
  body: BodyRow;
  rows: readonly OutboxRow[];
  unreached: readonly Unreached[];
}>;

/** Wraps in hand at once: enough to keep the key operations busy, few enough to keep memory flat (TECH "OpenPGP"). */
const wrapsAtOnce = 64;

type Context = Readonly<{ permitId: string; desk: Desk; tools: SealPlanTools }>;
type Reach = Readonly<{ outgoing: Outgoing; reached: readonly Reader[]; unreached: readonly Unreached[] }>;

/** Seals messages for their audiences. Who could not be reached is told to all audiences of that message (R6). */
export async function sealOutgoing(
  all: readonly Outgoing[],
  context: Context,
): Promise<readonly SealedMessage[]> {
  const reaches: Reach[] = [];
  for (const outgoing of all) {
    reaches.push({ outgoing, ...(await reach(outgoing.readers, context.desk, context.tools)) });
  }
  const messages: SealedMessage[] = [];
  for (const one of reaches) {
    const { messageId } = one.outgoing;
    const unreached = reaches
      .filter(({ outgoing }) => outgoing.messageId === messageId)
      .flatMap((audience) => audience.unreached);
    messages.push(...(await sealFor(one, one.outgoing.compose(unreached), context)));
  }
  return messages;
}

/** One body for all of an audience, or one for each where the list's copies must not be linked. */
async function sealFor(
  { outgoing, reached, unreached }: Reach,
  content: Uint8Array,
  { permitId, desk, tools }: Context,
): Promise<readonly SealedMessage[]> {
  const unlinkable = settingsOf(desk, outgoing.list).copies === 'unlinkable';
  const messages: SealedMessage[] = [];
  for (const { readers, missed } of unlinkable
    ? oneByOne(reached, unreached)
    : [{ readers: reached, missed: unreached }]) {
    const sealed = await tools.sealing.seal(content, signerOf(outgoing, desk), desk.now);
    const body = await bodyRow(outgoing, sealed, desk, tools);
    const rows = await wrapAll(readers, { sealed, body, outgoing, permitId, desk, tools });
    messages.push({
      body,
      rows: [...rows, ...missed.map(({ reader }) => parkedRow(reader, body, permitId, desk))],
      unreached: missed,
    });
  }
  return messages;
}

/** The journal says which key a list signs with. */
function signerOf({ list, signedBy }: Outgoing, { knowledge }: Desk): ListSigner {
  return { list, fingerprint: signedBy ?? knowledge.roster.mailKeys.get(list)?.current };
}

type Group = Readonly<{ readers: readonly Reader[]; missed: readonly Unreached[] }>;

/** A body for each reader, the parked ones too: their late wrap must not share a ciphertext with anybody's. */
function oneByOne(reached: readonly Reader[], unreached: readonly Unreached[]): readonly Group[] {
  return [
    ...reached.map((reader) => ({ readers: [reader], missed: [] })),
    ...unreached.map((one) => ({ readers: [], missed: [one] })),
  ];
}

async function reach(readers: readonly Reader[], desk: Desk, { sealing }: SealPlanTools) {
  const reached: Reader[] = [];
  const unreached: Unreached[] = [];
  for (const reader of readers) {
    const { usable, faults } = await assessCertificates(reader.certificates, desk, sealing);
    if (usable.length > 0) {
      reached.push({ ...reader, certificates: usable });
    } else {
      unreached.push({
        reader,
        why: faults.length > 0 ? `certificate ${faults.join(', ')}` : 'no certificate',
      });
    }
  }
  return { reached, unreached };
}

async function bodyRow(
  outgoing: Outgoing,
  sealed: SealedBody,
  desk: Desk,
  tools: SealPlanTools,
): Promise<BodyRow> {
  const { list, caseNumber, messageId, outer } = outgoing;
  const id = desk.chance.uuid();
  const outside = wrapOutside({
    listAddress: addressOf(desk, list),
    messageId,
    outer,
    at: desk.now,
    boundary: boundary(desk),
  });
  return {
    id,
    list,
    caseNumber,
    messageId,
    envelopeHead: outside.head,
    tails: sealed.tails,
    envelopeEnd: outside.end,
    homeEpoch: tools.journal.epochs.month,
    home: await tools.sealHome(sealed.sessionKey, id),
  };
}

type Wrapping = Readonly<{
  sealed: SealedBody;
  body: BodyRow;
  outgoing: Outgoing;
  permitId: string;
  desk: Desk;
  tools: SealPlanTools;
}>;

async function wrapAll(readers: readonly Reader[], wrapping: Wrapping): Promise<readonly OutboxRow[]> {
  const rows: OutboxRow[] = [];
  for (let start = 0; start < readers.length; start += wrapsAtOnce) {
    const some = readers.slice(start, start + wrapsAtOnce);
    rows.push(...(await Promise.all(some.map((reader) => copyRow(reader, wrapping)))));
  }
  return rows;
}

async function copyRow(
  reader: Reader,
  { sealed, body, permitId, desk, tools }: Wrapping,
): Promise<OutboxRow> {
  const { keyIds, head, alignment, checksum } = await tools.sealing.wrap(
    sealed,
    reader.certificates,
    desk.now,
  );
  const row = emptyRow(reader, body, permitId, desk);
  return { ...row, content: { ...row.content, keyIds, head, alignment, checksum } };
}

function parkedRow(reader: Reader, body: BodyRow, permitId: string, desk: Desk): OutboxRow {
  return { ...emptyRow(reader, body, permitId, desk), state: 'parked' };
}

function emptyRow(reader: Reader, body: BodyRow, permitId: string, desk: Desk) {
  const id = desk.chance.uuid();
  const nothing = { keyIds: [], head: new Uint8Array(), alignment: 0, checksum: '' } as const;
  return {
    id,
    list: body.list,
    caseNumber: body.caseNumber,
    recipient: reader.address,
    returnPath: returnPathOf(id, body.list, desk),
    state: 'queued',
    permitId,
    content: { kind: 'copy', bodyId: body.id, readerId: reader.id, ...nothing },
  } as const satisfies OutboxRow;
}
