/** What the operator may look at without asking the keyholder: clear columns, counted and dated, never content. */
import type { OperatorStore } from '../../adapters/postgres/operator-store.ts';
import type { Answer } from '../../message/requests/request.ts';
import { formatInstant } from '../../time/instant.ts';
import { outgoingData, outgoingTable } from './outbox-table.ts';
import { table } from './table.ts';

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
