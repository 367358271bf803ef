/** All keys of a key directory as one document: what `key export` seals to the custodian and `key import` reads again (K6). */
import { z } from 'zod';
import { formatInstant, type Instant } from '../../../time/instant.ts';
import type { KeyDirectory } from './key-directory.ts';

export type NamedKey = Readonly<{ name: string; bytes: Uint8Array }>;

/** `demo` keys stay demo keys. */
export type KeyDocument = Readonly<{ demo: boolean; keys: readonly NamedKey[] }>;

const format = 'embargod-keys-1';

/** Names become paths: a file beside the others, in a list's folder, or a mark of keys that have ended (T6, K6). */
const keyName = /^(?:lists\/[a-z0-9][a-z0-9-]{0,62}\/|ended\/)?[A-Za-z0-9][A-Za-z0-9.-]{0,99}$/;
/** Lists, times two keys a month, for decades; a longer document is none of ours. */
const mostKeys = 100_000;

const document = z.strictObject({
  format: z.literal(format),
  demo: z.boolean(),
  exportedAt: z.string(),
  keys: z
    .array(z.strictObject({ name: z.string().regex(keyName), data: z.union([z.literal(''), z.base64()]) }))
    .max(mostKeys),
});

export function writeKeyDocument({ demo, keys }: KeyDocument, now: Instant): Uint8Array {
  const written: z.infer<typeof document> = {
    format,
    demo,
    exportedAt: formatInstant(now),
    keys: keys.map(({ name, bytes }) => ({ name, data: Buffer.from(bytes).toString('base64') })),
  };
  return new TextEncoder().encode(`${JSON.stringify(written)}\n`);
}

/** Undefined when the bytes are no such document, or it names a key twice. */
export function readKeyDocument(bytes: Uint8Array): KeyDocument | undefined {
  const read = document.safeParse(parseJson(bytes)).data;
  if (!read || new Set(read.keys.map(({ name }) => name)).size !== read.keys.length) return undefined;
  return {
    demo: read.demo,
    keys: read.keys.map(({ name, data }) => ({ name, bytes: Buffer.from(data, 'base64') })),
  };
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

/** Every key that lies in the directory, in the order of their names. */
export async function everyKey(directory: KeyDirectory): Promise<readonly NamedKey[]> {
  const keys: NamedKey[] = [];
  for (const name of await everyName(directory)) {
    const bytes = await directory.read(name);
    // One that was destroyed meanwhile is not missed.
    if (bytes !== undefined) keys.push({ name, bytes });
  }
  return keys;
}

export async function everyName(directory: KeyDirectory): Promise<readonly string[]> {
  const names: string[] = [];
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const name of await directory.names(folder)) {
      if (name.endsWith('/')) folders.push(`${folder}${name}`);
      else names.push(`${folder}${name}`);
    }
  }
  return names.sort();
}
