import type { Certificate } from '../../membership/certificate.ts';
import { currentCertificates, mayRead } from '../../membership/roster.ts';
import type { Desk } from '../desk.ts';
import type { SessionKey } from '../open/opened.ts';
import { emptyPlan, type Plan } from '../plan.ts';
import type { BodyRow, OutboxRow } from '../ports.ts';
import type { Sealing } from '../sealing-port.ts';
import { assessCertificates } from './assess-certificates.ts';

export type LateWrapTools = Readonly<{
  sealing: Sealing;
  parkedFor: (readerId: string) => Promise<readonly OutboxRow[]>;
  body: (bodyId: string) => Promise<BodyRow | undefined>;
  /**
   * Whether the keyholder itself made this row (P5). Without it, whoever can write the database could park a row that
   * names anybody's body for a reader of their own, and have it wrapped.
   */
  isPermitted: (row: OutboxRow) => Promise<boolean>;
  /** The session key out of a body's home packet (K4). */
  openHome: (body: BodyRow) => Promise<SessionKey>;
}>;

/**
 * K4: a parked reader whose certificate is usable again gets one more wrap of what they missed. Authority is checked
 * as of now (standing, certificate) and of the message: only rows that were made for them when it was sealed.
 */
export async function wrapLate(
  readerId: string,
  desk: Desk,
  tools: LateWrapTools,
): Promise<Plan | undefined> {
  const { usable: certificates } = await assessCertificates(
    certificatesOf(readerId, desk),
    desk,
    tools.sealing,
  );
  if (certificates.length === 0) return undefined;
  const updates: { row: OutboxRow; body: BodyRow }[] = [];
  for (const row of await tools.parkedFor(readerId)) {
    const body = row.content.kind === 'copy' ? await tools.body(row.content.bodyId) : undefined;
    if (!body || row.content.kind !== 'copy' || !(await tools.isPermitted(row))) continue;
    const sealed = tools.sealing.rejoin(body.tails, await tools.openHome(body));
    const wrapped = await tools.sealing.wrap(sealed, certificates, desk.now);
    updates.push({ row: { ...row, state: 'queued', content: { ...row.content, ...wrapped } }, body });
  }
  if (updates.length === 0) return undefined;
  return {
    ...emptyPlan,
    events: [{ kind: 'copies-wrapped-late', reader: readerId, outboxIds: updates.map(({ row }) => row.id) }],
    outboxUpdates: updates,
  };
}

function certificatesOf(readerId: string, desk: Desk): readonly Certificate[] {
  const person = desk.knowledge.roster.representatives.get(readerId);
  if (person) return mayRead(person, desk.now) ? currentCertificates(person, desk.now) : [];
  for (const { reporter, guests } of desk.knowledge.cases.values()) {
    if (reporter?.id === readerId && reporter.certificate) return [reporter.certificate];
    const guest = guests.find((one) => one.id === readerId && one.effectiveFrom <= desk.now);
    if (guest) return [guest.certificate];
  }
  return [];
}
