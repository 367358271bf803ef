/**
 * What is wrong with the machinery, as one list of concerns. Pure: the facts and `now` are arguments. A concern names
 * processes, machines, counts and instants; nothing of any mail, list or case can be said in it.
 */
import { type Duration, day, type Instant, minute, second } from '../../time/instant.ts';
import { instanceName, readInstanceName } from './instance-name.ts';

export type Concern =
  /** `instance`: this one, while another beside it on the same machine works. */
  | Readonly<{ kind: 'process-silent'; process: string; instance?: string }>
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

/** One that works on any machine is enough, but there all of those side by side; a clock matters on each. */
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
    ...silentSiblings(heard, watchedFor),
    ...wrong.map(
      ({ process, instance, clockAhead }) =>
        ({ kind: 'clock-differs', process, instance, by: clockAhead }) as const,
    ),
  ];
}

/** Half of the door is shut, and those who stand there wait. */
function silentSiblings(heard: readonly WatchedHeartbeat[], watchedFor: Duration): readonly Concern[] {
  const missed = new Map<string, Concern>();
  for (const { process, instance, age } of heard) {
    if (age >= silentAfter) continue;
    const { machine, sibling } = readInstanceName(instance);
    for (let number = 1; number <= sibling.of; number += 1) {
      const name = instanceName(machine, { number, of: sibling.of });
      const other = heard.find((beat) => beat.process === process && beat.instance === name);
      // Measured from one that was just heard: where all end together, as before a change of their number, none is missed.
      if (Math.min(watchedFor, other?.age ?? watchedFor) - age < silentAfter) continue;
      missed.set(`${process} ${name}`, { kind: 'process-silent', process, instance: name });
    }
  }
  return [...missed.values()];
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
      return [concern.kind, concern.process, concern.instance].filter(Boolean).join(' ');
    case 'clock-differs':
      return `${concern.kind} ${concern.process} ${concern.instance}`;
    default:
      return concern.kind;
  }
}
