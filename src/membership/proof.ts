import type { Instant } from '../time/instant.ts';
import type { OwedProof, Roster } from './roster.ts';

export type ProofEvent =
  | Readonly<{
      kind: 'administrators-must-prove';
      list: string;
      representatives: readonly Readonly<{ id: string; obligation: string }>[];
      at: Instant;
    }>
  | Readonly<{ kind: 'administrator-proved'; list: string; representative: string; at: Instant }>;

export function applyProofEvent(owed: readonly OwedProof[], event: ProofEvent): readonly OwedProof[] {
  if (event.kind === 'administrator-proved') return withoutProof(owed, event.list, event.representative);
  const { list, representatives, at } = event;
  const asked = representatives.map(({ id, obligation }) => ({
    list,
    representative: id,
    since: at,
    obligation,
  }));
  // Asked again: the newer instant counts, and the older task is no more (it is settled by the tick).
  const before = asked.reduce((rest, { representative }) => withoutProof(rest, list, representative), owed);
  return [...before, ...asked];
}

export function withoutProof(
  owed: readonly OwedProof[],
  list: string | undefined,
  representative: string,
): readonly OwedProof[] {
  return owed.filter(
    (one) => one.representative !== representative || (list !== undefined && one.list !== list),
  );
}

/** What an administrator still has to prove before anything they command as one is done; of one list, or of any. */
export function proofOwedBy(
  { proofs }: Pick<Roster, 'proofs'>,
  representative: string,
  list?: string,
): OwedProof | undefined {
  return proofs.find(
    (one) => one.representative === representative && (list === undefined || one.list === list),
  );
}
