// What the author of a held-out mail says must come of it, from DESIGN and DECISIONS alone.
// Every string in `textIncludes` and `textExcludes` lies within one line of the decoded (Unicode) text.

import type { CastName } from './keys.ts';

export type Verdict = 'new-case' | 'reply' | 'held' | 'refused';
export type Encryption = 'none' | 'pgp-mime' | 'inline';
export type Signature = 'valid' | 'invalid' | 'unknown-key' | 'none';

/** One decoded leaf part. `sha256AsText` is the same file with CRLF line ends, as right as the other. */
export interface ExpectedPart {
  readonly fileName?: string;
  readonly sha256: string;
  readonly sha256AsText?: string;
}

export interface Claims {
  readonly verdict: Verdict;
  readonly encryption: Encryption;
  readonly signature: Signature;
  /** Whose certificate made the signature; absent where nobody known did. */
  readonly signer?: CastName;
  /** The subject that counts: after protected headers, decoded and unfolded. */
  readonly subject: string;
  readonly from: string;
  /** In what members read after our part: the author's text and the text of opened parts. */
  readonly textIncludes: readonly string[];
  readonly textExcludes?: readonly string[];
  /** Visible in the author's entity. Never a complete list. */
  readonly attachments?: readonly ExpectedPart[];
  /** Encrypted by hand; the server opens them for members (K1). */
  readonly openedParts?: readonly ExpectedPart[];
  /** Bytes that stand in the opened copy unchanged and in one run (M1), and their digest. */
  readonly entity?: Uint8Array;
  readonly entitySha256?: string;
  /** Within the bytes that the signature covers. */
  readonly signedTextIncludes?: readonly string[];
  readonly list?: 'linux-distros' | 'distros';
  /** A reply: the earlier mail, by name, whose case this belongs to. */
  readonly caseOf?: string;
  /** Free words: what our part or the administrators are told. Not compared. */
  readonly marks?: readonly string[];
}

/** `alsoRight`: where the settled texts allow another outcome, each with its reason. */
export interface Expectation extends Claims {
  readonly alsoRight?: readonly (Partial<Claims> & { readonly because: string })[];
}
