import { type Rule, waitsForAnAdministrator } from './rule.ts';

/**
 * I12: what the backup shows as waiting was handled long ago, most likely: its copies have left, its commands were
 * carried out. A person decides whether it is handled once more.
 */
export const mailFromBeforeARestoreIsHeld: Rule = {
  name: 'mail-from-before-a-restore-is-held',
  judge: ({ receivedAt }, { restored }) => {
    if (!restored || receivedAt > (restored.backupAt ?? restored.at)) return undefined;
    return {
      kind: 'hold',
      inside:
        'It came in before the backup that the database was restored from was made, and may have reached its readers then.',
      outside: waitsForAnAdministrator,
    };
  },
};
