/** Debian and SUSE on linux-distros, a researcher outside, and reports of many formats sent at once. */
import assert from 'node:assert/strict';
import { type FoundedList, foundedList, type Person } from './founded-list.ts';
import { type CopyInside, type OwnReader, ownReader } from './own-reader.ts';
import { bytes, listAddress } from './report-formats.ts';

export type FormatStory = Readonly<{
  list: FoundedList;
  alice: Person;
  robin: Person;
  /** Each with their own key alone. */
  readers: Readonly<Record<'alice@debian.example' | 'bob@suse.example', OwnReader>>;
  /** Sends each, then works all off. */
  tell: (mails: readonly Readonly<{ from: string; to?: string; raw: string }>[]) => Promise<void>;
  /** What a member had of the mail with that id, as their own gpg reads it, fingerprints named, and how it looked outside. */
  copy: (
    reader: keyof FormatStory['readers'],
    id: string,
  ) => Promise<CopyInside & Readonly<{ outside: string }>>;
  close: () => Promise<void>;
}>;

export async function formatStory(): Promise<FormatStory> {
  const list = await foundedList({ lists: ['linux-distros', 'distros'] });
  const alice = await list.person('Alice', 'alice@debian.example', 'ed25519');
  const bob = await list.person('Bob', 'bob@suse.example', 'rsa2048');
  const robin = await list.person('Robin', 'robin@researcher.example', 'nistp256');
  await list.join('Debian', 'linux-distros', alice);
  await list.join('SUSE', 'linux-distros', bob);
  const readers = {
    'alice@debian.example': await ownReader(list, [alice.fingerprint]),
    'bob@suse.example': await ownReader(list, [bob.fingerprint]),
  };
  return {
    list,
    alice,
    robin,
    readers,
    tell: async (mails) => {
      for (const { from, to = listAddress, raw } of mails) {
        assert.match(await list.send({ from, to: [to], raw: bytes(raw) }), /^250 /);
      }
      await list.settle();
    },
    copy: async (reader, id) => {
      // M3: the author's own id is the last of References.
      const named = `<${id}@mail.example>\r\nList-Id:`;
      const copies = list.mailFor(reader).filter((mail) => mail.raw.includes(named));
      assert.equal(copies.length, 1, `one copy of ${id} for ${reader}`);
      const [mail] = copies;
      const inside = await readers[reader].read(mail);
      const ourPart = inside.ourPart
        .replaceAll(alice.fingerprint, 'OF-ALICE')
        .replaceAll(robin.fingerprint, 'OF-ROBIN');
      return { ...inside, ourPart, outside: mail?.raw ?? '' };
    },
    close: async () => {
      await Promise.all(Object.values(readers).map((reader) => reader.remove()));
      await list.close();
    },
  };
}
