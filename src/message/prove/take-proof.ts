import { signatureFault } from '../../case/command-signature.ts';
import { proofOwedBy } from '../../membership/proof.ts';
import { currentCertificates, type OwedProof } from '../../membership/roster.ts';
import { writeOurPart } from '../copy/our-part.ts';
import { addressOf, type Desk } from '../desk.ts';
import { administratorsAudience } from '../file/audience.ts';
import { type Finding, waitsForAnAdministrator } from '../judge/rule.ts';
import { type Letter, listOf, type Place } from '../letter/letter.ts';
import { writeNotice } from '../notice/write-notice.ts';
import { writeToAdministrators } from '../notice/write-to-administrators.ts';
import { emptyPlan, type Plan } from '../plan.ts';
import { proofText } from './ask-for-proof.ts';

/** An administrator's answer to `ask-for-proof`: it ends what they owe, or is read by all administrators with the reason. */
export function takeProof(
  letter: Letter,
  { list, token }: Extract<Place, { kind: 'proof' }>,
  marks: readonly Finding[],
  desk: Desk,
): Plan {
  const owed = desk.knowledge.roster.proofs.find(
    (one) => one.list === list && desk.token('prove', proofText(one)) === token,
  );
  if (!owed) return writeToAdministrators(letter, marks, desk);
  const why = whyNoProof(letter, owed, desk);
  if (why) return writeToAdministrators(letter, [...marks, provesNothing(why)], desk);
  const { representative, obligation } = owed;
  return {
    ...emptyPlan,
    events: [
      { kind: 'administrator-proved', list, representative, at: desk.now },
      { kind: 'obligation-settled', obligation, ending: 'proved' },
    ],
    outgoing: thanks(owed, desk),
    obligationsSettled: [{ id: obligation, ending: 'done' }],
    inbox: { id: letter.inboxId, state: 'judged' },
  };
}

/** Said of what somebody asks for as an administrator before they have proved their key; undefined when they may. */
export function unprovedAdministrator({ signer, place }: Letter, desk: Desk): Finding | undefined {
  if (signer.kind !== 'representative') return undefined;
  const { id, address } = signer.representative;
  const list = listOf(place);
  if (!proofOwedBy(desk.knowledge.roster, id, list)) return undefined;
  return {
    kind: 'mark',
    rule: 'administrator-must-prove-first',
    inside: `${address} has yet to prove their key as an administrator of ${list}: what they ask for as one is not done.`,
    outside: waitsForAnAdministrator,
  };
}

function whyNoProof(
  { opened: { signature }, signer }: Letter,
  { representative, since }: OwedProof,
  { knowledge, now }: Desk,
): string | undefined {
  if (signature.kind !== 'valid') return 'it has no valid signature';
  if (signer.kind !== 'representative' || signer.representative.id !== representative)
    return 'it is not signed by the administrator who was asked';
  const inForce = currentCertificates(signer.representative, now).some(
    ({ fingerprint }) => fingerprint === signature.fingerprint,
  );
  if (!inForce) return 'the key that signed it is not in force';
  // What was signed before may be in the hands of whoever has the list's key.
  if (signature.signedAt <= since) return 'it was signed before it was asked for';
  return signatureFault(signature, now, knowledge);
}

function provesNothing(why: string): Finding {
  return {
    kind: 'mark',
    rule: 'proof-must-prove',
    inside: `It is an administrator’s answer to being asked to prove their key, and proves nothing: ${why}.`,
    outside: waitsForAnAdministrator,
  };
}

function thanks({ list, representative }: OwedProof, desk: Desk): Plan['outgoing'] {
  const readers = administratorsAudience(desk.knowledge.roster, list, desk.now).filter(
    ({ id }) => id === representative,
  );
  if (readers.length === 0) return [];
  return [
    writeNotice(
      {
        list,
        caseNumber: undefined,
        readers,
        audience: `an administrator of ${list}`,
        subject: `${list}: your key is proved`,
        text: writeOurPart({
          title: `${list} · your key is proved`,
          lines: [{ label: 'Now', text: 'what you ask for as an administrator is done again' }],
        }),
        replyTo: addressOf(desk, list),
      },
      desk,
    ),
  ];
}
