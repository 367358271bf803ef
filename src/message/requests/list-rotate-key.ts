import { type Duration, day, formatInstant, later } from '../../time/instant.ts';
import type { Desk } from '../desk.ts';
import type { Event } from '../journal/event.ts';
import { announceListKey } from '../list-key/announce-list-key.ts';
import { askForProof } from '../prove/ask-for-proof.ts';
import { done, type Execute, type NextListKey, refused } from './execution.ts';
import type { Request } from './request.ts';

/** K6: how long the old key still opens mail that was under way, or written by somebody who had not heard. */
export const mailKeyGrace: Duration = 30 * day;

/**
 * Replaces a list's mail key. The new one is made before this is decided and the old one is destroyed after it has
 * committed; between the two stands the journal's word, and nothing else says which key signs.
 */
export const listRotateKey: Execute<Extract<Request, { kind: 'list-rotate-key' }>> = async (
  { name, compromised },
  desk,
  tools,
) => {
  const list = desk.knowledge.roster.lists.get(name);
  if (list?.kind !== 'private') return refused(`There is no private list ${name}. See: embargod list show`);
  const next = await tools.nextListKey(list, compromised);
  const announced = announceListKey({ list: name, next, compromised, opensUntil: graceEnds(desk) }, desk);
  return compromised ? afterTheft(name, next, announced, desk) : inTime(name, next, announced, desk);
};

type Announced = ReturnType<typeof announceListKey>;

function inTime(list: string, next: NextListKey, outgoing: Announced, desk: Desk) {
  const { fingerprint, previous } = next;
  const opensUntil = graceEnds(desk);
  return done(
    [
      `${list} signs with ${fingerprint} from now on; ${announcedTo(outgoing)}`,
      `${previous} opens mail until ${formatInstant(opensUntil)}, and is destroyed then.`,
    ],
    { list, fingerprint, previous, opensUntil: formatInstant(opensUntil), compromised: false },
    { events: [{ kind: 'list-key-replaced', list, fingerprint, previous, opensUntil }], outgoing },
  );
}

function afterTheft(list: string, next: NextListKey, announced: Announced, desk: Desk) {
  const { fingerprint, previous, revoked } = next;
  const asked = askForProof(list, fingerprint, desk);
  const events: readonly Event[] = [
    { kind: 'list-key-replaced', list, fingerprint, previous, opensUntil: desk.now },
    ...revoked.map((one) => ({ kind: 'list-key-revoked', list, ...one }) as const),
    ...asked.events,
  ];
  return done(
    [
      `${list} signs with ${fingerprint} from now on; ${announcedTo(announced)}`,
      ...revoked.map((one) => `${one.fingerprint} is revoked and destroyed: it opens nothing any more.`),
      'Tell people the new fingerprint by another way too: no signature proves it to those who had the old key.',
      `${asked.obligationsOpened.length} administrators are asked to prove their keys within 72 hours.`,
    ],
    {
      list,
      fingerprint,
      previous,
      opensUntil: null,
      compromised: true,
      revoked: revoked.map((one) => one.fingerprint),
    },
    {
      events,
      outgoing: [...announced, ...asked.outgoing],
      obligationsOpened: asked.obligationsOpened,
    },
  );
}

function graceEnds({ now }: Desk) {
  return later(now, mailKeyGrace);
}

function announcedTo(outgoing: Announced): string {
  const readers = outgoing.reduce((sum, { readers }) => sum + readers.length, 0);
  return readers === 0
    ? 'there is nobody to tell yet.'
    : `${readers} readers are told now, with the new key.`;
}
