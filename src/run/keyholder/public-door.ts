import { randomUUID } from 'node:crypto';
import type { PublicRecordStore } from '../../adapters/postgres/public-store.ts';
import { writeDirectoryRecord } from '../../publication/directory-record.ts';
import type { Instant } from '../../time/instant.ts';
import type { PublicDoor } from './keyholder-tools.ts';

/** Finished records for the public side (DESIGN §4). The same directory twice is handed over once. */
export function publicDoor(handOver: PublicRecordStore['handOver'], clock: () => Instant): PublicDoor {
  let last: string | undefined;
  return {
    handDirectory: async (lists) => {
      const record = writeDirectoryRecord(lists);
      if (record === last) return;
      await handOver({ id: randomUUID(), at: clock(), record });
      last = record;
    },
  };
}
