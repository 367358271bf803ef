import { dirname, join } from 'node:path';
import { z } from 'zod';
import { sameBytes } from '../../mail/bytes.ts';
import type { JournalHead } from '../../message/ports.ts';
import type { RosterMemory } from '../../message/restore/roster-memory.ts';
import { instantFromMilliseconds } from '../../time/instant.ts';
import { readOwnerFile, writeOwnerFile } from './owner-file.ts';
import { type RestoreNote, readRestoreNote } from './restore-note.ts';

/**
 * T6: what the keyholder remembers of the journal outside the database. A database that comes back shorter, or other,
 * is an old copy: nothing is sent from it before a person has looked (I12).
 */
export type JournalGuard = Readonly<{
  remembered: () => Promise<JournalHead | undefined>;
  remember: (head: JournalHead) => Promise<void>;
  /** Who might read when last anything of it changed; undefined on a machine that never knew. */
  rememberedRoster: () => Promise<RosterMemory | undefined>;
  rememberRoster: (memory: RosterMemory) => Promise<void>;
  /** What the last `restore` on this machine said of itself. */
  restoreNote: () => Promise<RestoreNote | undefined>;
}>;

const rosterMemory = z.strictObject({
  standing: z.record(z.string(), z.string()),
  administrations: z.array(z.string()),
  dismissed: z.array(z.string()),
  mailKeys: z.record(z.string(), z.string()).default({}),
  certificates: z.record(z.string(), z.string()).default({}),
  custodian: z.string().nullable().optional(),
  proofs: z
    .array(
      z.strictObject({
        list: z.string(),
        representative: z.string(),
        since: z.int().transform(instantFromMilliseconds),
        obligation: z.string(),
      }),
    )
    .default([]),
});

/** Where `restore` leaves its note, seen from the file of the journal's head. */
export function restoreNoteFile(headFile: string): string {
  return join(dirname(headFile), 'restore-note');
}

export class JournalFault extends Error {
  readonly code = 'journal-refused';
}

/** Small files in the keyholder's directory, each replaced atomically. */
export function journalGuard(file: string): JournalGuard {
  const rosterFile = join(dirname(file), 'roster-memory');
  return {
    remembered: async () => {
      const text = await readOwnerFile(file);
      return text === undefined ? undefined : readHead(text, file);
    },
    remember: ({ generation, size, head }) =>
      writeOwnerFile(file, `${generation} ${size} ${Buffer.from(head).toString('hex')}\n`),
    rememberedRoster: async () => {
      const text = await readOwnerFile(rosterFile);
      return text === undefined
        ? undefined
        : readOrStop(rosterFile, () => rosterMemory.parse(JSON.parse(text)));
    },
    rememberRoster: (memory) => writeOwnerFile(rosterFile, `${JSON.stringify(memory)}\n`),
    restoreNote: async () => {
      const text = await readOwnerFile(restoreNoteFile(file));
      return text === undefined ? undefined : readOrStop(restoreNoteFile(file), () => readRestoreNote(text));
    },
  };
}

/** A damaged memory is none, and none may bring a right back (I5). */
function readOrStop<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch {
    throw new JournalFault(`${file} cannot be understood. Nothing is sent before a person has looked.`);
  }
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
