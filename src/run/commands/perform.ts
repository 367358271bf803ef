import { readFile } from 'node:fs/promises';
import { readClock } from '../../adapters/clock/clock.ts';
import { parseAddress } from '../../mail/address.ts';
import type { Answer, Request } from '../../message/requests/request.ts';
import { confirmOnTerminal } from '../config/confirm-on-terminal.ts';
import { loadConfiguration } from '../config/load-configuration.ts';
import { loadPreset } from '../config/load-preset.ts';
import { demoReport, demoSend, demoWhere } from '../demo/demo-report.ts';
import { startDemo } from '../demo/start-demo.ts';
import { type ModerationDesk, openModerationDesk } from '../moderation-desk.ts';
import { type OperatorDesk, openOperatorDesk } from '../operator-desk.ts';
import { withServer } from '../run-server.ts';
import { closeInherited } from '../supervisor/close-inherited.ts';
import { archiveImport } from './archive-command.ts';
import { backUp } from './backup-command.ts';
import { chooseDataDirectory } from './data-option.ts';
import type { Deed } from './deed.ts';
import { examine } from './doctor/doctor.ts';
import { initialiseFromOptions } from './initialise-from-options.ts';
import { exportTo, importFrom } from './key-deeds.ts';
import { moderationList, moderationShow } from './moderation-answers.ts';
import { changeOutbox, outboxList, outboxShow, outboxSummary } from './outbox-answers.ts';
import type { Outcome } from './outcome.ts';
import { say } from './progress.ts';
import { caseList, caseShow, heldList, obligationList } from './read-only-answers.ts';
import { restoreFrom } from './restore-command.ts';
import { runServer } from './run-server-command.ts';
import { upgrade } from './upgrade.ts';

/** Does what a command line means. `data` is the `--data` option, if it was given. */
export async function perform(deed: Deed, data: string | undefined): Promise<Outcome> {
  switch (deed.kind) {
    case 'init':
      return initialiseFromOptions(chooseDataDirectory(data), deed.options);
    case 'key-import':
      return importFrom(chooseDataDirectory(data), deed.file);
    case 'key-export':
      return exportTo(deed.output, () => atDesk(data, true, ({ ask }) => ask({ kind: 'key-export' })));
    case 'run':
      closeInherited();
      return runServer(await loadConfiguration(chooseDataDirectory(data)), deed.only);
    case 'doctor':
      return examine(chooseDataDirectory(data));
    case 'upgrade':
      return upgrade(await loadConfiguration(chooseDataDirectory(data)), deed.database);
    case 'backup':
      return backUp(await loadConfiguration(chooseDataDirectory(data)), deed);
    case 'restore':
      return restoreFrom(await loadConfiguration(chooseDataDirectory(data)), deed.options);
    case 'archive-import':
      return archiveImport(await loadConfiguration(chooseDataDirectory(data)), deed);
    case 'moderation-list':
      return moderate(data, false, ({ store }) => moderationList(store, deed.list));
    case 'moderation-show':
      return moderate(data, false, ({ store }) => moderationShow(store, deed));
    case 'moderation-decide':
      return moderate(data, true, ({ decide }) => decide(deed.id, deed.act));
    case 'demo-start':
      closeInherited();
      return startDemo(data, deed.portBase);
    case 'demo-report':
      return demoReport(data, deed.options);
    case 'demo-send':
      return demoSend(data, deed.from, deed.to);
    case 'demo-where':
      return demoWhere(data);
    case 'held-list':
      return atDesk(data, false, ({ store }) => heldList(store));
    case 'obligation-list':
      return atDesk(data, false, ({ store }) => obligationList(store));
    case 'outbox-list':
      return atDesk(data, false, ({ store }) => outboxList(store, deed, readClock()));
    case 'outbox-summary':
      return atDesk(data, false, ({ store }) => outboxSummary(store));
    case 'outbox-show':
      return atDesk(data, false, ({ store }) => outboxShow(store, deed.id));
    case 'outbox-change':
      return atDesk(data, true, (desk) => changeOutbox(desk, deed, readClock()));
    case 'case-list':
      return atDesk(data, false, ({ store }) => caseList(store));
    case 'case-show':
      return atDesk(data, false, ({ store }) => caseShow(store, deed.number));
    default: {
      const request = await requestOf(deed);
      return request.kind === 'refused' ? request : atDesk(data, true, ({ ask }) => ask(request));
    }
  }
}

