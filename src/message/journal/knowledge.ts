import { applyCaseEvent } from '../../case/apply-case-event.ts';
import type { Case } from '../../case/case.ts';
import type { Address } from '../../mail/address.ts';
import type { MessageId } from '../../mail/letter-head.ts';
import { applyRosterEvent } from '../../membership/apply-roster-event.ts';
import { emptyRoster, type Roster } from '../../membership/roster.ts';
import { day, type Instant } from '../../time/instant.ts';
import type { Passed } from '../letter/letter.ts';
import type { Epoch, NoticeTemplate } from '../ports.ts';
import { applyRestoreEvent } from '../restore/apply-restore-event.ts';
import type { Restored } from '../restore/restored.ts';
import type { Event } from './event.ts';
import type { FiledMessage, HeldMail } from './message-event.ts';

/**
 * What the keyholder knows: the fold of the journal (DESIGN §4 "State"). It lives in memory only; the database has
 * clear columns and sealed details. Everything that a decision reads is here.
 */
export type Knowledge = Readonly<{
  roster: Roster;
  cases: ReadonlyMap<string, Case>;
  /** By the author's id and by ours (M3). */
  messages: ReadonlyMap<MessageId, FiledMessage>;
  /** By digest of the author's entity (T8). */
  contents: ReadonlyMap<string, readonly FiledMessage[]>;
  /** Case in which an encrypted body was seen (K1). */
  bodies: ReadonlyMap<string, string>;
  held: ReadonlyMap<string, HeldMail>;
  /** Held mail that was passed: it is waiting in the inbox again. */
  passed: ReadonlyMap<string, Passed>;
  refused: readonly Readonly<{ inboxId: string; list: string; reason: string; at: Instant }>[];
  /** When each address last had each clear notice, by `noticeKey` (R4: once a day). */
  notices: ReadonlyMap<string, Instant>;
  digests: ReadonlyMap<string, Instant>;
  /** When administrators were last alarmed about mail to an address, in lower case: an alarm may come back too. */
  alarms: ReadonlyMap<string, Instant>;
  /** What administrators were last told of somebody's key directory, by representative. */
  shownByDirectory: ReadonlyMap<string, Readonly<{ shown: readonly string[]; at: Instant }>>;
  /** Copies that have come back: each is a task once, however often it is said to have failed (R8). */
  bounced: ReadonlySet<string>;
  /** Obligations to review a new report that nobody has answered yet, by case. */
  reviews: ReadonlyMap<string, string>;
  /** Signatures of operator's requests that have been carried out (P7). */
  requests: ReadonlySet<string>;
  /** Signatures of mails that carried commands or went out in clear, by case: each counts once (A2). */
  spent: ReadonlyMap<string, string>;
  /** Purges that were announced, by case, and from when on they may be made. */
  announcedPurges: ReadonlyMap<string, Instant>;
  /** Numbers of cases that were purged: none is given again. */
  purged: ReadonlySet<string>;
  /** Sequences of the entries whose details a purge took: no other may be missing. */
  purgedDetails: ReadonlySet<number>;
  /** Epochs whose keys are destroyed (K6). */
  endedEpochs: ReadonlySet<Epoch>;
  /** Lists that have had their first report: roster additions then wait (A6). */
  listsInUse: ReadonlySet<string>;
  /** The last restore of the database, if there was one (T6). */
  restored: Restored | undefined;
}>;

type Mutable = {
  -readonly [Key in keyof Knowledge]: Knowledge[Key] extends ReadonlyMap<infer K, infer V>
    ? Map<K, V>
    : Knowledge[Key] extends ReadonlySet<infer V>
      ? Set<V>
      : Knowledge[Key] extends readonly (infer V)[]
        ? V[]
        : Knowledge[Key];
};

/** `filed`: every message in the journal's order, from which the maps of messages can be made again. */
type State = Mutable & { filed: FiledMessage[] };

export function noticeKey(template: NoticeTemplate, address: Address): string {
  return `${template} ${address.toLowerCase()}`;
}

/**
 * Whether mail to `address` that did not arrive is worth an alarm: once a day. The alarm goes to people whose own mail
 * may be what is broken, and would be the next to come back.
 */
export function isAlarmDue({ alarms }: Pick<Knowledge, 'alarms'>, address: Address, now: Instant): boolean {
  const last = alarms.get(address.toLowerCase());
  return last === undefined || now - last >= day;
}

/** The fold: `apply` in the journal's order; `knowledge` is always what has been applied so far. */
export type Fold = Readonly<{ knowledge: Knowledge; apply: (event: Event) => void }>;

/** The maps grow in place: a fold over years of mail must not copy them at each event. */
export function startFold(): Fold {
  const state: State = {
    filed: [],
    roster: emptyRoster,
    cases: new Map(),
    messages: new Map(),
    contents: new Map(),
    bodies: new Map(),
    held: new Map(),
    passed: new Map(),
    refused: [],
    notices: new Map(),
    digests: new Map(),
    alarms: new Map(),
    shownByDirectory: new Map(),
    bounced: new Set(),
    reviews: new Map(),
    requests: new Set(),
    spent: new Map(),
    announcedPurges: new Map(),
    purged: new Set(),
    purgedDetails: new Set(),
    endedEpochs: new Set(),
    listsInUse: new Set(),
    restored: undefined,
  };
  return { knowledge: state, apply: (event) => applyEvent(state, event) };
}

