import type { Desk } from '../desk.ts';
import type { PermittedMail } from '../plan.ts';
import type { OutboxRow } from '../ports.ts';
import { returnPathOf } from './return-path.ts';
import type { SealPlanTools } from './sealing-tools.ts';

/** The row of a mail in clear: sealed to `sender` before anything is written (I2); the permit names it (P5, R3). */
export async function permittedRow(
  { list, caseNumber, messageId, recipient, mail }: PermittedMail,
  permitId: string,
  desk: Desk,
  tools: SealPlanTools,
): Promise<OutboxRow> {
  const id = desk.chance.uuid();
  return {
    id,
    list,
    caseNumber,
    recipient,
    // A bounce would bring the text back; it comes to intake, which seals it.
    returnPath: returnPathOf(id, list, desk),
    state: 'queued',
    permitId,
    content: { kind: 'permitted', messageId, sealed: await tools.sealToSender(mail, desk.now) },
  };
}
