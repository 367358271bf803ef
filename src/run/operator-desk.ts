/** The operator's side of P7: requests signed with the operator key, sealed to the keyholder; answers checked and opened. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readClock } from '../adapters/clock/clock.ts';
import { codeOf } from '../adapters/log/log.ts';
import { openAnswer, sealRequest } from '../adapters/openpgp/operator-key/operator-mail.ts';
import { readOwnCertificate } from '../adapters/openpgp/own-certificate.ts';
import { readPrivateKey } from '../adapters/openpgp/private/private-key.ts';
import { type OperatorStore, openOperatorStore } from '../adapters/postgres/operator-store.ts';
import type { Answer, Request } from '../message/requests/request.ts';
import { minute } from '../time/instant.ts';
import type { Configuration } from './config/configuration.ts';
import type { DataDirectory } from './config/data-directory.ts';
import { databaseAccess } from './config/database-access.ts';
import { readPin } from './config/pins.ts';
import { ConfigurationError } from './config/read-configuration.ts';
import { readAnswer, writeRequest } from './read-request.ts';
import { requestToSign } from './request-to-sign.ts';

/** A keyholder that runs answers in milliseconds; one that makes keys or reads a long journal needs longer. */
const longestWait = 2 * minute;

export type OperatorDesk = Readonly<{
  ask: (request: Request) => Promise<Answer>;
  store: OperatorStore;
  close: () => Promise<void>;
}>;

export function operatorKeyFile(directory: DataDirectory): string {
  return join(directory.operator, 'key');
}

export async function openOperatorDesk(configuration: Configuration): Promise<OperatorDesk> {
  const store = openOperatorStore(await databaseAccess(configuration, 'private', 'operator'));
  return { store, ask: (request) => ask(configuration, store, request), close: store.close };
}

async function ask({ directory }: Configuration, store: OperatorStore, request: Request): Promise<Answer> {
  const key = await readPrivateKey(await readOperatorKey(directory));
  const keyholder = await readOwnCertificate(await readPin(directory, 'keyholder'));
  const id = randomUUID();
  const signed = await requestToSign(request);
  const sealed = await sealRequest({ request: writeRequest(id, signed), keyholder, key, now: readClock() });
  const reply = await store.ask({ id, sealed }, longestWait);
  if (reply.kind === 'no-answer') {
    return {
      kind: 'refused',
      reason:
        'The keyholder has not answered yet; it will carry the request out when it runs. Look at the server with `embargod doctor`.',
    };
  }
  const opened = await openAnswer({ sealed: reply.answer, key, keyholder, now: readClock() });
  const answer = readAnswer(id, opened.bytes);
  if (answer === 'other') {
    throw new Error(
      'The answer in the database was given to another request: somebody has changed the table `requests`. Find out who can write there, and look at the journal with `embargod journal verify`.',
    );
  }
  if (answer) return answer;
  throw new Error(
    'The keyholder gave an answer that this version cannot read: run the same version on both sides.',
  );
}

export async function readOperatorKey(directory: DataDirectory): Promise<Uint8Array> {
  const path = operatorKeyFile(directory);
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    throw new ConfigurationError(
      `The operator key ${path} cannot be read (${codeOf(error)}); run the command as the user who ran \`embargod init\`, or as root.`,
    );
  }
}
