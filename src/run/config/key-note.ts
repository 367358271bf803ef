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

/** What counts where the file sets nothing, as TOML's own words would say it; undefined where nothing does. */
export function defaultOf(schema: z.ZodType, { example }: KeyNote): string | undefined {
  const read = schema.safeParse(undefined);
  if (!read.success || read.data === undefined) return undefined;
  // Sizes, spans and places are read from a text: the example is in the same words.
  const same = schema.safeParse(parseWord(example));
  if (same.success && JSON.stringify(same.data) === JSON.stringify(read.data)) return example;
  return JSON.stringify(read.data);
}

/** An example is a JSON value, as TOML's basic values are. */
function parseWord(word: string): unknown {
  return JSON.parse(word);
}

/** A key's schema with its note. */
export function key<T extends z.ZodType>(schema: T, note: KeyNote): T {
  notes.add(schema, note);
  return schema;
}
