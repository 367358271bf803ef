import { newestCertificates } from '../../membership/roster.ts';
import { formatInstant } from '../../time/instant.ts';
import { done, type Execute } from './execution.ts';
import type { Request } from './request.ts';

/** Representatives' certificates that are unusable now, or will be within the time asked for. */
export const certificateCheck: Execute<Extract<Request, { kind: 'certificate-check' }>> = async (
  { within },
  desk,
  tools,
) => {
  const people = [...desk.knowledge.roster.representatives.values()].filter(
    (person) => person.standing !== 'removed',
  );
  const rows = await Promise.all(
    people.flatMap((person) =>
      newestCertificates(person).map(async (certificate) => ({
        address: person.address,
        member: person.member,
        fingerprint: certificate.fingerprint,
        ...describe(await tools.use(certificate, desk.now), desk.now + within),
      })),
    ),
  );
  const wanting = rows.filter((row) => row.problem !== null);
  const text = wanting.map((row) => `${row.address} (${row.member})   ${row.fingerprint}   ${row.problem}`);
  return done(
    text.length > 0 ? text : [`All ${rows.length} certificates can be used for that long.`],
    wanting,
  );
};

function describe(use: Awaited<ReturnType<Parameters<Execute<never>>[2]['use']>>, until: number) {
  if (use.kind === 'unusable') return { problem: use.fault, expiresAt: null };
  const { expiresAt } = use;
  if (expiresAt === undefined || expiresAt > until) return { problem: null, expiresAt: null };
  return { problem: `expires ${formatInstant(expiresAt)}`, expiresAt: formatInstant(expiresAt) };
}
