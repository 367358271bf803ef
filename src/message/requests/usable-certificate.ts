import { type Address, sameMailbox } from '../../mail/address.ts';
import type { Certificate } from '../../membership/certificate.ts';
import { ownerOfCertificate } from '../../membership/roster.ts';
import type { Desk } from '../desk.ts';
import type { RequestTools } from './execution.ts';

/** The one certificate in an armoured text, usable now by who is at `address`, or the sentence that says why not. */
export async function usableCertificate(
  { certificate: armoured, address }: Readonly<{ certificate: string; address: Address }>,
  desk: Desk,
  tools: RequestTools,
): Promise<Certificate | string> {
  if (/-----BEGIN PGP PRIVATE KEY BLOCK/.test(armoured)) {
    return 'That is a private key. Send the public one (gpg --armor --export ADDRESS), and consider the private one exposed.';
  }
  const [certificate, ...others] = await tools.readCertificates(armoured);
  if (!certificate)
    return 'The file holds no OpenPGP certificate. Make one with: gpg --armor --export ADDRESS';
  if (others.length > 0)
    return `The file holds ${others.length + 1} certificates. Export one: gpg --armor --export FINGERPRINT`;
  const use = await tools.use(certificate, desk.now);
  if (use.kind === 'unusable') return `Nothing can be sealed to ${certificate.fingerprint}: ${use.fault}.`;
  const owner = ownerOfCertificate(desk.knowledge.roster, certificate.fingerprint);
  if (bearsListAddress(certificate, desk)) {
    return 'That is a key of one of our lists, not of a person.';
  }
  // A removed person's key may come back only with that person (A6).
  if (owner?.standing === 'removed' && !sameMailbox(owner.address, address))
    return `${certificate.fingerprint} belongs to ${owner.address}, who was removed: nobody else brings it back.`;
  return owner?.standing === 'suspended'
    ? `${certificate.fingerprint} belongs to ${owner.address}, who is suspended. Restore or remove them first.`
    : certificate;
}

/** In any case of letters, with brackets or without: programs that look a key up by address heed neither. */
function bearsListAddress({ userIds }: Certificate, desk: Desk): boolean {
  const lists = [...desk.knowledge.roster.lists.values()];
  return userIds.some((userId) =>
    lists.some((list) => userId.toLowerCase().includes(list.address.toLowerCase())),
  );
}
