import type { MailKeys } from '../../membership/mail-keys.ts';
import type { Roster } from '../../membership/roster.ts';
import type { Event } from '../journal/event.ts';
import { decodeEvent, encodeEvent } from '../journal/event-codec.ts';

/**
 * What lists' mail keys had come to, by list, each as the event that says so again. A key that was replaced signs nothing
 * after a restore either, a stolen one is still revoked in public, and no list looks for a key that was destroyed (I12).
 */
export type KeyMemory = Readonly<Record<string, string>>;

export function rememberingKeys(before: KeyMemory, { mailKeys }: Pick<Roster, 'mailKeys'>): KeyMemory {
  const now = [...mailKeys].map(([list, keys]) => [list, written(list, keys)] as const);
  return { ...before, ...Object.fromEntries(now) };
}

/** For each list whose keys the restored journal does not know as well as the memory does. */
export function keysAsRemembered(
  memory: KeyMemory,
  { mailKeys }: Pick<Roster, 'mailKeys'>,
): readonly Event[] {
  return Object.entries(memory).flatMap(([list, text]) => {
    const event = decodeEvent(new TextEncoder().encode(text));
    const restored = mailKeys.get(list);
    if (event.kind !== 'list-keys-remembered' || (restored && written(list, restored) === text)) return [];
    return knowsAllOf(event.keys, restored) ? [event] : [];
  });
}

function written(list: string, keys: MailKeys): string {
  return new TextDecoder().decode(encodeEvent({ kind: 'list-keys-remembered', list, keys }));
}

/** Otherwise the journal is the newer of the two. */
function knowsAllOf(memory: MailKeys, restored: MailKeys | undefined): boolean {
  const known = new Set(namesOf(memory));
  return restored === undefined || namesOf(restored).every((one) => known.has(one));
}

function namesOf({ current, retiring, destroyed }: MailKeys): readonly string[] {
  return [current, ...retiring.map(({ fingerprint }) => fingerprint), ...destroyed];
}
