import type { JournalTools } from './journal.ts';
import type { SessionKey } from './opened.ts';
import type { Sealed, Sealing } from './ports.ts';

/** What turning a plan into a step needs of the keyholder's keys. */
export type SealPlanTools = Readonly<{
  sealing: Sealing;
  journal: JournalTools;
  /** Ed25519 by the keyholder's statement key. */
  sign: (bytes: Uint8Array) => Uint8Array;
  /** A body's session key under the epoch's record key (K4). */
  sealHome: (sessionKey: SessionKey, bodyId: string) => Promise<Sealed>;
}>;
