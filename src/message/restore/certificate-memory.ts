import type { Certificate, MergeCertificate } from '../../membership/certificate.ts';
import {
  currentCertificates,
  newestCertificates,
  type Representative,
  type Roster,
} from '../../membership/roster.ts';
import type { RosterEvent } from '../../membership/roster-event.ts';
import type { Instant } from '../../time/instant.ts';
import { decodeEvent, encodeEvent } from '../journal/event-codec.ts';

/**
 * Certificates that have changed since they were added, by person and fingerprint, each as the event that says so: what
 * its owner has revoked stays revoked after a restore, also when no directory says it any more (I12).
 */
export type CertificateMemory = Readonly<Record<string, string>>;

export function rememberingCertificates(
  before: CertificateMemory,
  { representatives }: Pick<Roster, 'representatives'>,
): CertificateMemory {
  const changed = [...representatives.values()].flatMap((person) =>
    newestCertificates(person)
      .filter((certificate) => certificate !== firstVersion(person, certificate))
      .map((certificate) => [nameOf(person, certificate), written(person, certificate)] as const),
  );
  return { ...before, ...Object.fromEntries(changed) };
}

/** For each person whose restored certificates lack a revocation that we remember. */
export function revokedAgain(
  memory: CertificateMemory,
  { representatives }: Pick<Roster, 'representatives'>,
  { now, merge }: Readonly<{ now: Instant; merge: MergeCertificate }>,
): readonly Readonly<{ person: Representative; events: readonly RosterEvent[] }>[] {
  return [...representatives.values()].flatMap((person) => {
    const current = currentCertificates(person, now);
    // Behind them those that still wait, so that each keeps its place and its time.
    const waiting = person.certificates.filter((held) => held.effectiveFrom > now);
    const held = [...current.map((certificate) => ({ certificate, effectiveFrom: now })), ...waiting];
    const touched = new Set(
      held.flatMap(({ certificate }) =>
        revokedAs(certificate) === certificate ? [] : certificate.fingerprint,
      ),
    );
    const events = held
      .filter(({ certificate }) => touched.has(certificate.fingerprint))
      .map(
        ({ certificate, effectiveFrom }): RosterEvent => ({
          kind: 'certificate-added',
          representative: person.id,
          certificate: revokedAs(certificate),
          effectiveFrom,
        }),
      );
    return events.length === 0 ? [] : [{ person, events }];

    function revokedAs(certificate: Certificate): Certificate {
      const text = memory[nameOf(person, certificate)];
      const event = text === undefined ? undefined : decodeEvent(new TextEncoder().encode(text));
      return event?.kind === 'certificate-added'
        ? merge(certificate, event.certificate).revoked
        : certificate;
    }
  });
}

function firstVersion(person: Representative, { fingerprint }: Certificate): Certificate | undefined {
  return person.certificates.find((held) => held.certificate.fingerprint === fingerprint)?.certificate;
}

function nameOf({ id }: Representative, { fingerprint }: Certificate): string {
  return `${id} ${fingerprint}`;
}

/** Always the same for the same certificate: what has not changed is not written again. */
function written({ id }: Representative, certificate: Certificate): string {
  const effectiveFrom = certificate.createdAt;
  return new TextDecoder().decode(
    encodeEvent({ kind: 'certificate-added', representative: id, certificate, effectiveFrom }),
  );
}
