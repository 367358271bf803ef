import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';

/** One mail as it came to the sink. Ids sort by the moment of arrival. */
export type SinkMail = Readonly<{ id: string; receivedAt: Date; raw: Buffer }>;

/** Mailboxes in a folder, one folder each, one file a mail: they outlive a restart and can be read by hand. */
export type SinkStore = Readonly<{
  deliver: (recipient: string, raw: Buffer, receivedAt: Date) => Promise<void>;
  mailboxes: () => Promise<readonly Readonly<{ address: string; ids: readonly string[] }>[]>;
  /** Newest first. */
  list: (address: string) => Promise<readonly string[]>;
  read: (address: string, id: string) => Promise<SinkMail | undefined>;
}>;

const idPattern = /^(\d{13})-[0-9a-f]{16}$/;

export function openSinkStore(directory: string): SinkStore {
  // Encoded whole, so that no address can name a place outside the folder.
  const folder = (address: string) =>
    join(directory, Buffer.from(address.toLowerCase()).toString('base64url'));
  const list = async (address: string) => {
    const names = await readdir(folder(address)).catch(() => []);
    return names
      .filter((name) => idPattern.test(name))
      .sort()
      .reverse();
  };
  return {
    list,
    deliver: async (recipient, raw, receivedAt) => {
      await mkdir(folder(recipient), { recursive: true, mode: 0o700 });
      const name = `${String(receivedAt.getTime()).padStart(13, '0')}-${randomBytes(8).toString('hex')}`;
      const file = await open(join(folder(recipient), `.${name}`), 'wx', 0o600);
      try {
        await file.writeFile(raw);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(join(folder(recipient), `.${name}`), join(folder(recipient), name));
    },
    mailboxes: async () => {
      const names = await readdir(directory).catch(() => []);
      const addresses = names.map((name) => Buffer.from(name, 'base64url').toString('utf8'));
      return Promise.all(addresses.sort().map(async (address) => ({ address, ids: await list(address) })));
    },
    read: async (address, id) => {
      const at = idPattern.exec(id)?.[1];
      if (at === undefined) return undefined;
      const raw = await readFile(join(folder(address), id)).catch(() => undefined);
      return raw && { id, receivedAt: new Date(Number(at)), raw };
    },
  };
}
