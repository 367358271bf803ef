/**
 * The keyholder's side of the private database. It promises: a step is written whole or not at all; two keyholders
 * never decide on the same journal (`apply-step.ts`); a row is in one pair of hands at a time (`claim.ts`).
 */
import type { PoolConfig } from 'pg';
import type { PrivateStore } from '../../message/private-store-port.ts';
import { answerStore } from './answer-store.ts';
import { applyStep } from './apply-step.ts';
import { withClaim } from './claim.ts';
import { withInboxItem } from './claim-inbox.ts';
import { type Connection, openConnection } from './connection.ts';
import { journalHead, journalTail } from './journal-reader.ts';
import {
  body,
  doorEpochs,
  oldestWaiting,
  openCases,
  outboxRowByReturnPath,
  outboxRowOf,
  parkedFor,
  parkedReaders,
  troubledDeliveries,
} from './keyholder-reads.ts';
import { openObligations } from './obligation-reads.ts';
import { epochsInUse, purgeable, settledMail } from './purge-reads.ts';
import { sealedBytes } from './row-shapes.ts';
import type { PrivateTables } from './tables.ts';
import { uncertainRows } from './uncertain-rows.ts';
import { openWake } from './wake.ts';

export type OpenPrivateStore = PrivateStore & Readonly<{ close: () => Promise<void> }>;

/**
 * Attack: a process that was taken over keeps a row locked that a step must have, and the keyholder waits for ever, with all
 * mail and every suspension behind it. What cannot be had within this fails, and is tried or given again.
 */
const patience = '-c lock_timeout=10s';

export function openPrivateStore(config: PoolConfig): OpenPrivateStore {
  const connection = openConnection<PrivateTables>({
    ...config,
    options: `${config.options ?? ''} ${patience}`,
  });
  const wake = openWake(config, 'embargod_keyholder');
  const { query } = connection;
  return {
    withInboxItem: (work) => withInboxItem(connection, work),
    withRequest: (work) => withRequest(connection, work),
    commit: (step) => query.transaction().execute((transaction) => applyStep(transaction, step)),
    journalHead: () => journalHead(query),
    journalTail: (after) => journalTail(query, after),
    body: (bodyId) => body(query, bodyId),
    parkedFor: (readerId) => parkedFor(query, readerId),
    permit: (id) => query.selectFrom('permits').selectAll().where('id', '=', id).executeTakeFirst(),
    parkedReaders: () => parkedReaders(query),
    doorEpochs: () => doorEpochs(query),
    troubledDeliveries: () => troubledDeliveries(query),
    outboxRowByReturnPath: (returnPath) => outboxRowByReturnPath(query, returnPath),
    outboxRow: (id) => outboxRowOf(query, id),
    uncertainRows: () => uncertainRows(query),
    openCases: () => openCases(query),
    openObligations: () => openObligations(query),
    purgeable: (cases, mails) => purgeable(query, cases, mails),
    settledMail: (before) => settledMail(query, before),
    answers: answerStore(query),
    epochsInUse: () => epochsInUse(query),
    oldestWaiting: () => oldestWaiting(query),
    waitForWork: (longest) => wake.wait(longest),
    close: async () => {
      await wake.close();
      await connection.close();
    },
  };
}

function withRequest<T>(
  connection: Connection<PrivateTables>,
  work: Parameters<PrivateStore['withRequest']>[0] extends (...given: infer Given) => unknown
    ? (...given: Given) => Promise<T>
    : never,
): Promise<T | undefined> {
  return withClaim({
    connection,
    take: async (query) => {
      const row = await query
        .selectFrom('requests')
        .select(['id', 'sealed'])
        .where('state', '=', 'waiting')
        .orderBy('created_at')
        .orderBy('id')
        .limit(1)
        .forUpdate()
        .skipLocked()
        .executeTakeFirst();
      return row && { id: row.id, sealed: sealedBytes(row.sealed) };
    },
    work,
  });
}
