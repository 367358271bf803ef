/**
 * A reader with a GnuPG home of their own: their secret key, the list's public key, and nothing else. Reads a copy as
 * people do by hand, with `gpg -d` on the mail as it was saved, and takes the inside apart without our own parser.
 */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FoundedList } from './founded-list.ts';
import { type Gnupg, makeGnupg } from './gnupg.ts';
import type { SunkMail } from './mail-sink.ts';

/** Bytes as they were encrypted; text in them is latin1, one character a byte. */
export type CopyInside = Readonly<{
  /** The protected header, unfolded. */
  header: string;
  /** Our part's text, each label's value on one line. */
  ourPart: string;
  /** What stands behind our part: the author's entity, then what was opened for members. */
  parts: readonly Buffer[];
  /** All that `gpg -d` prints, in UTF-8. */
  whole: string;
}>;

export type OwnReader = Readonly<{
  gpg: Gnupg;
  /** Fails the test unless gpg opens it and the list's own key signed it. */
  read: (mail: SunkMail | undefined, list?: string) => Promise<CopyInside>;
  /** Whether gpg could open it at all. */
  opens: (mail: SunkMail) => Promise<boolean>;
  /** The primary key whose signature over `data` gpg calls good; fails the test when there is none. */
  verify: (signature: Buffer, data?: Buffer) => Promise<string>;
  remove: () => Promise<void>;
}>;

/** `keys`: fingerprints in the story's keyring; one with `!` behind it is that encryption subkey without its sisters. */
export async function ownReader(story: FoundedList, keys: readonly string[]): Promise<OwnReader> {
  const gpg = await makeGnupg();
  for (const key of keys) {
    const exported = await story.gpg.run([
      key.endsWith('!') ? '--export-secret-subkeys' : '--export-secret-keys',
      key,
    ]);
    await gpg.importKey(exported.stdout);
  }
  await gpg.importKey((await story.gpg.run(['--export', '@lists.example.org'])).stdout);
  const primaryOf = async (address: string) => {
    const listing = (await gpg.run(['--with-colons', '--list-keys', `<${address}>`])).stdout;
    return /^fpr:+([0-9A-F]+):/m.exec(Buffer.from(listing).toString())?.[1];
  };
  return {
    gpg,
    read: async (mail, list = 'linux-distros') => {
      assert.ok(mail, 'there is a copy');
      const { stdout, status, stderr, code } = await gpg.decrypt(Buffer.from(mail.raw, 'latin1'));
      assert.equal(code, 0, stderr);
      const signers = status
        .filter((line) => line.startsWith('VALIDSIG'))
        .map((line) => line.split(' ').at(-1));
      assert.deepEqual(signers, [await primaryOf(`${list}@lists.example.org`)], 'signed by the list, once');
      return takeApart(Buffer.from(stdout));
    },
    opens: async (mail) => (await gpg.decrypt(Buffer.from(mail.raw, 'latin1'))).code === 0,
    verify: async (signature, data) => {
      const [signed, content] = [join(gpg.home, 'signed'), join(gpg.home, 'content')];
      await writeFile(signed, signature);
      if (data) await writeFile(content, data);
      const { status, stderr } = await gpg.run(['--verify', signed, ...(data ? [content] : [])]);
      const valid = status.find((line) => line.startsWith('VALIDSIG'));
      assert.ok(valid, stderr);
      return valid.split(' ').at(-1) ?? '';
    },
    remove: gpg.remove,
  };
}

/** A multipart entity: its header unfolded, and its parts exactly. */
export function splitParts(entity: Buffer): Readonly<{ header: string; parts: readonly Buffer[] }> {
  const text = entity.toString('latin1');
  const header = text.slice(0, text.indexOf('\r\n\r\n')).replace(/\r\n[ \t]+/g, ' ');
  const boundary = /^content-type:.*boundary="?([^";\r\n]+)/im.exec(header)?.[1];
  assert.ok(boundary, `it has parts: ${header}`);
  const end = text.lastIndexOf(`\r\n--${boundary}--`);
  assert.ok(end > 0, 'it ends');
  const pieces = text.slice(0, end).split(`\r\n--${boundary}\r\n`).slice(1);
  return { header, parts: pieces.map((piece) => Buffer.from(piece, 'latin1')) };
}

function takeApart(inside: Buffer): CopyInside {
  const { header, parts } = splitParts(inside);
  const [first, ...rest] = parts;
  const [ourHeader = '', ...ourPart] = (first?.toString() ?? '').replaceAll('\r\n', '\n').split('\n\n');
  // M2: a person who reads by hand reads it first, and reads it as it stands.
  assert.match(ourHeader, /^content-type: text\/plain; charset=utf-8\ncontent-transfer-encoding: [78]bit\n/i);
  const text = ourPart.join('\n\n').replace(/\n {2,}/g, ' ');
  return { header, ourPart: text, parts: rest, whole: inside.toString() };
}
