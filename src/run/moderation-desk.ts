/** The operator's way to public-keeper (P7): looks at what waits, and asks in requests that the operator key signs. */
import { createHash, randomUUID } from 'node:crypto';
import { readClock } from '../adapters/clock/clock.ts';
import { signStatement } from '../adapters/openpgp/operator-key/sign-statement.ts';
import { type ModerationStore, openModerationStore } from '../adapters/postgres/moderation-store.ts';
import type { Answer } from '../message/requests/request.ts';
import {
  type ModerationAct,
  moderationBytes,
  writeModerationRequest,
} from '../publication/moderation/moderation-request.ts';
import type { Instant } from '../time/instant.ts';
import type { Configuration } from './config/configuration.ts';
import { databaseAccess } from './config/database-access.ts';
import { readOperatorKey } from './operator-desk.ts';

/** public-keeper answers in milliseconds; a long posting, or a flood before it, needs longer. */
const longestWait = 60_000;

export type ModerationDesk = Readonly<{
  store: ModerationStore;
  decide: (mail: string, act: ModerationAct) => Promise<Answer>;
}>;

export async function openModerationDesk(configuration: Configuration): Promise<ModerationDesk> {
  const store = openModerationStore(await databaseAccess(configuration, 'public', 'operator'));
  const { domain, directory } = configuration;
  const key = () => readOperatorKey(directory);
  return { store, decide: (mail, act) => decide({ store, domain, key, clock: readClock }, mail, act) };
}

type Deciding = Readonly<{
  store: ModerationStore;
  domain: string;
  key: () => Promise<Uint8Array>;
  clock: () => Instant;
}>;

export async function decide(
  { store, domain, key, clock }: Deciding,
  mail: string,
  act: ModerationAct,
): Promise<Answer> {
  const found = await store.mail(mail);
  if (!found) {
    return { kind: 'refused', reason: `No mail ${mail} to a public list; see: embargod moderation list` };
  }
  const id = randomUUID();
  const digest = createHash('sha256').update(found.beginning).digest('hex');
  const statement = writeModerationRequest({
    id,
    installation: domain,
    signedAt: clock(),
    mail,
    digest,
    act,
  });
  const signature = signStatement(await key(), moderationBytes(statement));
  const reply = await store.ask({ id, statement, signature }, longestWait);
  if (reply.kind === 'done') return { kind: 'done', text: [reply.answer], data: { mail, request: id } };
  if (reply.kind === 'refused') return { kind: 'refused', reason: reply.answer };
  return {
    kind: 'refused',
    reason:
      'public-keeper has not answered yet; it will do it when it runs, within 72 hours. Look at the server with `embargod doctor`.',
  };
}
