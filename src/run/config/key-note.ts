import { z } from 'zod';

/** What people are told about one key. */
export type KeyNote = Readonly<{
  about: string;
  /** What a good value is, to complete "it must be …". */
  expects: string;
  /** Printed, commented out, where the file sets nothing. */
  example: string;
  /** SIGHUP is enough; without it the server must be started again. */
  reload?: true;
}>;

const notes = z.registry<KeyNote>();

export function noteOf(schema: z.ZodType): KeyNote | undefined {
  return notes.get(schema);
}

/** A key's schema with its note. */
export function key<T extends z.ZodType>(schema: T, note: KeyNote): T {
  notes.add(schema, note);
  return schema;
}
