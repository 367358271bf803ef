import type { SessionKey } from '../../message/open/opened.ts';

/** A session key as it lies in a home packet (K4): the algorithm's name, a blank, the key. */
export function writeSessionKey({ algorithm, bytes }: SessionKey): Uint8Array {
  return Buffer.concat([Buffer.from(`${algorithm} `), bytes]);
}

export function readSessionKey(packed: Uint8Array): SessionKey {
  const blank = packed.indexOf(0x20);
  const algorithm = Buffer.from(packed.subarray(0, blank)).toString();
  if (algorithm !== 'aes128' && algorithm !== 'aes192' && algorithm !== 'aes256') {
    throw new Error('A home packet names no algorithm of ours.');
  }
  return { algorithm, bytes: packed.subarray(blank + 1) };
}
