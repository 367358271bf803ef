import { done, type Execute, refused } from './execution.ts';
import type { Request } from './request.ts';

/** Chain, commitments and every detail that is not purged (T7). */
export const journalVerify: Execute<Extract<Request, { kind: 'journal-verify' }>> = async (
  _request,
  _desk,
  tools,
) => {
  const { size, purged, fault } = await tools.verifyJournal();
  if (fault)
    return refused(
      `The journal does not verify: ${fault}. Stop the server and compare with a replica or backup.`,
    );
  return done([`The journal verifies: ${size} entries, ${purged} of them purged.`], { size, purged });
};
