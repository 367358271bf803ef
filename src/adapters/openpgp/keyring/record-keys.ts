/** The keyholder's own records (K3): journal details, session keys at home (K4), sealed under a key per month. */
import { randomBytes } from 'node:crypto';
import type { Epoch, Sealed } from '../../../message/ports.ts';
import type { KeyDirectory } from './key-directory.ts';
import { openWithKey, sealWithKey } from './key-encryption.ts';
import { keyringError } from './keyring-error.ts';

const keySize = 32;

/** First byte of every sealed record, so that another way of sealing can follow. */
const formatVersion = 1;

export type RecordKeys = Readonly<{
  /** `associated` names what the record belongs to (row, column): it cannot be moved elsewhere. */
  sealRecord: (epoch: Epoch, plain: Uint8Array, associated: string) => Promise<Sealed>;
  /** Throws `key-missing` after a purge (K6), `key-damaged` when bytes or place are not those of the sealing. */
  openRecord: (epoch: Epoch, sealed: Uint8Array, associated: string) => Promise<Uint8Array>;
  forgetRecordKey: (epoch: Epoch) => Promise<void>;
}>;

export function createRecordKeys(directory: KeyDirectory): RecordKeys {
  const keys = new Map<Epoch, Uint8Array>();
  const bound = (epoch: Epoch, associated: string) => new TextEncoder().encode(`${epoch}\n${associated}`);
  return {
    sealRecord: async (epoch, plain, associated) => {
      const key =
        keys.get(epoch) ?? (await directory.readOrCreate(recordKeyName(epoch), () => randomBytes(keySize)));
      keys.set(epoch, key);
      const sealed = sealWithKey(key, plain, bound(epoch, associated));
      return Buffer.concat([Uint8Array.of(formatVersion), sealed]) as Uint8Array as Sealed;
    },
    openRecord: async (epoch, sealed, associated) => {
      const key = keys.get(epoch) ?? (await directory.read(recordKeyName(epoch)));
      if (key === undefined) {
        throw keyringError('key-missing', `The record key of ${epoch} is not in the key directory.`);
      }
      keys.set(epoch, key);
      const plain =
        sealed[0] === formatVersion
          ? openWithKey(key, sealed.subarray(1), bound(epoch, associated))
          : undefined;
      if (plain === undefined) {
        throw keyringError('key-damaged', `A record of ${epoch} is damaged, or was moved from its place.`);
      }
      return plain;
    },
    forgetRecordKey: async (epoch) => {
      keys.get(epoch)?.fill(0);
      keys.delete(epoch);
      await directory.destroy(recordKeyName(epoch));
    },
  };
}

function recordKeyName(epoch: Epoch): string {
  return `records-${checkedEpoch(epoch)}`;
}

/** Epochs become file names. */
export function checkedEpoch(epoch: Epoch): Epoch {
  if (/^(\d{4}-(0[1-9]|1[0-2])|standing)(\.\d{2})?$/.test(epoch)) return epoch;
  throw keyringError('bad-name', 'A storage month is written like 2026-11, or 2026-11.02.');
}
