import { newestCertificates } from '../../membership/roster.ts';
import { formatInstant } from '../../time/instant.ts';
import type { DirectoryAnswer, LastAnswer } from '../look-up/key-lookup.ts';
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
  const answers = new Map((await tools.lastAnswers()).map((answer) => [answer.readerId, answer]));
  const rows = await Promise.all(
    people.flatMap((person) =>
      newestCertificates(person).map(async (certificate) => ({
        address: person.address,
        member: person.member,
        fingerprint: certificate.fingerprint,
        ...describeDirectory(answers.get(person.id)),
        ...describe(await tools.use(certificate, desk.now), desk.now + within),
      })),
    ),
  );
  const wanting = rows.filter((row) => row.problem !== null);
  const text = wanting.map((row) => `${row.address} (${row.member})   ${row.fingerprint}   ${row.problem}`);
  return done(
    [
      ...(text.length > 0 ? text : [`All ${rows.length} certificates can be used for that long.`]),
      ...sumUp([...answers.values()]),
    ],
    wanting,
  );
};

function describeDirectory(answer: LastAnswer | undefined) {
  const said = answer?.said;
  return { directory: said?.kind ?? null, askedAt: said ? formatInstant(said.at) : null };
}

/** Of everybody's key directory; that of who is listed stands with them in the data. */
function sumUp(answers: readonly LastAnswer[]): readonly string[] {
  const said = answers.flatMap((answer) => answer.said ?? []);
  const last = said.toSorted((one, other) => other.at - one.at)[0];
  if (!last) return [];
  const count = (kind: DirectoryAnswer['kind']) => said.filter((one) => one.kind === kind).length;
  return [
    `Key directories (WKD), last asked ${formatInstant(last.at)}: ${count('found')} with a certificate, ${count('none')} without, ${count('failed')} failed, ${answers.length - said.length} not asked yet.`,
  ];
}

function describe(use: Awaited<ReturnType<Parameters<Execute<never>>[2]['use']>>, until: number) {
  if (use.kind === 'unusable') return { problem: use.fault, expiresAt: null };
  const { expiresAt } = use;
  if (expiresAt === undefined || expiresAt > until) return { problem: null, expiresAt: null };
  return { problem: `expires ${formatInstant(expiresAt)}`, expiresAt: formatInstant(expiresAt) };
}
