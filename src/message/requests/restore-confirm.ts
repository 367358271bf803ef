import { formatInstant } from '../../time/instant.ts';
import type { Event } from '../journal/event.ts';
import { administratorWord } from '../restore/administrator-word.ts';
import { isFrozen, type RestorePart, restoreParts } from '../restore/restored.ts';
import { tellOfRestore } from '../restore/tell-of-restore.ts';
import { done, type Execute, refused } from './execution.ts';
import type { RestoreConfirm } from './request.ts';

/**
 * T6: one of the three things that people must look at before a restored database acts. The outbox is the last, since
 * what is sent again goes to the readers of then; with it everything runs again, and the members are told.
 */
export const restoreConfirm: Execute<RestoreConfirm> = async (request, desk, tools) => {
  const { restored } = desk.knowledge;
  if (!restored || !isFrozen(desk.knowledge)) {
    return refused('Nothing is frozen: no restore waits for a confirmation.');
  }
  const { part } = request;
  if (restored.confirmed.has(part)) return refused(`${part} is confirmed already.`);
  const before = restoreParts.filter((one) => one !== 'outbox' && !restored.confirmed.has(one));
  if (part === 'outbox' && before.length > 0) {
    return refused(`Confirm ${before.join(' and ')} first: embargod restore show says what to look at.`);
  }
  const signed = request.signed === undefined ? undefined : await tools.readSigned(request.signed);
  if (request.signed !== undefined && !signed) return refused(notSigned);
  const word = administratorWord(part, { restored, signed }, desk);
  if (word.kind === 'missing') return refused(word.why);
  const confirmed: Event = {
    kind: 'restore-confirmed',
    generation: restored.generation,
    part,
    by: word.kind === 'given' ? word.by : undefined,
    at: desk.now,
  };
  const left = restoreParts.filter((one) => one !== part && !restored.confirmed.has(one));
  if (request.part !== 'outbox')
    return done(stillFrozen(part, left), { part, left }, { events: [confirmed] });
  const { uncertain } = request;
  const rows = await tools.uncertainRows();
  const what = uncertain === 'cancel' ? 'cancelled' : 'queued again';
  return done(
    [
      `${rows.length} uncertain rows are ${what}. The server works again, and the members are told of the restore.`,
    ],
    { part, left, uncertain, rows: rows.length, thawedAt: formatInstant(desk.now) },
    { events: [confirmed], uncertain, outgoing: tellOfRestore(restored, uncertain, desk) },
  );
};

const notSigned =
  'The file holds no text with a good signature of anybody we know: make it with gpg --clearsign, and give it as it is.';

function stillFrozen(part: RestorePart, left: readonly RestorePart[]): readonly string[] {
  return [`${part} is confirmed. Still to be confirmed: ${left.join(', ')}.`];
}
