/** The parts of a step besides journal and outbox. */
import { type Kysely, sql } from 'kysely';
import type { BodyRow } from '../../message/ports.ts';
import type { Step } from '../../message/private-store-port.ts';
import { toDate } from './row-shapes.ts';
import type { PrivateTables } from './tables.ts';

/** Who may read, and at which doors mail comes in. */
export async function writeRoster(query: Kysely<PrivateTables>, step: Step): Promise<void> {
  if (step.readers?.length) {
    await query
      .insertInto('readers')
      .values(
        step.readers.map((reader) => ({
          id: reader.id,
          address: reader.address,
          standing: reader.standing,
          encryption_key_ids: reader.encryptionKeyIds,
          signature: reader.signature,
        })),
      )
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet((row) => ({
          address: row.ref('excluded.address'),
          standing: row.ref('excluded.standing'),
          encryption_key_ids: row.ref('excluded.encryption_key_ids'),
          signature: row.ref('excluded.signature'),
        })),
      )
      .execute();
  }
  if (step.doors?.length) {
    await query
      .insertInto('epochs')
      .values(step.doors.map(({ epoch }) => ({ epoch })))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await query
      .insertInto('doors')
      .values(
        step.doors.map((door) => ({
          list: door.list,
          kind: door.kind,
          storage_certificate: door.storageCertificate,
          epoch: door.epoch,
          signature: door.signature,
        })),
      )
      .onConflict((conflict) =>
        conflict.column('list').doUpdateSet((row) => ({
          kind: row.ref('excluded.kind'),
          storage_certificate: row.ref('excluded.storage_certificate'),
          epoch: row.ref('excluded.epoch'),
          signature: row.ref('excluded.signature'),
        })),
      )
      .execute();
    await sql`NOTIFY embargod_intake`.execute(query);
  }
}

/** Cases, bodies and permits: what outbox rows refer to. */
export async function writeBodies(query: Kysely<PrivateTables>, step: Step): Promise<void> {
  if (step.cases?.length) {
    await query
      .insertInto('cases')
      .values(
        step.cases.map((row) => ({
          number: row.number,
          list: row.list,
          opened_at: toDate(row.openedAt),
          state: row.state,
        })),
      )
      .onConflict((conflict) =>
        conflict.column('number').doUpdateSet((row) => ({ state: row.ref('excluded.state') })),
      )
      .execute();
  }
  if (step.permits?.length) {
    await query
      .insertInto('permits')
      .values(step.permits.map((permit) => ({ ...permit })))
      .execute();
  }
  for (const body of step.bodies ?? []) await writeBody(query, body);
}

/** One body at a time: the three tails of a large one are as much as one statement should carry. */
async function writeBody(query: Kysely<PrivateTables>, body: BodyRow): Promise<void> {
  await query
    .insertInto('bodies')
    .values({
      id: body.id,
      list: body.list,
      case_number: body.caseNumber ?? null,
      message_id: body.messageId,
      envelope_head: body.envelopeHead,
      envelope_end: body.envelopeEnd,
    })
    .execute();
  await query
    .insertInto('body_tails')
    .values(body.tails.map((bytes, alignment) => ({ body_id: body.id, alignment, bytes })))
    .execute();
  await query
    .insertInto('home_keys')
    .values({ body_id: body.id, epoch: body.homeEpoch, sealed: body.home })
    .execute();
}

export async function settleObligations(query: Kysely<PrivateTables>, step: Step): Promise<void> {
  if (step.obligationsOpened?.length) {
    await query
      .insertInto('obligations')
      .values(
        step.obligationsOpened.map((row) => ({
          id: row.id,
          kind: row.kind,
          list: row.list,
          subject: row.subject,
          owner: row.owner,
          opened_at: toDate(row.openedAt),
          due_at: toDate(row.dueAt),
        })),
      )
      .execute();
  }
  for (const settled of step.obligationsSettled ?? []) {
    await query
      .updateTable('obligations')
      .set({ settled_at: toDate(settled.at), ending: settled.ending })
      .where('id', '=', settled.id)
      .where('settled_at', 'is', null)
      .execute();
  }
}
