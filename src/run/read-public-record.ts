import { z } from 'zod';
import type { DirectoryRecord } from '../publication/directory-record.ts';
import { instantFromMilliseconds } from '../time/instant.ts';

const entry = z.strictObject({
  name: z.string().min(1),
  kind: z.literal(['private', 'public']),
  address: z.string().min(3),
  title: z.string(),
  // JSON has no undefined: the key is then absent.
  certificate: z
    .string()
    .optional()
    .transform((text): string | undefined => text),
  since: z.int().transform(instantFromMilliseconds),
});

const record = z.strictObject({ kind: z.literal('directory'), lists: z.array(entry) });

/** A finished record of the keyholder; undefined when it is none that this version knows. */
export function readPublicRecord(bytes: Uint8Array): DirectoryRecord | undefined {
  try {
    const { kind, lists } = record.parse(JSON.parse(new TextDecoder().decode(bytes)));
    return { kind, lists: lists.map((list) => ({ ...list, certificate: list.certificate })) };
  } catch {
    return undefined;
  }
}
