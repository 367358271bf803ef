import type { LetterHead } from '../../mail/letter-head.ts';
import type { Certificate } from '../../membership/certificate.ts';
import type { Instant } from '../../time/instant.ts';

/** What checking an OpenPGP signature yielded. Only `valid` proves anything, and only for the bytes it came with. */
export type SignatureVerdict =
  | Readonly<{ kind: 'none' }>
  | Readonly<{
      kind: 'valid';
      /** Fingerprint of the signer's primary key. */
      fingerprint: string;
      signedAt: Instant;
      /**
       * SHA-256 over signer, the signature's hashed fields and the content, hexadecimal; spent once (A2, T8). Not over the
       * packet: its unhashed fields can be changed by anyone.
       */
      digest: string;
    }>
  | Readonly<{ kind: 'invalid'; keyId: string; reason: string }>
  | Readonly<{ kind: 'unknown-key'; keyId: string }>;

/** How the root of a mail reached us. */
export type Encryption =
  | Readonly<{ kind: 'none' }>
  | Readonly<{ kind: 'pgp-mime' | 'inline'; keyId: string; list: string }>;

/** A part that the reporter had encrypted by hand, opened (K1: for members only). */
export type InnerPart = Readonly<{
  fileName: string | undefined;
  contentType: string;
  bytes: Uint8Array;
  signature: SignatureVerdict;
  /** SHA-256 of the encrypted packets it came from, hexadecimal: the same body in another case is held (K1). */
  bodyDigest: string;
}>;

/** An encrypted part that none of our keys opens, or that lies beyond the limits. */
export type UnopenedPart = Readonly<{
  fileName: string | undefined;
  keyIds: readonly string[];
  reason: 'not-for-us' | 'damaged' | 'too-deep' | 'too-many' | 'too-large';
}>;

/** What of a mail may go to a reporter in clear, should its writer and the list say so (R3); `fit` for any relay. */
export type ClearEntity =
  | Readonly<{ kind: 'fit'; bytes: Uint8Array }>
  /** There is no way to write it so that it says what its author did, and travels. */
  | Readonly<{ kind: 'unfit' }>
  | Readonly<{ kind: 'too-large' }>;

/** One mail, opened: everything that judging, filing and sealing need. Made in the child, from hostile bytes. */
export type Opened = Readonly<{
  /** The header as it travelled in clear. */
  outer: LetterHead;
  /** The header that counts: the protected one (RFC 9788, and the older form) where there was one, else the outer. */
  head: LetterHead;
  encryption: Encryption;
  /**
   * Of the root: over the whole entity, not over some part of it. May be valid by an enclosed certificate that nobody
   * vouches for (A1): who the signer is, the fingerprint must be looked up for.
   */
  signature: SignatureVerdict;
  /** Certificates found inside the encryption (attached keys, Autocrypt in protected headers); a pin needs A1. */
  enclosedCertificates: readonly Certificate[];
  /** The author's root entity, its Content-* fields and body byte for byte, CRLF; what copies carry. */
  entity: Uint8Array;
  inner: readonly InnerPart[];
  unopened: readonly UnopenedPart[];
  /** The author's text for people and for commands: first text part, decoded; HTML reduced to text. */
  text: string;
  /** Text of the root signed entity, from exactly the bytes that verification returned (A2); undefined when unsigned. */
  signedText: string | undefined;
  /** `entity` without commands, and in bytes that any relay carries. */
  clearEntity: ClearEntity;
  /** Whether the author's entity holds a file, or anything but text; told by the child, as only it takes mail apart (P3). */
  hasAttachment: boolean;
  /** What a delivery report says happened (RFC 3464 §2.3.3): `failed`, `delayed` …; undefined when the mail is none. */
  deliveryActions: readonly string[] | undefined;
  /** Clear text that stood around an inline encrypted block: unauthenticated (K2), shown apart. */
  textAround: string | undefined;
  /** SHA-256 over `wholeContent`, hexadecimal: a replay is the same content and signature (T8). */
  contentDigest: string;
  /** SHA-256 of the encrypted packets of the root, hexadecimal; undefined when clear. */
  bodyDigest: string | undefined;
}>;

/** Why a mail could not be opened; it is held, never dropped (T8). */
export type Unopenable = Readonly<{
  kind: 'unopenable';
  reason: 'not-for-us' | 'damaged' | 'too-large' | 'too-many-parts' | 'unreadable-structure' | 'child-failed';
  /** For administrators; no content. */
  detail: string;
  /** What could still be read of the outer header. */
  outer: LetterHead | undefined;
}>;

export function isUnopenable(opened: Opened | Unopenable): opened is Unopenable {
  return 'kind' in opened;
}

/** Session key of one encrypted body (RFC 9580 §5.1). */
export type SessionKey = Readonly<{ algorithm: 'aes128' | 'aes192' | 'aes256'; bytes: Uint8Array }>;

/**
 * What the child asks of the keyholder while it opens: the session key behind any of these packets, which are
 * already capped and name one of our keys or are wildcards (TECH: PKESK flood). Undefined: none of our keys opens them.
 */
export type AskSessionKey = (
  packets: readonly Readonly<{ keyId: string; bytes: Uint8Array }>[],
) => Promise<Readonly<{ sessionKey: SessionKey; keyId: string; list: string }> | undefined>;

/** What opening is given besides the bytes: public things only. */
export type OpeningTask = Readonly<{
  raw: Uint8Array;
  /** Key ids of our lists' mail encryption keys (M6), upper-case hexadecimal. */
  listKeyIds: readonly string[];
  /** Certificates a signature may be checked with: representatives', pinned reporters', guests', lists'. */
  certificates: readonly Certificate[];
  now: Instant;
}>;

/** Port: opens one mail; the real one speaks to the child over an inherited socket. Never throws for bad input. */
export type OpenMail = (task: OpeningTask, ask: AskSessionKey) => Promise<Opened | Unopenable>;

/** Of all that came encrypted in it, the whole and parts: what K1 knows a body by. */
export function bodyDigestsOf({
  bodyDigest,
  inner,
}: Pick<Opened, 'bodyDigest' | 'inner'>): readonly string[] {
  return [bodyDigest, ...inner.map((part) => part.bodyDigest)].filter((digest) => digest !== undefined);
}
