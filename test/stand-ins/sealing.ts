/**
 * Stands in for OpenPGP where a test is about who gets what, not about ciphers. It "encrypts" by base64, so that a
 * test can read what a body says; a head names the certificates it was wrapped to.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { CertificateFault, CertificateUse } from '../../src/membership/certificate.ts';
import type { SessionKey } from '../../src/message/open/opened.ts';
import type { BodyRow, Epoch, Sealed, SealedToSender } from '../../src/message/ports.ts';
import type { SealPlanTools } from '../../src/message/seal/sealing-tools.ts';
import type { Sealing } from '../../src/message/sealing-port.ts';
import { bytesOf, textOf } from './letters.ts';

export const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

/** Fingerprints in `faults` cannot be sealed to. */
export function standInSealing(faults: ReadonlyMap<string, CertificateFault> = new Map()): Sealing {
  return {
    seal: async (content, { list, fingerprint }) => ({
      sessionKey: freshKey(),
      tails: [0, 1, 2].map((alignment) =>
        tailOf(content, list, alignment, fingerprint),
      ) as unknown as BodyRow['tails'],
      seam: undefined,
    }),
    wrap: async (_, certificates) => ({
      keyIds: certificates.map((one) => keyIdOf(one.fingerprint)),
      head: bytesOf(`for ${certificates.map((one) => one.fingerprint).join(' ')}\r\n`),
      alignment: 1,
      checksum: '=abcd',
    }),
    rejoin: (tails, sessionKey) => ({ tails, sessionKey, seam: undefined }),
    use: async ({ fingerprint }) => useOf(fingerprint, faults),
  };
}

function useOf(fingerprint: string, faults: ReadonlyMap<string, CertificateFault>): CertificateUse {
  const fault = faults.get(fingerprint);
  return fault
    ? { kind: 'unusable', fault }
    : { kind: 'usable', encryptionKeyIds: [keyIdOf(fingerprint)], expiresAt: undefined };
}

export function keyIdOf(fingerprint: string): string {
  return fingerprint.slice(0, 16);
}

function freshKey(): SessionKey {
  return { algorithm: 'aes256', bytes: randomBytes(32) };
}

function tailOf(content: Uint8Array, list: string, alignment: number, signer = 'oldest'): Uint8Array {
  return bytesOf(`${alignment} ${list} ${Buffer.from(content).toString('base64')} ${signer}\r\n`);
}

/** What a body of the stand-in says inside. */
export function insideOf(body: BodyRow): string {
  return textOf(Buffer.from(textOf(body.tails[0]).trim().split(' ')[2] ?? '', 'base64'));
}

/** Fingerprint of the list key that a body of the stand-in was signed with; `oldest` where none was named. */
export function signerOf(body: BodyRow): string {
  return textOf(body.tails[0]).trim().split(' ')[3] ?? '';
}

/** Sealing a plan with the stand-in; records are "sealed" by a word before them. */
export function standInTools(faults?: ReadonlyMap<string, CertificateFault>): SealPlanTools {
  const sealed = (context: string, plaintext: Uint8Array) =>
    Buffer.concat([bytesOf(`${context}\n`), plaintext]) as unknown as Sealed;
  return {
    sealing: standInSealing(faults),
    journal: {
      sha256,
      randomBytes: (length) => randomBytes(length),
      epochs: { month: '2026-11' as Epoch, standing: 'standing' as Epoch },
      sealRecord: async (_, plaintext, context) => sealed(context, plaintext),
    },
    sign: (bytes) => sha256(Buffer.concat([bytesOf('signed by the keyholder '), bytes])),
    sealToSender: async (mail) => sealed('for sender', mail) as Uint8Array as SealedToSender,
    sealHome: async (sessionKey, bodyId) => sealed(`home ${bodyId}`, sessionKey.bytes),
    endEpochs: (ended) => ({
      ended,
      into: () => '2026-11.02' as Epoch,
      detail: async (row) => row.sealed,
      home: async (row) => row.sealed,
      inbox: async (row) => row.sealed,
    }),
  };
}