function applyEvent(state: State, event: Event): void {
  switch (event.kind) {
    case 'case-opened':
    case 'guest-added':
    case 'case-closed': {
      const number = event.kind === 'case-opened' ? event.case.number : event.caseNumber;
      const after = applyCaseEvent(state.cases.get(number), event);
      if (after) state.cases.set(number, after);
      if (after && event.kind === 'case-opened') state.listsInUse.add(after.list);
      return;
    }
    case 'message-filed':
      remember(state, event.message);
      return;
    case 'message-held':
      state.held.set(event.held.inboxId, event.held);
      if (event.held.bodies) rememberBodies(state, event.held.bodies.digests, event.held.bodies.caseNumber);
      state.listsInUse.add(event.held.list);
      return;
    case 'held-mail-settled':
      if (event.ending === 'passed') rememberPassed(state, event.inboxId, event.by);
      state.held.delete(event.inboxId);
      return;
    case 'message-refused': {
      const { inboxId, list, reason, at } = event;
      state.refused.push({ inboxId, list, reason, at });
      return;
    }
    case 'notice-sent':
      state.notices.set(noticeKey(event.template, event.address), event.at);
      return;
    case 'review-owed':
      state.reviews.set(event.caseNumber, event.obligation);
      return;
    case 'obligation-settled':
      for (const [number, obligation] of state.reviews) {
        if (obligation === event.obligation) state.reviews.delete(number);
      }
      return;
    case 'signature-spent':
      state.spent.set(event.digest, event.caseNumber);
      return;
    case 'request-executed':
      state.requests.add(event.digest);
      return;
    case 'purge-announced':
      for (const number of event.cases) state.announcedPurges.set(number, event.effectiveFrom);
      return;
    case 'data-purged':
      forget(state, event);
      return;
    case 'epochs-ended':
      for (const epoch of event.epochs) state.endedEpochs.add(epoch);
      return;
    case 'digest-sent':
      state.digests.set(event.list, event.at);
      return;
    case 'directory-differed':
      state.shownByDirectory.set(event.representative, event);
      return;
    case 'bounce-received':
    case 'delivery-troubled': {
      const address = event.recipient.toLowerCase();
      if (isAlarmDue(state, event.recipient, event.at)) state.alarms.set(address, event.at);
      if (event.kind === 'bounce-received') state.bounced.add(event.outboxId);
      return;
    }
    case 'database-restored':
    case 'restore-confirmed':
      state.restored = applyRestoreEvent(state.restored, event);
      if (event.kind === 'database-restored')
        for (const sequence of event.lost) state.purgedDetails.add(sequence);
      return;
    case 'delivery-reported':
    case 'administrators-written-to':
    case 'copies-parked':
    case 'sent-in-clear':
    case 'reader-parked':
    case 'copies-wrapped-late':
    case 'copy-retried':
    case 'copy-stopped':
    case 'copy-released':
    case 'keys-exported':
      return;
    default:
      state.roster = applyRosterEvent(state.roster, event);
  }
}

/** What it was passed over adds up: a mail that is held again for something else is not held for the first reason too. */
function rememberPassed(state: Mutable, inboxId: string, by: string): void {
  const before = state.passed.get(inboxId)?.over ?? [];
  const now = state.held.get(inboxId)?.reasons ?? [];
  state.passed.set(inboxId, { by, over: [...new Set([...before, ...now])] });
}

function remember(state: State, message: FiledMessage): void {
  state.filed.push(message);
  state.messages.set(message.messageId, message);
  // The first mail with an id keeps it: a later one that repeats it only gets a mark (T8).
  if (message.authorsMessageId && !state.messages.has(message.authorsMessageId)) {
    state.messages.set(message.authorsMessageId, message);
  }
  state.contents.set(message.contentDigest, [...(state.contents.get(message.contentDigest) ?? []), message]);
  rememberBodies(state, message.bodyDigests, message.caseNumber);
}

/** The first case in which a body was seen keeps it (K1). */
function rememberBodies(state: Mutable, digests: readonly string[], caseNumber: string): void {
  for (const digest of digests) if (!state.bodies.has(digest)) state.bodies.set(digest, caseNumber);
}

/**
 * What a fold without the purged details knows, and not more: otherwise a keyholder would forget only when it starts
 * again. What was first with an id may have been purged, and then another message is.
 */
function forget(state: State, purge: Extract<Event, { kind: 'data-purged' }>): void {
  const gone = new Set(purge.cases);
  const kept = state.filed.filter((message) => !gone.has(message.caseNumber));
  state.filed = [];
  state.messages.clear();
  state.contents.clear();
  state.bodies.clear();
  for (const message of kept) remember(state, message);
  for (const [digest, number] of state.spent) if (gone.has(number)) state.spent.delete(digest);
  for (const number of purge.cases) {
    state.cases.delete(number);
    state.reviews.delete(number);
    state.announcedPurges.delete(number);
    state.purged.add(number);
  }
  for (const list of purge.lists) state.listsInUse.add(list);
  for (const sequence of purge.details) state.purgedDetails.add(sequence);
}
