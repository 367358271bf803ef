/** Port: signing and encrypting for readers (DESIGN §5). The real one is `adapters/openpgp`. */
import type { Certificate, CertificateUse } from '../membership/certificate.ts';
import type { Instant } from '../time/instant.ts';
import type { SessionKey } from './open/opened.ts';
import type { Alignment, BodyRow } from './ports.ts';

/** A body, signed and encrypted once per audience (DESIGN §5). */
export type SealedBody = Readonly<{
  sessionKey: SessionKey;
  tails: readonly [Uint8Array, Uint8Array, Uint8Array];
  /** What joining a head to it needs: adapters/openpgp's own. */
  seam: unknown;
}>;

export type ReaderHead = Readonly<{
  keyIds: readonly string[];
  head: Uint8Array;
  alignment: Alignment;
  checksum: string;
}>;

/** Which of a list's mail keys signs, by fingerprint; undefined: its oldest, as it was never replaced. */
export type ListSigner = Readonly<{ list: string; fingerprint: string | undefined }>;

export type Sealing = Readonly<{
  /** Signs `content` (a MIME entity, CRLF) with the list's mail key and encrypts it under a fresh session key. */
  seal: (content: Uint8Array, by: ListSigner, now: Instant) => Promise<SealedBody>;
  /** Wraps a body's session key to every encryption key of these certificates, ready for the wire. */
  wrap: (body: SealedBody, certificates: readonly Certificate[], now: Instant) => Promise<ReaderHead>;
  /** The body as it lies in the outbox, joined again with its session key (late wrap, K4). */
  rejoin: (tails: BodyRow['tails'], sessionKey: SessionKey) => SealedBody;
  use: (certificate: Certificate, now: Instant) => Promise<CertificateUse>;
}>;
