import type { Certificate, CertificateFault } from '../../membership/certificate.ts';
import type { Desk } from '../desk.ts';
import type { Sealing } from '../sealing-port.ts';

/** Which of a reader's certificates can be sealed to now, and what is wrong with the others (I5). */
export async function assessCertificates(
  certificates: readonly Certificate[],
  { now }: Desk,
  sealing: Sealing,
): Promise<Readonly<{ usable: readonly Certificate[]; faults: readonly CertificateFault[] }>> {
  const assessed = await Promise.all(
    certificates.map(async (certificate) => ({ certificate, use: await sealing.use(certificate, now) })),
  );
  return {
    usable: assessed.filter(({ use }) => use.kind === 'usable').map(({ certificate }) => certificate),
    faults: assessed.flatMap(({ use }) => (use.kind === 'unusable' ? [use.fault] : [])),
  };
}
