import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sameBytes } from '../../message/journal.ts';
import type { JournalHead } from '../../message/ports.ts';

/**
 * T6: what the keyholder remembers of the journal outside the database. A database that comes back shorter, or other,
 * is an old copy: nothing is sent from it before a person has looked (I12).
 */
export type JournalGuard = Readonly<{
  remembered: () => Promise<JournalHead | undefined>;
  remember: (head: JournalHead) => Promise<void>;
}>;

export class JournalFault extends Error {
  readonly code = 'journal-refused';
}

/** One small file in the keyholder's directory, replaced atomically. */
export function journalGuard(file: string): JournalGuard {
  return {
    remembered: async () => {
      const text = await readFile(file, 'utf8').catch(() => undefined);
      if (text === undefined) return undefined;
      const [generation, size, head] = text.trim().split(' ');
      return { generation: Number(generation), size: Number(size), head: Buffer.from(head ?? '', 'hex') };
    },
    remember: async ({ generation, size, head }) => {
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      const fresh = join(dirname(file), `.journal-head-${process.pid}`);
      const handle = await open(fresh, 'w', 0o600);
      try {
        await handle.writeFile(`${generation} ${size} ${Buffer.from(head).toString('hex')}\n`);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(fresh, file);
    },
  };
}

/** Called at each remembered size while the journal is read; and at its end. Throws JournalFault. */
export function checkAgainst(remembered: JournalHead | undefined, read: JournalHead): void {
  if (!remembered) return;
  if (remembered.generation !== read.generation) {
    throw new JournalFault(
      `The journal is of generation ${read.generation}, not ${remembered.generation} as remembered.`,
    );
  }
  if (read.size === remembered.size && !sameBytes(read.head, remembered.head)) {
    throw new JournalFault(
      `Entry ${read.size} of the journal is not the one this keyholder wrote: the database is another.`,
    );
  }
}
