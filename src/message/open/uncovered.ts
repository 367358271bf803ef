import type { Entity, splitEntity } from '../../mail/split-entity.ts';
import type { Certificate } from '../../membership/certificate.ts';
import type { Readable } from './authors-text.ts';
import type { DecryptFailure } from './decrypt.ts';
import type { Encryption, SignatureVerdict } from './opened.ts';

/** A mail whose root lies open: what every further step of opening works on. */
export type Uncovered = Readonly<{
  kind: 'uncovered';
  encryption: Encryption;
  /** The author's root entity as copies carry it. */
  entity: Uint8Array;
  /** The same, split: certificates, protected headers and encrypted parts are looked for here. */
  payload: Entity;
  readable: Readable;
  signature: SignatureVerdict;
  checkAgain: (certificates: readonly Certificate[]) => Promise<SignatureVerdict>;
  /** Exactly what the signature covers; undefined when there is none. */
  signed: Readable | undefined;
  textAround: string | undefined;
  bodyDigest: string | undefined;
  /** Further encrypted blocks that stood beside the root's, armoured. */
  blocksBeside: readonly string[];
}>;

export type RootFailure = Readonly<{
  kind: 'failed';
  reason: Exclude<DecryptFailure['reason'], 'not-encrypted'> | SplitFault;
}>;
type SplitFault = Extract<ReturnType<typeof splitEntity>, { kind: 'problem' }>['reason'];
