/** The keyholder's word about rows (Ed25519; P5, A6), and the tokens in our addresses (HMAC-SHA-256; R4, R8). */
import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
} from 'node:crypto';
import { tokenLength } from '../../../mail/list-address.ts';
import type { KeyDirectory } from './key-directory.ts';

export type StatementKey = Readonly<{
  /** 32 bytes, raw (RFC 8032 §5.1.5): what `adapters/statement` verifies with. */
  publicKey: Uint8Array;
  sign: (bytes: Uint8Array) => Uint8Array;
}>;

const rawLength = 32;

export async function readStatementKey(directory: KeyDirectory): Promise<StatementKey> {
  const der = await directory.readOrCreate('statement', () =>
    generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' }),
  );
  const key = createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-rawLength);
  return { publicKey, sign: (bytes) => sign(undefined, bytes, key) };
}

export type Tokens = Readonly<{
  /** 26 characters for an address; `purpose` (`bounce`, `held`) keeps one kind from serving as another. */
  token: (purpose: string, text: string) => string;
}>;

const base32 = 'abcdefghijklmnopqrstuvwxyz234567';

export async function readTokens(directory: KeyDirectory): Promise<Tokens> {
  const key = await directory.readOrCreate('tokens', () => randomBytes(32));
  const token = (purpose: string, text: string) => {
    const digest = createHmac('sha256', key).update(`${purpose}\0${text}`).digest();
    let written = '';
    for (let bit = 0; written.length < tokenLength; bit += 5) {
      // Two bytes hold any five bits; the token ends before the digest does.
      const window = digest.readUInt16BE(bit >> 3);
      written += base32[(window >> (11 - (bit & 7))) & 31];
    }
    return written;
  };
  return { token };
}
