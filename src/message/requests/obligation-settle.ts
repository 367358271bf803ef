import { done, type Execute, refused } from './execution.ts';
import type { Request } from './request.ts';

/** What people do outside the server and can only tell it; the others end by the act itself, and by nothing else. */
const endedByPeople = ['review-new-report', 'repair-delivery'];

const instead: Readonly<Record<string, string>> = {
  publish: 'A case ends in public: by its posting, not by a command.',
  'repair-certificate':
    'It ends by itself once the waiting mail can be sealed: embargod representative add, with a certificate that can be used.',
  'prove-key': 'It ends by that administrator’s signed answer, or once they administer the list no more.',
  'decide-held-mail': 'Held mail is decided: embargod held pass, or embargod held refuse.',
};

export const obligationSettle: Execute<Extract<Request, { kind: 'obligation-settle' }>> = async (
  { id, ending },
  _desk,
  tools,
) => {
  const owed = (await tools.openObligations()).find((one) => one.id === id);
  if (!owed) return refused(`No obligation ${id} is open. See: embargod obligation list`);
  if (!endedByPeople.includes(owed.kind)) {
    return refused(
      instead[owed.kind] ?? `An obligation of the kind ${owed.kind} cannot be ended by a command.`,
    );
  }
  return done(
    [`${owed.kind} of ${owed.subject} has ended: ${ending}.`],
    { id, kind: owed.kind, subject: owed.subject, ending },
    {
      events: [{ kind: 'obligation-settled', obligation: id, ending }],
      // The clear column says that it ended; what the operator wrote of it is sealed in the journal (K3).
      obligationsSettled: [{ id, ending: 'done' }],
    },
  );
};
