/**
 * Sealing: a plan becomes the one step that commits (DESIGN §2: the record of intent precedes the act). Each message is
 * signed and encrypted once per audience and wrapped per reader (DESIGN §5); every row that may leave is named in a
 * permit that the keyholder signs (P5).
 */

import { joinBytes } from '../../mail/bytes.ts';
import type { Desk } from '../desk.ts';
import type { Event } from '../journal/event.ts';
import { writeEntries } from '../journal/journal.ts';
import { parkedNotices } from '../notice/parked-notices.ts';
import type { ClearNotice, Plan, ReaderChange } from '../plan.ts';
import type { BodyRow, JournalHead, OutboxRow, Permit, ReaderRow } from '../ports.ts';
import type { Step } from '../private-store-port.ts';
import { canonicalBody, canonicalOutboxRow, canonicalReader } from './canonical.ts';
import { permittedRow } from './permitted-row.ts';
import { sealOutgoing } from './seal-outgoing.ts';
import type { SealPlanTools } from './sealing-tools.ts';

/** The step, and the events in it, to be folded once it has committed. */
export type SealedPlan = Readonly<{ step: Step; events: readonly Event[]; head: JournalHead }>;

export async function sealPlan(
  plan: Plan,
  desk: Desk,
  after: JournalHead,
  tools: SealPlanTools,
): Promise<SealedPlan> {
  const permitId = desk.chance.uuid();
  const messages = await sealOutgoing(plan.outgoing, { permitId, desk, tools });
  const parked = parkedNotices(messages, desk);
  const notices = [...plan.notices, ...parked.notices].map((notice) => noticeRow(notice, permitId, desk));
  const permitted: OutboxRow[] = [];
  for (const mail of plan.permitted) permitted.push(await permittedRow(mail, permitId, desk, tools));
  const outbox = [...messages.flatMap((message) => message.rows), ...notices, ...permitted];
  const updates = plan.outboxUpdates.map(({ row, body }) => (body ? { ...row, permitId } : row));
  const wrapped = updates.filter((row) => row.permitId === permitId);
  const wrappedBodies = plan.outboxUpdates.flatMap(({ body }) => (body ? [body] : []));
  const bodies = messages.map((message) => message.body);
  const events = [...plan.events, ...parked.events];
  const { entries, head } = await writeEntries(after, events, desk.now, tools.journal);
  const readers = await Promise.all(plan.readers.map((change) => readerRow(change, desk, tools)));
  const step: Step = {
    after,
    entries,
    ...(plan.inbox ? { inbox: plan.inbox } : {}),
    ...(plan.heldInbox ? { heldInbox: plan.heldInbox } : {}),
    cases: plan.cases,
    bodies,
    permits: permitFor(permitId, [...outbox, ...wrapped], [...bodies, ...wrappedBodies], tools),
    outbox,
    outboxUpdates: updates,
    readers,
    outboxAcknowledged: plan.outboxAcknowledged,
    ...(plan.uncertain ? { uncertain: plan.uncertain } : {}),
    doors: plan.doors,
    cancelFor: plan.cancelFor,
    obligationsOpened: plan.obligationsOpened,
    obligationsSettled: plan.obligationsSettled.map((settled) => ({ ...settled, at: desk.now })),
    ...(plan.purge ? { purge: plan.purge } : {}),
    ...(plan.epochsEnd.length > 0 ? { epochsEnd: tools.endEpochs(plan.epochsEnd) } : {}),
  };
  return { step, events, head };
}

/** Clear notices go out with the null return path (RFC 3834 §4, R4): nothing answers them. */
function noticeRow(notice: ClearNotice, permitId: string, desk: Desk): OutboxRow {
  const { template, parameters, recipient, list, caseNumber } = notice;
  return {
    id: desk.chance.uuid(),
    list,
    caseNumber,
    recipient,
    returnPath: '',
    state: 'queued',
    permitId,
    content: { kind: 'notice', template, parameters },
  };
}

function permitFor(
  id: string,
  rows: readonly OutboxRow[],
  bodies: readonly BodyRow[],
  { journal: { sha256 }, sign }: SealPlanTools,
): readonly Permit[] {
  if (rows.length === 0) return [];
  const ofBodies = bodies.flatMap((body) =>
    body.tails.map((tail, alignment) => sha256(canonicalBody({ ...body, alignment, tail }, sha256))),
  );
  const document = joinBytes(...rows.map((row) => sha256(canonicalOutboxRow(row))), ...ofBodies);
  return [{ id, document, signature: sign(document) }];
}

async function readerRow(
  change: ReaderChange,
  desk: Desk,
  { sealing, sign }: SealPlanTools,
): Promise<ReaderRow> {
  const uses = await Promise.all(
    change.certificates.map((certificate) => sealing.use(certificate, desk.now)),
  );
  const ofUsable = uses.flatMap((use) => (use.kind === 'usable' ? use.encryptionKeyIds : []));
  const encryptionKeyIds = [...new Set(ofUsable)];
  const { id, address, standing } = change;
  const row = { id, address, standing, encryptionKeyIds };
  return { ...row, signature: sign(canonicalReader(row)) };
}
