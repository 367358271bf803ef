import type { Instant } from '../time/instant.ts';

/**
 * A private list's mail keys, as the journal tells of them: it alone says which one signs and is handed out, which ones
 * still open mail in flight, and which are no more. Keys are named by the fingerprints of their certificates. A list
 * whose key was never replaced has no such entry: its oldest key is its current one.
 */
export type MailKeys = Readonly<{
  current: string;
  /** They open mail until they are destroyed, which is not before `opensUntil`. */
  retiring: readonly Readonly<{ fingerprint: string; opensUntil: Instant }>[];
  destroyed: readonly string[];
  /** Binary certificates of stolen keys, each with its revocation: handed out behind the current one. */
  revoked: readonly Uint8Array[];
}>;

/** Lists' names and their keys. */
export type MailKeysOfLists = ReadonlyMap<string, MailKeys>;

export type MailKeyEvent =
  /** `previous` opens mail until `opensUntil` and signs nothing any more. */
  | Readonly<{
      kind: 'list-key-replaced';
      list: string;
      fingerprint: string;
      previous: string;
      opensUntil: Instant;
    }>
  /** It may be in other hands: it opens nothing from here on. `certificate`: binary, with its revocation. */
  | Readonly<{ kind: 'list-key-revoked'; list: string; fingerprint: string; certificate: Uint8Array }>
  /** Its grace is over: every keyholder deletes it. */
  | Readonly<{ kind: 'list-key-destroyed'; list: string; fingerprint: string }>
  /** After a restore (T6): what the keyholder remembers of them, beside the database. */
  | Readonly<{ kind: 'list-keys-remembered'; list: string; keys: MailKeys }>;

export function applyMailKeyEvent(keys: MailKeysOfLists, event: MailKeyEvent): MailKeysOfLists {
  const before = keys.get(event.list);
  return new Map(keys).set(event.list, afterEvent(before, event));
}

function afterEvent(before: MailKeys | undefined, event: MailKeyEvent): MailKeys {
  if (event.kind === 'list-keys-remembered') return event.keys;
  const { fingerprint } = event;
  const known = before ?? { current: fingerprint, retiring: [], destroyed: [], revoked: [] };
  if (event.kind === 'list-key-replaced') {
    const { previous, opensUntil } = event;
    return {
      ...known,
      current: fingerprint,
      retiring: [...known.retiring, { fingerprint: previous, opensUntil }],
    };
  }
  const ended = {
    ...known,
    retiring: known.retiring.filter((one) => one.fingerprint !== fingerprint),
    destroyed: [...known.destroyed, fingerprint],
  };
  return event.kind === 'list-key-revoked'
    ? { ...ended, revoked: [...known.revoked, event.certificate] }
    : ended;
}
