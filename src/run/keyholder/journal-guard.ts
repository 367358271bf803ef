import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sameBytes } from '../../mail/bytes.ts';
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
      const text = await readFile(file, 'utf8').catch(unlessMissing);
      return text === undefined ? undefined : readHead(text, file);
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

/** A file that is there and cannot be read must not pass for one that was never written (I5). */
function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

function readHead(text: string, file: string): JournalHead {
  const match = /^(\d{1,15}) (\d{1,15}) ([0-9a-f]{64})\n$/.exec(text);
  if (!match)
    throw new JournalFault(
      `${file} does not say where the journal stood. Nothing is sent before a person has looked.`,
    );
  return { generation: Number(match[1]), size: Number(match[2]), head: Buffer.from(match[3] ?? '', 'hex') };
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
