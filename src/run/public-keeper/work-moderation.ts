/**
 * A request of the operator, as it lies in the database (P7): the signature first, then whether it is for here, for now and
 * for this row, then the mail, which must be the one that was looked at and still wait.
 */
import type { HeldItem, ModerationOutcome, ModerationRow } from '../../adapters/postgres/public-store.ts';
import { mayBePrivate } from '../../publication/moderation/moderation-reason.ts';
import {
  type ModerationRequest,
  moderationBytes,
  type RequestFault,
  requestFault,
} from '../../publication/moderation/moderation-request.ts';
import { screenPosting } from '../../publication/screen-posting.ts';
import type { KeeperTools } from './keeper-tools.ts';
import { readModerationRequest } from './read-moderation-request.ts';
import { arrivedMail, post } from './work-public-mail.ts';

type FindHeld = (id: string) => Promise<HeldItem | undefined>;

export async function workModeration(
  row: ModerationRow,
  held: FindHeld,
  tools: KeeperTools,
): Promise<ModerationOutcome> {
  const request = genuineRequest(row, tools);
  if (typeof request === 'string') {
    tools.log.error('moderation-request-refused', { id: row.id, code: request });
    return refused(faultWords[request]);
  }
  const item = stillWaiting(await held(request.mail), request, tools);
  if (typeof item === 'string') return refused(item);
  const { act } = request;
  const outcome = act.kind === 'refuse' ? refuse(item, act.reason, tools) : await pass(item, act, tools);
  tools.log.info('public-mail-moderated', { id: item.id, code: outcome.decision?.verdict ?? 'still-held' });
  return outcome;
}

type Fault = RequestFault | 'not-signed' | 'not-understood';

function genuineRequest(
  { id, statement, signature }: ModerationRow,
  { isOperators, domain, clock }: KeeperTools,
): ModerationRequest | Fault {
  if (!isOperators(moderationBytes(statement), signature)) return 'not-signed';
  const request = readModerationRequest(statement);
  if (!request) return 'not-understood';
  return requestFault(request, { row: id, installation: domain, now: clock() }) ?? request;
}

const faultWords: Readonly<Record<Fault, string>> = {
  'not-signed': 'The request is not signed by the operator key that is pinned here; nothing was done.',
  'not-understood': 'This version does not know the request: run the same version on both sides.',
  'another-row': 'The request was signed for another row; nothing was done.',
  'another-installation': 'The request was signed for another installation; nothing was done.',
  'too-old': 'The request was signed more than 72 hours ago; give it again.',
  'from-the-future': 'The request was signed in the future: put the clocks right, and give it again.',
};

/** The mail that was looked at; else a sentence that says why not. */
function stillWaiting(
  item: HeldItem | undefined,
  request: ModerationRequest,
  { posting }: KeeperTools,
): HeldItem | string {
  if (!item) return `There is no mail ${request.mail} to a public list; see: embargod moderation list`;
  switch (item.state) {
    case 'waiting':
      return 'It has not been looked at yet; try again.';
    case 'done':
      return 'It has been posted already.';
    case 'refused':
      return 'It has been refused already.';
    case 'held': {
      const digest = Buffer.from(posting.sha256(item.raw)).toString('hex');
      return digest === request.digest
        ? item
        : 'The mail is not the one that was looked at; look at it again.';
    }
  }
}

function refuse(item: HeldItem, reason: string, { clock }: KeeperTools): ModerationOutcome {
  return {
    state: 'done',
    answer: 'It is refused. It stays in the database with your reason, and nobody is told.',
    decision: { mail: item.id, verdict: 'refused', decidedBy, at: clock(), reason, known: undefined },
  };
}

/** Until moderators have names of their own. */
const decidedBy = 'operator';

async function pass(
  item: HeldItem,
  { publishAnyway }: Readonly<{ publishAnyway: boolean }>,
  tools: KeeperTools,
): Promise<ModerationOutcome> {
  const mail = await arrivedMail(item, tools);
  // Again, as a private list may have been added since.
  const reasons = [...item.heldFor, ...screenPosting(mail, mail.directory)];
  if (mayBePrivate(reasons) && !publishAnyway) {
    return refused(
      'It may be private, and what is published stays so. Read it whole; if it may be read by everybody, say --publish-anyway.',
    );
  }
  if (mail.lists.length === 0) {
    return refused('It was not sent to the address of a public list, so there is none to post it to.');
  }
  if (!(await post(mail, tools))) {
    return refused('The database refused it, so it cannot be archived; it stays held.');
  }
  const known = mail.author === undefined ? undefined : { author: mail.author, lists: mail.lists };
  return {
    state: 'done',
    answer: `It is posted to ${mail.lists.join(', ')}.`,
    decision: {
      mail: item.id,
      verdict: 'passed',
      decidedBy,
      at: tools.clock(),
      reason: reasons.join(' '),
      known,
    },
  };
}

function refused(answer: string): ModerationOutcome {
  return { state: 'refused', answer };
}
