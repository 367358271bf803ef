import type { Instant } from '../../time/instant.ts';
import type { JournalTools } from '../journal/journal.ts';
import type { SessionKey } from '../open/opened.ts';
import type { Epoch, EpochsEnd, Sealed, SealedToSender } from '../ports.ts';
import type { Sealing } from '../sealing-port.ts';

/** Seals a mail in clear so that only `sender` can open it (R3). */
export type SealToSender = (mail: Uint8Array, now: Instant) => Promise<SealedToSender>;

/** What turning a plan into a step needs of the keyholder's keys. */
export type SealPlanTools = Readonly<{
  sealing: Sealing;
  journal: JournalTools;
  /** Ed25519 by the keyholder's statement key. */
  sign: (bytes: Uint8Array) => Uint8Array;
  sealToSender: SealToSender;
  /** A body's session key under the epoch's record key (K4). */
  sealHome: (sessionKey: SessionKey, bodyId: string) => Promise<Sealed>;
  /** Wraps anew what epochs that end still hold (K6). */
  endEpochs: (ended: readonly Epoch[]) => EpochsEnd;
}>;
