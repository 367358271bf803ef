/** A running list with members whose keys real gpg made: what most stories begin with. */

import type { PresetName } from '../../src/message/requests/request.ts';
import { loadPreset } from '../../src/run/config/load-preset.ts';
import { address } from './community.ts';
import { type Gnupg, type GnupgResult, type KeyKind, makeGnupg } from './gnupg.ts';
import type { SunkMail } from './mail-sink.ts';
import { listDomain, type RunningList, type RunningListOptions, runningList } from './running-list.ts';

/** Somebody with a key in the story's keyring. */
export type Person = Readonly<{ name: string; address: string; fingerprint: string }>;

export type FoundedList = RunningList &
  Readonly<{
    /** One keyring for everybody in the story: who signs is named, who reads is asked by `read`. */
    gpg: Gnupg;
    person: (name: string, address: string, kind: KeyKind, expiry?: string) => Promise<Person>;
    /** Adds a member with one representative. */
    join: (member: string, list: string, person: Person) => Promise<void>;
    publicKey: (person: Person) => Promise<string>;
    /** Encrypts and signs with gpg as that person, armoured, to a list's key. */
    sealTo: (list: string, content: string | Uint8Array, signer?: Person) => Promise<string>;
    /** Opens a copy with gpg and checks the list's signature; fails the test if either fails. */
    read: (mail: SunkMail) => Promise<GnupgResult & Readonly<{ text: string }>>;
  }>;

export type Founding = RunningListOptions &
  Readonly<{ lists?: readonly PresetName[]; settings?: Readonly<Record<string, string>> }>;

/** Lists by their presets, nobody in them yet. `close` removes everything. */
export async function foundedList(founding: Founding = {}): Promise<FoundedList> {
  const gpg = await makeGnupg();
  const list = await runningList(founding);
  for (const name of founding.lists ?? ['linux-distros']) {
    const settings = { ...(await loadPreset(name)), name, ...founding.settings };
    const answer = await list.order({ kind: 'list-add', settings });
    if (settings.kind === 'public') continue;
    const key = await list.order({ kind: 'list-key', name });
    await gpg.importKey(key.text.join('\n'));
    if (answer.kind !== 'done') throw new Error('unreachable');
  }
  const publicKey = async (person: Person) =>
    Buffer.from(await gpg.exportPublic(person.fingerprint, true)).toString();
  return {
    ...list,
    gpg,
    publicKey,
    person: async (name, mailbox, kind, expiry) => ({
      name,
      address: mailbox,
      fingerprint: await gpg.generate(kind, `${name} <${mailbox}>`, expiry),
    }),
    join: async (member, name, person) => {
      const known = await list.order({ kind: 'member-list' });
      if (!JSON.stringify(known.data).includes(`"name":"${member}"`)) {
        await list.order({ kind: 'member-add', name: member, lists: [name], products: [] });
      }
      const certificate = await publicKey(person);
      await list.order({ kind: 'representative-add', member, address: address(person.address), certificate });
    },
    sealTo: async (name, content, signer) => {
      const signing = signer ? ['--sign', '-u', signer.fingerprint] : [];
      const recipient = `${name}@${listDomain}`;
      return Buffer.from(await gpg.encrypt(content, [recipient], ['--armor', ...signing])).toString();
    },
    read: async (mail) => {
      const armour = /-----BEGIN PGP MESSAGE-----[\s\S]*-----END PGP MESSAGE-----/.exec(mail.raw)?.[0];
      if (!armour) throw new Error(`The mail for ${mail.recipient} holds no OpenPGP message:\n${mail.raw}`);
      const result = await gpg.decrypt(armour);
      const good = result.status.some((line) => line.startsWith('GOODSIG'));
      if (result.code !== 0 || !good) throw new Error(`gpg could not read it:\n${result.stderr}`);
      return { ...result, text: Buffer.from(result.stdout).toString() };
    },
    close: async () => {
      await list.close();
      await gpg.remove();
    },
  };
}
