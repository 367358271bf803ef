import { createHash, randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { KeyholderTools } from './keyholder-tools.ts';

/** Chance and digests of the machine. */
export const machineTools: Pick<KeyholderTools, 'chance' | 'sha256' | 'base64'> = {
  chance: {
    uuid: randomUUID,
    below: (limit) => randomInt(limit),
    bytes: (length) => new Uint8Array(randomBytes(length)),
  },
  sha256: (bytes) => new Uint8Array(createHash('sha256').update(bytes).digest()),
  base64: (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64'),
};
