import { z } from 'zod';
import { type Instant, instantFromMilliseconds } from '../../time/instant.ts';

/** What `restore` tells the keyholder beside its keys: facts that no database can say of itself (T6). */
export type RestoreNote = Readonly<{
  generation: number;
  at: Instant;
  backupAt: Instant;
  /** Size of the journal that was remembered before; undefined on a machine that never saw it. */
  sizeBefore: number | undefined;
}>;

const instant = z.int().transform(instantFromMilliseconds);
const note = z.strictObject({
  generation: z.int().min(2),
  at: instant,
  backupAt: instant,
  sizeBefore: z.int().min(0).nullable(),
});

export function writeRestoreNote({ generation, at, backupAt, sizeBefore }: RestoreNote): string {
  return `${JSON.stringify({ generation, at, backupAt, sizeBefore: sizeBefore ?? null })}\n`;
}

/** Throws where the text is none of ours. */
export function readRestoreNote(text: string): RestoreNote {
  const { sizeBefore, ...rest } = note.parse(JSON.parse(text));
  return { ...rest, sizeBefore: sizeBefore ?? undefined };
}
