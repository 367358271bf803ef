import type { Certificate } from '../../membership/certificate.ts';
import type { Instant } from '../../time/instant.ts';
import type { SessionKey, SignatureVerdict } from './opened.ts';

/**
 * Port: what opening a mail needs of OpenPGP (RFC 9580). The real one is adapters/openpgp, used in the child only.
 * No function throws or rejects for bad input, however hostile: it returns a `problem` or a verdict.
 */

/**
 * An encrypted message taken apart, not yet decrypted. `sessionKeyPackets` are capped and were parsed first
 * (TECH: PKESK flood), none when only a passphrase opens it; a wildcard's keyId is sixteen zeros. Each `bytes` is one whole packet with its header.
 */
export type EncryptedMessage = Readonly<{
  kind: 'encrypted';
  sessionKeyPackets: readonly Readonly<{ keyId: string; bytes: Uint8Array }>[];
  /** The encrypted data packet alone, in one piece with one form of header: what the session key opens and what
   * `bodyDigest` is over (K1). */
  body: Uint8Array;
}>;

export type ReadProblem = Readonly<{
  kind: 'problem';
  /** `not-encrypted`: no encrypted data packet in it: fake armour, a key, a bare signature (K2). */
  reason: 'not-encrypted' | 'damaged' | 'too-many-packets';
}>;

export type OpenedBody = Readonly<{
  kind: 'opened';
  /** The literal data, byte for byte. */
  data: Uint8Array;
  /** Of a signature inside the same message (RFC 3156 §6.2), over exactly `data`. */
  signature: SignatureVerdict;
  /** File name in the literal packet; undefined when empty or `_CONSOLE`. */
  fileName: string | undefined;
}>;

export type BodyProblem = Readonly<{
  kind: 'problem';
  /** `no-integrity`: neither MDC nor AEAD (EFAIL); never opened. `too-large`: beyond `maximumBytes`, a bomb. */
  reason: 'damaged' | 'too-large' | 'no-integrity';
}>;

/** What a signature may be checked with, and when. */
export type Checking = Readonly<{ certificates: readonly Certificate[]; now: Instant }>;

export type OpeningTools = Readonly<{
  /** `bytes`: binary packets or armour (leading blanks, strange armour headers and a missing checksum are borne). */
  readEncrypted: (bytes: Uint8Array) => Promise<EncryptedMessage | ReadProblem>;
  /** Decrypts, decompresses within `maximumBytes`, and checks the signature inside. */
  openBody: (
    task: Checking & Readonly<{ body: Uint8Array; sessionKey: SessionKey; maximumBytes: number }>,
  ) => Promise<OpenedBody | BodyProblem>;
  /** RFC 3156 §5: `signedBytes` exactly as they stood; `signature` armoured or binary. */
  verifyDetached: (
    task: Checking & Readonly<{ signedBytes: Uint8Array; signature: Uint8Array }>,
  ) => Promise<SignatureVerdict>;
  /**
   * RFC 9580 §7, from `-----BEGIN PGP SIGNED MESSAGE-----` to the end of the signature. `text` is what verification
   * covered, dash escapes removed. Undefined when it is no such message.
   */
  verifyCleartext: (
    task: Checking & Readonly<{ text: string }>,
  ) => Promise<Readonly<{ text: string; signature: SignatureVerdict }> | undefined>;
  /** Every certificate in binary or armoured bytes, several blocks allowed; secret keys and broken ones are left out. */
  readCertificates: (bytes: Uint8Array) => Promise<readonly Certificate[]>;
  sha256: (bytes: Uint8Array) => Uint8Array;
  base64: (bytes: Uint8Array) => string;
}>;

/** Reduces HTML to text for people; adapters/mime. Never throws. */
export type HtmlToText = (html: string) => Promise<string>;

/** Everything that `openMail` is given besides the mail. */
export type OpenMailTools = OpeningTools & Readonly<{ htmlToText: HtmlToText }>;
