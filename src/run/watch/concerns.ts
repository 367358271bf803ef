/**
 * What is wrong with the machinery, as one list of concerns. Pure: the facts and `now` are arguments. A concern names
 * processes, machines, counts and instants; nothing of any mail, list or case can be said in it.
 */
import { type Duration, day, type Instant, minute, second } from '../../time/instant.ts';

export type Concern =
  | Readonly<{ kind: 'process-silent'; process: string }>
  | Readonly<{ kind: 'relay-unreachable'; reason: string }>
  | Readonly<{ kind: 'frozen' }>
  | Readonly<{ kind: 'relay-missing' }>
  | Readonly<{ kind: 'database-unreachable' }>
  | Readonly<{ kind: 'disk-nearly-full'; free: number }>
  | Readonly<{ kind: 'clock-differs'; process: string; instance: string; by: Duration }>
  | Readonly<{ kind: 'certificate-ends'; at: Instant }>;

export type WatchedHeartbeat = Readonly<{
  process: string;
  instance: string;
  note: string;
  age: Duration;
  clockAhead: Duration;
}>;

export type WatchFacts = Readonly<{
  /** How long somebody has been watching: what was silent before is not yet missed. */
  watchedFor: Duration;
  /** Undefined when the databases cannot be asked. */
  heartbeats: readonly WatchedHeartbeat[] | undefined;
  relay:
    | Readonly<{ kind: 'none' | 'unknown' | 'reachable' }>
    | Readonly<{ kind: 'unreachable'; reason: string; for: Duration }>;
  /** Of the data directory's file system, 0 to 1; undefined when it cannot be told. */
  diskFree: number | undefined;
  /** When the door's TLS certificate ends; undefined without one. */
  doorCertificateEnds: Instant | undefined;
}>;

/** Twelve missed heartbeats: a mail that takes a child's whole time (five minutes) is told of, and is worth it. */
export const silentAfter: Duration = 3 * minute;
/** A relay that restarts is no news. */
export const relayPatience: Duration = 5 * minute;
export const leastDiskFree = 0.1;
/** As `doctor` and T5: beyond this, deadlines and signatures are judged wrongly. */
export const mostClockDifference: Duration = 5 * second;
/** ACME renews a month before the end; two weeks before it something is broken. */
export const certificateNotice: Duration = 14 * day;

const watched = ['intake', 'keyholder', 'sender', 'public-keeper', 'public-site'] as const;

export function concernsOf(facts: WatchFacts, now: Instant): readonly Concern[] {
  const { diskFree, doorCertificateEnds: ends } = facts;
  return [
    ...(facts.heartbeats ? processConcerns(facts.heartbeats, facts.watchedFor) : [databaseUnreachable]),
    ...relayConcerns(facts.relay),
    ...(diskFree !== undefined && diskFree < leastDiskFree
      ? [{ kind: 'disk-nearly-full', free: diskFree } as const]
      : []),
    ...(ends !== undefined && ends - now < certificateNotice
      ? [{ kind: 'certificate-ends', at: ends } as const]
      : []),
  ];
}

const databaseUnreachable: Concern = { kind: 'database-unreachable' };

/** One that works on any machine is enough; a clock matters on each. */
function processConcerns(heard: readonly WatchedHeartbeat[], watchedFor: Duration): readonly Concern[] {
  const silent = watched.filter((name) => {
    const ages = heard.filter(({ process }) => process === name).map(({ age }) => age);
    return Math.min(watchedFor, ...ages) >= silentAfter;
  });
  const wrong = heard.filter(
    ({ age, clockAhead }) => age < silentAfter && Math.abs(clockAhead) > mostClockDifference,
  );
  const frozen = heard.some(({ age, note }) => age < silentAfter && note === 'frozen');
  return [
    ...(frozen ? [{ kind: 'frozen' } as const] : []),
    ...silent.map((process) => ({ kind: 'process-silent', process }) as const),
    ...wrong.map(
      ({ process, instance, clockAhead }) =>
        ({ kind: 'clock-differs', process, instance, by: clockAhead }) as const,
    ),
  ];
}

function relayConcerns(relay: WatchFacts['relay']): readonly Concern[] {
  if (relay.kind === 'none') return [{ kind: 'relay-missing' }];
  if (relay.kind !== 'unreachable' || relay.for < relayPatience) return [];
  return [{ kind: 'relay-unreachable', reason: relay.reason }];
}

/** Two concerns with one key are one that goes on. */
export function concernKey(concern: Concern): string {
  switch (concern.kind) {
    case 'process-silent':
      return `${concern.kind} ${concern.process}`;
    case 'clock-differs':
      return `${concern.kind} ${concern.process} ${concern.instance}`;
    default:
      return concern.kind;
  }
}
