import { formatInstant, later } from '../../time/instant.ts';
import type { Desk } from '../desk.ts';
import type { Event } from '../journal/event.ts';
import { announceListKey } from '../list-key/announce-list-key.ts';
import { mailKeyGrace } from '../list-key/mail-key-grace.ts';
import type { DoorRow, Epoch } from '../ports.ts';
import { askForProof } from '../prove/ask-for-proof.ts';
import { done, type Execute, type NextListKey, refused } from './execution.ts';
import type { Request } from './request.ts';

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
  if (!compromised) return inTime(name, next, announced, desk);
  // K6: whoever had the one key may have had the others; what a stolen copy of the database rests under goes too.
  const ended = await tools.epochsInUse();
  const doors = await tools.renewDoors(ended);
  return afterTheft({ list: name, next, announced, ended, doors }, desk);
};

type Announced = ReturnType<typeof announceListKey>;
type Theft = Readonly<{
  list: string;
  next: NextListKey;
  announced: Announced;
  ended: readonly Epoch[];
  doors: readonly DoorRow[];
}>;

function inTime(list: string, next: NextListKey, outgoing: Announced, desk: Desk) {
  const { fingerprint, previous } = next;
  const opensUntil = graceEnds(desk);
  return done(
    [
      `${list} signs with ${fingerprint} from now on; ${announcedTo(outgoing)}`,
      `${previous} opens mail until ${formatInstant(opensUntil)}, and is destroyed then.`,
      'Publish the new one, export the keys again (embargod key export), and have members change the fingerprint in their mail programs.',
    ],
    { list, fingerprint, previous, opensUntil: formatInstant(opensUntil), compromised: false },
    { events: [{ kind: 'list-key-replaced', list, fingerprint, previous, opensUntil }], outgoing },
  );
}

function afterTheft({ list, next, announced, ended, doors }: Theft, desk: Desk) {
  const { fingerprint, previous, revoked } = next;
  const asked = askForProof(list, fingerprint, desk);
  const events: readonly Event[] = [
    { kind: 'list-key-replaced', list, fingerprint, previous, opensUntil: desk.now },
    ...revoked.map((one) => ({ kind: 'list-key-revoked', list, ...one }) as const),
    { kind: 'epochs-ended', epochs: ended, at: desk.now },
    ...asked.events,
  ];
  return done(
    [
      `${list} signs with ${fingerprint} from now on; ${announcedTo(announced)}`,
      ...revoked.map((one) => `${one.fingerprint} is revoked and destroyed: it opens nothing any more.`),
      'All storage and record keys are replaced too; what rested under them is wrapped to the new ones.',
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
      epochsEnd: ended,
      doors,
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