async function atDesk(
  data: string | undefined,
  keyholder: boolean,
  work: (desk: OperatorDesk) => Promise<Answer>,
): Promise<Answer> {
  const configuration = await loadConfiguration(chooseDataDirectory(data));
  return withServer(configuration, { keyholder, announce: say }, async () => {
    const desk = await openOperatorDesk(configuration);
    try {
      return await work(desk);
    } finally {
      await desk.close();
    }
  });
}

async function moderate(
  data: string | undefined,
  publicKeeper: boolean,
  work: (desk: ModerationDesk) => Promise<Answer>,
): Promise<Answer> {
  const configuration = await loadConfiguration(chooseDataDirectory(data));
  return withServer(configuration, { keyholder: false, publicKeeper, announce: say }, async () => {
    const desk = await openModerationDesk(configuration);
    try {
      return await work(desk);
    } finally {
      await desk.store.close();
    }
  });
}

type Asking = Extract<
  Deed,
  {
    kind:
      | 'ask'
      | 'add-list'
      | 'add-representative'
      | 'add-guest'
      | 'confirm-restore'
      | 'list-key'
      | 'rotate-list-key';
  }
>;
type Refused = Extract<Answer, { kind: 'refused' }>;

async function requestOf(deed: Asking): Promise<Request | Refused> {
  switch (deed.kind) {
    case 'ask':
      return deed.request;
    case 'list-key':
      return { kind: 'list-key', name: deed.name };
    case 'confirm-restore':
      return confirmRequest(deed);
    case 'rotate-list-key':
      return rotateRequest(deed);
    case 'add-list': {
      const preset = await loadPreset(deed.preset);
      return {
        kind: 'list-add',
        settings: { ...preset, name: deed.name, includes: deed.includes ?? preset.includes },
      };
    }
    case 'add-representative':
    case 'add-guest':
      return certificateRequest(deed);
  }
}

async function confirmRequest({
  confirmation,
  signed: file,
}: Extract<Deed, { kind: 'confirm-restore' }>): Promise<Request | Refused> {
  if (file === undefined) return { kind: 'restore-confirm', ...confirmation, signed: undefined };
  const signed = await readFile(file, 'utf8').catch(() => undefined);
  if (signed !== undefined) return { kind: 'restore-confirm', ...confirmation, signed };
  return { kind: 'refused', reason: `The signed file ${file} cannot be read; check its path.` };
}

/** A theft cannot be taken back, and neither can this: what only the old key opens is lost from then on. */
async function rotateRequest({
  name,
  compromised,
  sure,
}: Extract<Deed, { kind: 'rotate-list-key' }>): Promise<Request | Refused> {
  const question = `The key of ${name} is destroyed at once; mail that only it opens is lost, what waits in the held mail too. Go on?`;
  if (compromised && !sure && !(await confirmOnTerminal(question))) {
    return {
      kind: 'refused',
      reason: 'Nothing was changed. Where there is no terminal to ask on, say --yes.',
    };
  }
  return { kind: 'list-rotate-key', name, compromised };
}

async function certificateRequest(
  deed: Extract<Deed, { kind: 'add-representative' | 'add-guest' }>,
): Promise<Request | Refused> {
  const certificate = await readFile(deed.file, 'utf8').catch(() => undefined);
  if (certificate === undefined) {
    return { kind: 'refused', reason: `The certificate file ${deed.file} cannot be read; check its path.` };
  }
  if (!certificate.includes('-----BEGIN PGP PUBLIC KEY BLOCK-----')) {
    return {
      kind: 'refused',
      reason: `${deed.file} holds no armoured OpenPGP public key; export one with \`gpg --armor --export ${deed.address}\`.`,
    };
  }
  const address = parseAddress(deed.address);
  if (address === undefined) return { kind: 'refused', reason: `${deed.address} is not a bare address.` };
  return deed.kind === 'add-guest'
    ? { kind: 'guest-add', caseNumber: deed.caseNumber, address, certificate }
    : { kind: 'representative-add', member: deed.member, address, certificate };
}
