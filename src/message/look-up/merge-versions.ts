import type { Certificate, CertificateUse, MergeCertificate } from '../../membership/certificate.ts';
import { currentCertificates, newestCertificates, type Representative } from '../../membership/roster.ts';
import type { RosterEvent } from '../../membership/roster-event.ts';
import type { Instant } from '../../time/instant.ts';

/** What one copy changes about one certificate of a person. */
export type CertificateChange = Readonly<{
  fingerprint: string;
  events: readonly RosterEvent[];
  /** Its owner has taken something back: of the key, of a subkey or a user id. */
  revoked: boolean;
  /** Keys that copies were sealed to until now, and no longer. */
  lost: readonly string[];
  /** Nothing is sealed to it any more. */
  ended: boolean;
  /** It will be good for more, and from when. */
  widensFrom: Instant | undefined;
  furtherKeys: readonly string[];
}>;

export type MergeTools = Readonly<{
  merge: MergeCertificate;
  use: (certificate: Certificate, now: Instant) => Promise<CertificateUse>;
}>;

type Task = Readonly<{ person: Representative; copy: Certificate; now: Instant; additionsFrom: Instant }>;

/**
 * A6 for what an owner publishes: what takes away counts now; what makes a certificate good for more counts when additions
 * do. A version that an operator has added and that still waits keeps its time, and learns of revocations too.
 */
export async function mergeVersions(task: Task, tools: MergeTools): Promise<CertificateChange | undefined> {
  const { person, copy, now } = task;
  const same = (certificate: Certificate) => certificate.fingerprint === copy.fingerprint;
  const latest = newestCertificates(person).find(same);
  if (!latest) return undefined;
  const { whole, furtherKeys } = tools.merge(latest, copy);
  const waits = waitsUntil(person, latest, now);
  const none = {
    fingerprint: copy.fingerprint,
    revoked: false,
    lost: [],
    ended: false,
    widensFrom: undefined,
    furtherKeys,
  };
  const added = (certificate: Certificate, effectiveFrom: Instant): RosterEvent => ({
    kind: 'certificate-added',
    representative: person.id,
    certificate,
    effectiveFrom,
  });
  const current = currentCertificates(person, now).find(same);
  if (!current) {
    // Nobody seals to it yet, and it was announced.
    return { ...none, events: whole === latest ? [] : [added(whole, waits ?? task.additionsFrom)] };
  }
  const { revoked } = tools.merge(current, copy);
  if (revoked === current && whole === latest) return { ...none, events: [] };
  const was = await tools.use(current, now);
  const without = await tools.use(revoked, now);
  const will = await tools.use(whole, now);
  // What an operator has added was announced; only what goes beyond it is to be.
  const more = widens(without, will) && (waits === undefined || widens(await tools.use(latest, now), will));
  const from = latestOf(waits ?? now, more ? task.additionsFrom : now);
  const isNow = from > now ? without : will;
  return {
    ...none,
    events: [...(revoked !== current && from > now ? [added(revoked, now)] : []), added(whole, from)],
    revoked: revoked !== current,
    lost: keysOf(was).filter((key) => !keysOf(isNow).includes(key)),
    ended: was.kind === 'usable' && isNow.kind === 'unusable',
    widensFrom: more ? from : undefined,
  };
}

/** Undefined when it is in effect. */
function waitsUntil(person: Representative, latest: Certificate, now: Instant): Instant | undefined {
  const from = person.certificates.findLast((held) => held.certificate === latest)?.effectiveFrom;
  return from !== undefined && from > now ? from : undefined;
}

/** No key comes in by a merge; but one that was of no use may be of use again, or for longer. */
function widens(before: CertificateUse, after: CertificateUse): boolean {
  if (after.kind === 'unusable') return false;
  if (before.kind === 'unusable') return true;
  const ends = ({ expiresAt }: typeof after) => expiresAt ?? Number.POSITIVE_INFINITY;
  return (
    ends(after) > ends(before) || after.encryptionKeyIds.some((key) => !before.encryptionKeyIds.includes(key))
  );
}

function keysOf(use: CertificateUse): readonly string[] {
  return use.kind === 'usable' ? use.encryptionKeyIds : [];
}

function latestOf(left: Instant, right: Instant): Instant {
  return left > right ? left : right;
}
