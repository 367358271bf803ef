/** A real installation with one list, its readers and one reporter: what tests of real processes begin with. */
import { Client } from 'pg';
import { type Installation, type InstallationOptions, makeInstallation } from './installation.ts';
import { superuserOf } from './installation-database.ts';
import type { SunkMail } from './mail-sink.ts';
import type { Started } from './real-server.ts';

export const reporter = 'robin@researcher.example';
export const listName = 'linux-distros';

export type SmallCommunity = Readonly<{
  here: Installation;
  server: () => Started;
  readers: readonly string[];
  /** A report under that name; gives the answer to its final dot. */
  report: (id: string) => Promise<string>;
  /** The same until it is taken, as a mail server does. */
  reportUntilTaken: (id: string) => Promise<void>;
  copiesFor: (reader: string) => readonly SunkMail[];
  /** As superuser of the private database, for looking. */
  query: (sql: string) => Promise<readonly Record<string, unknown>[]>;
  close: () => Promise<void>;
}>;

export type CommunityOptions = InstallationOptions &
  Readonly<{
    readers?: number;
    /** Between `init` and the first start. */
    prepare?: (here: Installation) => Promise<void>;
  }>;

export async function smallCommunity(options: CommunityOptions = {}): Promise<SmallCommunity> {
  const { readers: count = 1, prepare, ...rest } = options;
  const here = await makeInstallation({ init: ['--unprotected-keys', '--shared-user'], ...rest });
  await here.configure('[retry]\n', '[retry]\nfirst = "1s"\n');
  await here.configure(
    '[limits]\n',
    '[limits]\nmessages_per_minute = 100000\nconnections_per_address = 1000\n',
  );
  await prepare?.(here);
  const server = await here.run();
  const readers = Array.from({ length: count }, (_, index) => `reader${index}@member${index}.example`);
  await here.order('list', 'add', listName, '--preset', listName);
  for (const [index, address] of readers.entries()) {
    const certificate = await here.person(address, address);
    await here.order('member', 'add', `member ${index}`, '--list', listName);
    await here.order('representative', 'add', `member ${index}`, address, '--certificate', certificate);
  }
  await here.gpg.importKey(await here.order('list', 'key', listName));
  await here.person('Robin', reporter);
  const report = (id: string) => here.report(reporter, `[vs] ${id}`, id).catch(() => '');
  return {
    here,
    server: () => server,
    readers,
    report,
    reportUntilTaken: async (id) => {
      while (!(await report(id)).startsWith('250')) await new Promise((resolve) => setTimeout(resolve, 50));
    },
    copiesFor: (reader) => here.sink.mails().filter(({ recipient }) => recipient === reader),
    query: async (sql) => {
      const superuser = new Client(await superuserOf(here.data));
      await superuser.connect();
      try {
        return (await superuser.query(sql)).rows;
      } finally {
        await superuser.end();
      }
    },
    close: async () => {
      await server.stop();
      await here.close();
    },
  };
}
