import type { RestoreEvent } from './restore-event.ts';
import type { Restored } from './restored.ts';

/** A confirmation counts for the restore that it names, and for no later one. */
export function applyRestoreEvent(before: Restored | undefined, event: RestoreEvent): Restored | undefined {
  switch (event.kind) {
    case 'database-restored': {
      const { kind: _, lost: __, ...facts } = event;
      return { ...facts, confirmed: new Set() };
    }
    case 'restore-confirmed':
      if (before?.generation !== event.generation) return before;
      return { ...before, confirmed: new Set([...before.confirmed, event.part]) };
  }
}
