/** What the operator may look at without asking the keyholder: clear columns, counted and dated, never content. */
import type { OperatorStore } from '../../adapters/postgres/operator-store.ts';
import type { Answer, Json } from '../../message/requests/request.ts';
import { formatInstant, type Instant } from '../../time/instant.ts';
import { table } from './table.ts';

const moment = (instant: Instant | undefined) => (instant === undefined ? null : formatInstant(instant));

export async function heldList(store: OperatorStore): Promise<Answer> {
  const held = await store.held();
  const rows = held.map((mail) => ({
    id: mail.id,
    lists: mail.lists.join(' '),
    received: formatInstant(mail.receivedAt),
    size: `≤ ${sizeOf(mail.sizeClass)}`,
    owner: mail.owner,
    decideBy: formatInstant(mail.decideBy),
  }));
  const head = ['id', 'lists', 'received', 'size', 'owner', 'decideBy'] as const;
  const text = rows.length === 0 ? ['No mail is held.'] : table(head, rows);
  return { kind: 'done', text, data: rows };
}

function sizeOf(sizeClass: number): string {
  const kibibytes = 2 ** sizeClass / 1_024;
  return kibibytes < 1_024 ? `${Math.max(1, kibibytes)} KiB` : `${kibibytes / 1_024} MiB`;
}

type Outgoing = Awaited<ReturnType<OperatorStore['outbox']>>[number];

export async function obligationList(store: OperatorStore): Promise<Answer> {
  const open = [...(await store.obligations())].sort((left, right) => left.dueAt - right.dueAt);
  const rows = open.map((one) => ({
    id: one.id,
    kind: one.kind,
    list: one.list,
    about: one.subject,
    owner: one.owner,
    due: formatInstant(one.dueAt),
  }));
  const head = ['id', 'kind', 'list', 'about', 'owner', 'due'] as const;
  return {
    kind: 'done',
    text: rows.length === 0 ? ['Nobody owes anything.'] : table(head, rows),
    data: rows,
  };
}

/** What needs somebody stands first. */
const urgency: readonly string[] = [
  'failed',
  'held',
  'uncertain',
  'parked',
  'deferred',
  'queued',
  'sent',
  'cancelled',
];

export async function outboxList(store: OperatorStore, all: boolean): Promise<Answer> {
  const rows = [...(await store.outbox({ all }))].sort(
    (left, right) => urgency.indexOf(left.state) - urgency.indexOf(right.state),
  );
  const text = rows.length === 0 ? ['Everything has been delivered.'] : outgoingTable(rows);
  return { kind: 'done', text, data: rows.map(outgoingData) };
}

function outgoingTable(rows: readonly Outgoing[]): readonly string[] {
  const head = ['id', 'state', 'case', 'recipient', 'attempts', 'next'] as const;
  return table(
    head,
    rows.map((row) => ({
      id: row.id,
      state: row.state,
      case: row.caseNumber ?? '–',
      recipient: row.recipient,
      attempts: String(row.attempts),
      next: row.settledAt === undefined ? formatInstant(row.nextAt) : '–',
    })),
  );
}

function outgoingData(row: Outgoing): Json {
  const { id, list, recipient, state, kind, attempts } = row;
  return {
    id,
    list,
    recipient,
    state,
    kind,
    attempts,
    case: row.caseNumber ?? null,
    template: row.template ?? null,
    created: formatInstant(row.createdAt),
    next: formatInstant(row.nextAt),
    settled: moment(row.settledAt),
  };
}

export async function caseList(store: OperatorStore): Promise<Answer> {
  const rows = (await store.cases()).map(({ number, list, state, openedAt }) => ({
    number,
    list,
    state,
    opened: formatInstant(openedAt),
  }));
  const text =
    rows.length === 0 ? ['There is no case yet.'] : table(['number', 'list', 'state', 'opened'], rows);
  return { kind: 'done', text, data: rows };
}

export async function caseShow(store: OperatorStore, number: string): Promise<Answer> {
  const found = await store.showCase(number);
  if (!found)
    return { kind: 'refused', reason: `There is no case ${number}; \`embargod case list\` names them all.` };
  const { row, outbox, obligations } = found;
  const duties = obligations.map((duty) => ({
    kind: duty.kind,
    owner: duty.owner,
    due: formatInstant(duty.dueAt),
    ending: duty.ending ?? 'open',
  }));
  const text = [
    `${row.number} on ${row.list}, ${row.state}, opened ${formatInstant(row.openedAt)}`,
    '',
    ...(duties.length === 0
      ? ['No obligation is recorded.']
      : table(['kind', 'owner', 'due', 'ending'], duties)),
    '',
    ...(outbox.length === 0 ? ['Nothing has gone out.'] : outgoingTable(outbox)),
  ];
  const data = {
    number: row.number,
    list: row.list,
    state: row.state,
    opened: formatInstant(row.openedAt),
    obligations: duties,
    outbox: outbox.map(outgoingData),
  };
  return { kind: 'done', text, data };
}
