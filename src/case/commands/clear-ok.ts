import type { CommandEntry } from './command-entry.ts';

/** R3: this very message may go in clear to a reporter without a certificate. */
export type ClearOk = Readonly<{ kind: 'clear-ok' }>;

export const clearOk: CommandEntry<ClearOk> = {
  name: 'clear-ok',
  about: 'lets this one message of a member go to the reporter in clear, where the list allows it',
  read: (words) =>
    words.length === 0
      ? { kind: 'read', command: { kind: 'clear-ok' } }
      : { kind: 'problem', why: 'clear-ok stands alone, as it is about the mail it begins' },
};
