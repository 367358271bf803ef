/**
 * The lists' two kinds of key (K1): mail keys, published, that open reports and sign copies; storage keys, one per list
 * and month, never published. What came under one is never opened with the other: they have separate functions.
 */
import type { Certificate } from '../../../membership/certificate.ts';
import type { AskSessionKey } from '../../../message/open/opened.ts';
import type { Epoch, Sealed } from '../../../message/ports.ts';
import { type Duration, type Instant, minute } from '../../../time/instant.ts';
import { ownEncryptionKeys } from '../own-certificate.ts';
import { generateKey } from '../private/generate-key.ts';
import { openAtRest, rewrapAtRest } from '../private/open-at-rest.ts';
import { type DecryptionKey, type PrivateKey, readPrivateKey } from '../private/private-key.ts';
import { signDetached } from '../private/sign-detached.ts';
import { bearsCertificationOf, certifiedBy, revokedCertificate } from '../private/succeed-key.ts';
import { sessionKeyFromPackets } from '../private/unwrap-session-key.ts';
import type { SignAsList } from '../seal-body.ts';
import type { KeyDirectory } from './key-directory.ts';
import { keyringError } from './keyring-error.ts';
import { checkedEpoch } from './record-keys.ts';

export type ListKeys = Readonly<{
  createList: (list: string, address: string, now: Instant) => Promise<Certificate>;
  /** Mail certificates by list; oldest first when a list has several. Which one is current, the journal says. */
  lists: () => readonly Readonly<{ list: string; certificate: Certificate }>[];
  listKeyIds: () => readonly string[];
  /** Takes in the lists that another keyholder added to the same directory. */
  reload: () => Promise<void>;
  /**
   * The list's next mail key: made, or taken from a try that came to nothing. `known`: the keys that the journal names.
   * Certified by `previous`, or, where that may be in other hands, by nobody but itself.
   */
  nextMailKey: (task: NextMailKey) => Promise<Certificate>;
  /** Certificates of these keys of a list, each with its revocation, binary. */
  revoke: (list: string, fingerprints: readonly string[], now: Instant) => Promise<readonly Uint8Array[]>;
  /** From memory at once, then from the disk. */
  destroyMailKeys: (list: string, fingerprints: readonly string[]) => Promise<void>;
  ensureEpoch: (list: string, epoch: Epoch, now: Instant) => Promise<Certificate>;
  openInbox: (list: string, epoch: Epoch, sealed: Uint8Array) => Promise<Uint8Array>;
  /** The same mail under another month's key: its session key is wrapped again, its body stays as it is. */
  rewrapInbox: (
    mail: Readonly<{ list: string; from: Epoch; into: Epoch; sealed: Uint8Array }>,
  ) => Promise<Sealed>;
  /** The storage keys of all lists for that month. */
  forgetStorageKeys: (epoch: Epoch) => Promise<void>;
  sessionKey: AskSessionKey;
  sign: SignAsList;
}>;

export type NextMailKey = Readonly<{
  list: string;
  address: string;
  previous: string;
  known: readonly string[];
  certified: boolean;
  now: Instant;
}>;

/** A step that is decided again, or a restart, takes less; a thief who is noticed has had longer. */
const freshAfterTheft: Duration = 10 * minute;

type MailKey = Readonly<{ list: string; key: PrivateKey }>;

