import type { Case } from '../../case/case.ts';
import type { Certificate } from '../../membership/certificate.ts';
import { ownerOfCertificate } from '../../membership/roster.ts';
import type { Knowledge } from '../journal/knowledge.ts';
import type { Opened } from '../open/opened.ts';
import { listOf, type Place, type Signer } from './letter.ts';

/** Whose signature a mail bears. From is never asked: anyone can write it. */
export function recogniseSigner(opened: Opened, place: Place, knowledge: Knowledge): Signer {
  const { signature } = opened;
  switch (signature.kind) {
    case 'none':
      return { kind: 'none' };
    case 'invalid':
      return { kind: 'invalid' };
    case 'unknown-key':
      return { kind: 'unknown' };
    case 'valid': {
      const representative = ownerOfCertificate(knowledge.roster, signature.fingerprint);
      if (representative) return { kind: 'representative', representative };
      const role = place.kind === 'case' ? roleIn(place.case, signature.fingerprint) : undefined;
      if (role && place.kind === 'case') return { kind: 'participant', role, case: place.case };
      const enclosed = opened.enclosedCertificates.find(
        ({ fingerprint }) => fingerprint === signature.fingerprint,
      );
      const certificate = enclosed ?? pinnedBefore(signature.fingerprint, place, knowledge);
      return certificate ? { kind: 'enclosed', certificate } : { kind: 'unknown' };
    }
  }
}

/** A1: pinned by an earlier report to the same list, whose members therefore know of it already. */
function pinnedBefore(fingerprint: string, place: Place, knowledge: Knowledge): Certificate | undefined {
  const list = listOf(place);
  for (const { list: other, reporter } of knowledge.cases.values()) {
    if (other === list && reporter?.certificate?.fingerprint === fingerprint) return reporter.certificate;
  }
  return undefined;
}

function roleIn(subject: Case, fingerprint: string): 'reporter' | 'guest' | undefined {
  if (subject.reporter?.certificate?.fingerprint === fingerprint) return 'reporter';
  return subject.guests.some((guest) => guest.certificate.fingerprint === fingerprint) ? 'guest' : undefined;
}
