import type { DoorRow } from '../ports.ts';
import { canonicalDoor } from '../seal/canonical.ts';

/** The lists that intake may take mail for, each by the keyholder's signed word; rows in the order they came. */
export type TrustedDoors = Readonly<{ rows: readonly DoorRow[]; rejected: readonly RejectedDoor[] }>;

export type RejectedDoor = Readonly<{
  list: string;
  reason: 'signature' | 'no-storage-certificate' | 'older-epoch' | 'repeated';
}>;

/**
 * Keeps the rows whose signature is the keyholder's and drops the others, to be logged loudly: a row that somebody
 * else wrote into the database would have mail sealed to their key (fail closed, I5). An epoch older than one seen
 * before is an old row put back: its storage key may be destroyed (K6).
 */
export function trustDoors(
  rows: readonly DoorRow[],
  verify: (bytes: Uint8Array, signature: Uint8Array) => boolean,
  before: TrustedDoors | undefined,
): TrustedDoors {
  const trusted: DoorRow[] = [];
  const rejected: RejectedDoor[] = [];
  for (const row of rows) {
    const reason = faultOf(row, { verify, before, trusted });
    if (reason) rejected.push({ list: row.list, reason });
    else trusted.push(row);
  }
  return { rows: trusted, rejected };
}

function faultOf(
  row: DoorRow,
  {
    verify,
    before,
    trusted,
  }: Readonly<{
    verify: (bytes: Uint8Array, signature: Uint8Array) => boolean;
    before: TrustedDoors | undefined;
    trusted: readonly DoorRow[];
  }>,
): RejectedDoor['reason'] | undefined {
  if (!verify(canonicalDoor(row), row.signature)) return 'signature';
  if (trusted.some((other) => other.list === row.list)) return 'repeated';
  if (row.kind === 'private' && row.storageCertificate.length === 0) return 'no-storage-certificate';
  const known = before?.rows.find((other) => other.list === row.list);
  return known && known.kind === row.kind && row.epoch < known.epoch ? 'older-epoch' : undefined;
}
