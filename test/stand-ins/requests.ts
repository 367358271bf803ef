/** Executes requests at a desk with honest small stand-ins for what the keyholder brings besides. */
import type { Certificate, CertificateFault } from '../../src/membership/certificate.ts';
import type { Desk } from '../../src/message/desk.ts';
import type { CaseRow, Epoch, ObligationRow, OutboxRow, Purgeable } from '../../src/message/ports.ts';
import { executeRequest } from '../../src/message/requests/execute-request.ts';
import type { Execution, RequestTools } from '../../src/message/requests/execution.ts';
import type { Request } from '../../src/message/requests/request.ts';
import type { SignedText } from '../../src/message/restore/administrator-word.ts';
import type { UncertainRow } from '../../src/message/restore/uncertain-row.ts';
import { certificateOf } from './community.ts';
import { standInSealing } from './sealing.ts';

/** The "armour" of the stand-in: names of certificates, one a line. */
function readArmour(armoured: string): readonly Certificate[] {
  return armoured
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [owner = '', version] = line.split(' ');
      return certificateOf(owner, version ? Number(version) : 1);
    });
}

export type Outside = Readonly<{
  faults?: ReadonlyMap<string, CertificateFault>;
  rows?: readonly OutboxRow[];
  obligations?: readonly ObligationRow[];
  purgeable?: Partial<Purgeable>;
  signed?: SignedText;
  uncertain?: readonly UncertainRow[];
  openCases?: readonly CaseRow[];
  epochsInUse?: readonly Epoch[];
  listKeys?: Readonly<Record<string, readonly string[]>>;
  journal?: Readonly<{ size: number; purged: number; fault: string | undefined }>;
  read?: RequestTools['readCertificates'];
}>;

export function execute(request: Request, desk: Desk, outside: Outside = {}): Promise<Execution> {
  const tools: RequestTools = {
    readCertificates: outside.read ?? (async (armoured) => readArmour(armoured)),
    use: standInSealing(outside.faults).use,
    createList: async ({ name, kind }) => ({
      list: name,
      kind,
      storageCertificate: new Uint8Array(),
      epoch: '2026-11' as Epoch,
      signature: new Uint8Array(),
    }),
    armouredKey: async (list) =>
      list === 'oss-security' ? undefined : '-----BEGIN PGP PUBLIC KEY BLOCK-----\n',
    listKeys: (list) => outside.listKeys?.[list] ?? [],
    nextListKey: async ({ name }, compromised) => ({
      fingerprint: 'B'.repeat(40),
      previous: desk.knowledge.roster.mailKeys.get(name)?.current ?? 'A'.repeat(40),
      armour: '-----BEGIN PGP PUBLIC KEY BLOCK-----\n',
      revoked: compromised ? [{ fingerprint: 'A'.repeat(40), certificate: Uint8Array.of(1) }] : [],
    }),
    exportKeys: async (certificates) => ({
      armour: `-----BEGIN PGP MESSAGE-----\nto ${certificates.map((one) => one.fingerprint).join(' ')}\n`,
      count: 7,
      signedBy: 'D'.repeat(40),
    }),
    outboxRow: async (id) => outside.rows?.find((row) => row.id === id),
    lastAnswers: async () => [],
    openObligations: async () => outside.obligations ?? [],
    purgeable: async () => ({
      details: [],
      readers: [],
      outbox: [],
      epochs: [],
      unsettled: 0,
      ...outside.purgeable,
    }),
    settledMail: async () => [],
    epochsInUse: async () => outside.epochsInUse ?? [],
    renewDoors: async () => [],
    readSigned: async () => outside.signed,
    uncertainRows: async () => outside.uncertain ?? [],
    openCases: async () => outside.openCases ?? [],
    verifyJournal: async () => outside.journal ?? { size: 3, purged: 1, fault: undefined },
  };
  return executeRequest(request, desk, tools);
}
