/** A keyholder's statement key, made for one test: signs what intake and sender check. */
import { createHash, generateKeyPairSync, sign, verify } from 'node:crypto';
import type { BodyParts } from '../../src/message/deliver/check-copy.ts';
import type { DoorRow, OutboxRow, Permit, ReaderRow } from '../../src/message/ports.ts';
import {
  canonicalBody,
  canonicalDoor,
  canonicalOutboxRow,
  canonicalReader,
} from '../../src/message/seal/canonical.ts';

export function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}

export function keyholderWord() {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const signed = (bytes: Uint8Array): Uint8Array => sign(null, bytes, privateKey);
  return {
    sign: signed,
    verify: (bytes: Uint8Array, signature: Uint8Array) => verify(null, bytes, publicKey, signature),
    door: (row: Omit<DoorRow, 'signature'>): DoorRow => ({ ...row, signature: signed(canonicalDoor(row)) }),
    reader: (row: Omit<ReaderRow, 'signature'>): ReaderRow => ({
      ...row,
      signature: signed(canonicalReader(row)),
    }),
    permit: (
      id: string,
      rows: readonly OutboxRow[],
      bodies: readonly (BodyParts & Readonly<{ id: string; alignment: number }>)[] = [],
    ): Permit => {
      const document = Buffer.concat([
        ...rows.map((row) => sha256(canonicalOutboxRow(row))),
        ...bodies.map((body) => sha256(canonicalBody(body, sha256))),
      ]);
      return { id, document, signature: signed(document) };
    },
  };
}

export type KeyholderWord = ReturnType<typeof keyholderWord>;