export async function readListKeys(directory: KeyDirectory): Promise<ListKeys> {
  let mailKeys: readonly MailKey[] = await readMailKeys(directory);
  const storageKeys = new Map<string, PrivateKey>();

  async function storageKey(list: string, epoch: Epoch): Promise<PrivateKey | undefined> {
    const name = storageName(list, epoch);
    const known = storageKeys.get(name);
    if (known !== undefined) return known;
    const bytes = await directory.read(name);
    if (bytes === undefined) return undefined;
    const key = await readPrivateKey(bytes);
    storageKeys.set(name, key);
    return key;
  }

  /** The oldest where none is named: a list whose key was never replaced may have a spare one (K6). */
  function mailKey(list: string, fingerprint: string | undefined): PrivateKey {
    const named = (one: PrivateKey) =>
      fingerprint === undefined || one.certificate.fingerprint === fingerprint;
    const mail = mailKeys.find((one) => one.list === list && named(one.key));
    if (mail !== undefined) return mail.key;
    throw keyringError(
      'key-missing',
      fingerprint === undefined
        ? `The list ${list} has no mail key. Add it with \`embargod list add\`.`
        : `The mail key ${fingerprint} of ${list} is not in the key directory: bring it back with \`embargod key import\`, or from where it lies.`,
    );
  }

  return {
    createList: async (list, address, now) => {
      if (mailKeys.some((mail) => mail.list === list)) {
        throw keyringError('list-exists', `The list ${list} has a mail key already.`);
      }
      const folder = listFolder(list);
      const { secret, key } = await generateKey({ name: list, address }, now);
      await directory.readOrCreate(`${folder}/mail-${key.certificate.fingerprint}`, () => secret);
      mailKeys = [...mailKeys, { list, key }];
      return key.certificate;
    },
    lists: () => mailKeys.map(({ list, key }) => ({ list, certificate: key.certificate })),
    reload: async () => {
      mailKeys = await readMailKeys(directory);
    },
    nextMailKey: async ({ list, address, previous, known, certified, now }) => {
      mailKeys = await readMailKeys(directory);
      const old = mailKey(list, previous);
      // Made, and then another keyholder was faster or we died: nobody has seen it, so it is spare and not litter.
      const spare = mailKeys.find(
        ({ list: of, key }) =>
          of === list &&
          !known.includes(key.certificate.fingerprint) &&
          bearsCertificationOf(key, old) === certified &&
          // Attack: whoever took the key directory has what lay in it, spare keys too.
          (certified || now - key.certificate.createdAt < freshAfterTheft),
      );
      if (spare !== undefined) return spare.key.certificate;
      const { secret, key } = await generateKey({ name: list, address }, now);
      const kept = certified ? await certifiedBy(old, key, now) : secret;
      await directory.readOrCreate(`${listFolder(list)}/mail-${key.certificate.fingerprint}`, () => kept);
      const made = await readPrivateKey(kept);
      mailKeys = [...mailKeys, { list, key: made }];
      return made.certificate;
    },
    revoke: (list, fingerprints, now) =>
      Promise.all(fingerprints.map((one) => revokedCertificate(mailKey(list, one), now))),
    destroyMailKeys: async (list, fingerprints) => {
      mailKeys = mailKeys.filter(
        (mail) => mail.list !== list || !fingerprints.includes(mail.key.certificate.fingerprint),
      );
      for (const one of fingerprints) await directory.destroy(`${listFolder(list)}/mail-${one}`);
    },
    listKeyIds: () => decryptionKeys(mailKeys).map((key) => key.public.keyId),
    ensureEpoch: async (list, epoch, now) => {
      const there = await storageKey(list, epoch);
      if (there !== undefined) return there.certificate;
      const { secret } = await generateKey({ name: `${list} storage ${epoch}` }, now);
      const kept = await readPrivateKey(await directory.readOrCreate(storageName(list, epoch), () => secret));
      storageKeys.set(storageName(list, epoch), kept);
      return kept.certificate;
    },
    openInbox: async (list, epoch, sealed) => {
      const key = await storageKey(list, epoch);
      if (key !== undefined) return openAtRest(sealed, key);
      throw keyringError(
        'key-missing',
        `The storage key of ${list} for ${epoch} is not in the key directory.`,
      );
    },
    rewrapInbox: async ({ list, from, into, sealed }) => {
      const [old, fresh] = [await storageKey(list, from), await storageKey(list, into)];
      if (old === undefined || fresh === undefined) {
        throw keyringError('key-missing', `The storage key of ${list} for ${from} or ${into} is missing.`);
      }
      return rewrapAtRest(sealed, old, ownEncryptionKeys(fresh.certificate.bytes));
    },
    forgetStorageKeys: async (epoch) => {
      for (const folder of await directory.names('lists')) {
        const name = storageName(folder.replace(/\/$/, ''), epoch);
        storageKeys.delete(name);
        await directory.destroy(name);
      }
    },
    // M6: a report to one list may be encrypted to the other's key.
    sessionKey: async (packets) => {
      const found = sessionKeyFromPackets(packets, decryptionKeys(mailKeys));
      if (found === undefined) return undefined;
      return { sessionKey: found.sessionKey, keyId: found.key.public.keyId, list: found.key.list };
    },
    sign: async ({ list, fingerprint }, content, now) =>
      signDetached(mailKey(list, fingerprint), content, now),
  };
}

function decryptionKeys(
  mailKeys: readonly MailKey[],
): readonly (DecryptionKey & Readonly<{ list: string }>)[] {
  return mailKeys.flatMap(({ list, key }) => key.decryptionKeys.map((one) => ({ ...one, list })));
}

async function readMailKeys(directory: KeyDirectory): Promise<MailKey[]> {
  const mailKeys: MailKey[] = [];
  for (const folder of await directory.names('lists')) {
    const list = folder.replace(/\/$/, '');
    for (const name of await directory.names(`lists/${list}`)) {
      const bytes = name.startsWith('mail-') ? await directory.read(`lists/${list}/${name}`) : undefined;
      if (bytes !== undefined) mailKeys.push({ list, key: await readPrivateKey(bytes) });
    }
  }
  return mailKeys.sort((a, b) => a.key.certificate.createdAt - b.key.certificate.createdAt);
}

/** List names become folder names. */
function listFolder(list: string): string {
  if (/^[a-z0-9](?:[a-z0-9-]{0,62})$/.test(list)) return `lists/${list}`;
  throw keyringError('bad-name', 'A list name has small letters, digits and hyphens only.');
}

function storageName(list: string, epoch: Epoch): string {
  return `${listFolder(list)}/storage-${checkedEpoch(epoch)}`;
}
