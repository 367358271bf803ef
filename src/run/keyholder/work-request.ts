import { codeOf } from '../../adapters/log/log.ts';
import { armorCertificate } from '../../adapters/openpgp/armor-certificate.ts';
import type { Desk } from '../../message/desk.ts';
import type { Epoch } from '../../message/ports.ts';
import type { RequestRow } from '../../message/private-store-port.ts';
import { executeRequest } from '../../message/requests/execute-request.ts';
import { type Execution, type RequestTools, refused } from '../../message/requests/execution.ts';
import type { Request } from '../../message/requests/request.ts';
import { frozenFault, isFrozen, isOlderThanRestore } from '../../message/restore/restored.ts';
import { hour } from '../../time/instant.ts';
import { checkJournal } from './check-journal.ts';
import { lockNotHad } from './environment-fault.ts';
import { currentEpochs } from './epoch.ts';
import { handDirectory } from './hand-directory.ts';
import { JournalFault } from './journal-guard.ts';
import type { KeyholderTools, OperatorRequest } from './keyholder-tools.ts';
import { readSigned } from './read-signed.ts';
import { catchUp, endedEpochs, type Keyholder, settle } from './settle.ts';

/** P7: nothing but the operator's own signature makes the keyholder act, and what it did is journalled. */
const notTheOperator = 'The request is not signed by this installation’s operator key.';
const malformed =
  'The request cannot be read: one of its values is empty, too long or of a wrong form. Look at the command once more; its --help says what it takes.';
const carriedOut = 'This request has been carried out already.';
const tooOld = 'This request is older than three days: give the command again.';
const beforeRestore =
  'This request was given before the database was restored, and may have been carried out then: give it again.';
const lockKept =
  'Another process keeps rows locked that this must change, for longer than is needed; nothing was changed. Restart intake and sender, then give the command again; if it comes back, one of them may be in other hands (docs/compromise.md).';
/** As for commands by mail (A2). */
const oldest = 72 * hour;

/** Executes the oldest waiting request of the operator; false when none waits. */
export async function workRequest(keyholder: Keyholder): Promise<boolean> {
  const { store, log } = keyholder.tools;
  const executed = await store.withRequest(async (row, commit) => {
    try {
      await settle(keyholder, (desk) => decide(row, desk, keyholder), commit);
    } catch (error) {
      if (error instanceof JournalFault) throw error;
      // Requests go before mail: one that can never be committed would keep every report waiting behind it (T8).
      log('error', 'request-not-carried-out', { id: row.id, code: codeOf(error) });
      await settle(keyholder, () => answerWith(row, failed(codeOf(error)), keyholder), commit);
    }
    await catchUp(keyholder);
    await handDirectory(keyholder);
    return true;
  });
  return executed ?? false;
}

/** The code alone: an error's text may hold what the operator does not read (P7). */
function failed(code: string | number): Execution {
  if (code === lockNotHad) return refused(lockKept);
  return refused(
    `The server could not carry this out (${code}); nothing was changed. Look at its log, then give the command again.`,
  );
}

async function answerWith(row: RequestRow, { answer, plan }: Execution, { tools }: Keyholder) {
  return {
    plan,
    also: { request: { id: row.id, state: answer.kind, answer: await tools.operator.answer(row, answer) } },
  };
}

async function decide(row: RequestRow, desk: Desk, keyholder: Keyholder) {
  const { tools } = keyholder;
  return answerWith(row, await execute(await tools.operator.read(row), desk, keyholder), keyholder);
}

async function execute(
  signed: OperatorRequest | undefined,
  desk: Desk,
  keyholder: Keyholder,
): Promise<Execution> {
  if (!signed) return refused(notTheOperator);
  if (!signed.request) return refused(malformed);
  if (desk.knowledge.requests.has(signed.digest)) return refused(carriedOut);
  if (desk.now - signed.signedAt > oldest) return refused(tooOld);
  if (isOlderThanRestore(signed.signedAt, desk.knowledge)) return refused(beforeRestore);
  const frozen = frozenFault(signed.request.kind, desk.knowledge);
  if (frozen) return refused(frozen);
  const { answer, plan } = quietWhileFrozen(
    await executeRequest(signed.request, desk, requestTools(desk, keyholder)),
    signed.request.kind,
    desk,
  );
  if (plan.events.length === 0) return { answer, plan };
  const { digest, request } = signed;
  const executed = { kind: 'request-executed', request: request.kind, digest, at: desk.now } as const;
  return { answer, plan: { ...plan, events: [executed, ...plan.events] } };
}

/** T6: nothing leaves before it is thawed; its last confirmation then tells the members who reads by now (I10). */
function quietWhileFrozen({ answer, plan }: Execution, kind: Request['kind'], desk: Desk): Execution {
  const quiet = isFrozen(desk.knowledge) && kind !== 'restore-confirm';
  return { answer, plan: quiet ? { ...plan, outgoing: [], notices: [] } : plan };
}

function requestTools(desk: Desk, keyholder: Keyholder): RequestTools {
  const { tools } = keyholder;
  const { keys, store } = tools;
  const { mailKeys } = desk.knowledge.roster;
  const month = (ending: readonly Epoch[]) =>
    currentEpochs(desk.now, new Set([...endedEpochs(keyholder), ...ending])).month;
  return {
    readCertificates: (armoured) => asSigned(armoured, desk, tools),
    use: keys.sealing.use,
    createList: (list) => keys.ensureList(list, month([]), desk.now),
    renewDoors: (ended) =>
      Promise.all(
        [...desk.knowledge.roster.lists.values()].map((list) =>
          keys.ensureList(list, month(ended), desk.now),
        ),
      ),
    purgeable: store.purgeable,
    settledMail: store.settledMail,
    epochsInUse: store.epochsInUse,
    armouredKey: async (list) => keys.armouredKey(list, mailKeys.get(list)),
    nextListKey: (list, compromised) =>
      keys.nextListKey({ list, known: mailKeys.get(list.name), compromised, now: desk.now }),
    exportKeys: (certificates) => keys.exportKeys(certificates, mailKeys, desk.now),
    listKeys: keys.listKeys,
    outboxRow: store.outboxRow,
    lastAnswers: store.answers.lastAnswers,
    openObligations: store.openObligations,
    readSigned: (file) => readSigned(file, desk, tools),
    uncertainRows: store.uncertainRows,
    openCases: store.openCases,
    verifyJournal: () => checkJournal(tools),
  };
}

/**
 * The certificate that the operator signed for, byte for byte (I10): whoever takes it apart for us could otherwise slip a
 * key of its own into it, for good.
 */
async function asSigned(armoured: string, desk: Desk, tools: KeyholderTools) {
  const examined = await tools.examine(Buffer.from(armoured), desk.now);
  return examined
    .map(({ certificate }) => certificate)
    .filter((certificate) => armorCertificate(certificate) === armoured);
}
