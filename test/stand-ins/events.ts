/** One of every kind of event, for tests that must forget none: the type makes a missing kind a type error. */
import type { Event } from '../../src/message/journal/event.ts';
import type { Epoch } from '../../src/message/ports.ts';
import { address, certificateOf, listSettings, noon } from './community.ts';
import { makeCase, makeFiled } from './letters.ts';

type OneOfEach = { readonly [Kind in Event['kind']]: Extract<Event, { kind: Kind }> };

const rita = address('rita@reporter.example');
const caseNumber = 'VS-2026-0042';

const oneOfEach: OneOfEach = {
  'list-added': { kind: 'list-added', list: listSettings('fresh') },
  'member-added': { kind: 'member-added', member: 'Gentoo', lists: ['fresh'], products: ['Gentoo'] },
  'representative-added': {
    kind: 'representative-added',
    id: 'gina',
    member: 'Gentoo',
    address: address('gina@gentoo.example'),
    certificate: certificateOf('gina'),
    effectiveFrom: noon,
  },
  'certificate-added': {
    kind: 'certificate-added',
    representative: 'gina',
    certificate: certificateOf('gina-2'),
    effectiveFrom: noon,
  },
  'representative-suspended': { kind: 'representative-suspended', representative: 'gina' },
  'representative-restored': { kind: 'representative-restored', representative: 'gina', effectiveFrom: noon },
  'representative-removed': { kind: 'representative-removed', representative: 'gina' },
  'administrator-added': {
    kind: 'administrator-added',
    list: 'fresh',
    representative: 'gina',
    effectiveFrom: noon,
  },
  'administrator-removed': { kind: 'administrator-removed', list: 'fresh', representative: 'gina' },
  'list-key-replaced': {
    kind: 'list-key-replaced',
    list: 'fresh',
    fingerprint: 'B'.repeat(40),
    previous: 'A'.repeat(40),
    opensUntil: noon,
  },
  'list-key-revoked': {
    kind: 'list-key-revoked',
    list: 'fresh',
    fingerprint: 'A'.repeat(40),
    certificate: Uint8Array.of(1, 2, 3),
  },
  'list-key-destroyed': { kind: 'list-key-destroyed', list: 'fresh', fingerprint: 'A'.repeat(40) },
  'list-keys-remembered': {
    kind: 'list-keys-remembered',
    list: 'fresh',
    keys: { current: 'B'.repeat(40), retiring: [], destroyed: ['A'.repeat(40)], revoked: [Uint8Array.of(1)] },
  },
  'custodian-dismissed': { kind: 'custodian-dismissed', representative: 'gina' },
  'administrators-must-prove': {
    kind: 'administrators-must-prove',
    list: 'fresh',
    representatives: [{ id: 'gina', obligation: 'o-7' }],
    at: noon,
  },
  'administrator-proved': { kind: 'administrator-proved', list: 'fresh', representative: 'gina', at: noon },
  'custodian-named': { kind: 'custodian-named', representative: 'gina', effectiveFrom: noon },
  'case-opened': {
    kind: 'case-opened',
    case: makeCase({
      reporter: {
        id: 'rita',
        address: rita,
        name: 'Rita',
        representative: undefined,
        certificate: undefined,
      },
    }),
  },
  'guest-added': {
    kind: 'guest-added',
    caseNumber,
    guest: {
      id: 'gil',
      address: address('gil@up.example'),
      certificate: certificateOf('gil'),
      effectiveFrom: noon,
    },
  },
  'case-closed': {
    kind: 'case-closed',
    caseNumber,
    posting: 'https://lists.example.org/oss-security/2026/11/30/1',
    at: noon,
  },
  'message-filed': {
    kind: 'message-filed',
    message: makeFiled({ bodyDigests: ['body'], outsiders: [rita] }),
  },
  'message-held': {
    kind: 'message-held',
    held: { inboxId: 'inbox-9', list: 'fresh', at: noon, reasons: ['a-rule'], from: rita, obligation: 'o-9' },
  },
  'message-refused': {
    kind: 'message-refused',
    inboxId: 'inbox-8',
    list: 'fresh',
    reason: 'It loops.',
    at: noon,
  },
  'held-mail-settled': {
    kind: 'held-mail-settled',
    inboxId: 'inbox-9',
    ending: 'passed',
    reason: '',
    by: 'the operator',
  },
  'administrators-written-to': {
    kind: 'administrators-written-to',
    inboxId: 'inbox-7',
    list: 'fresh',
    from: rita,
    at: noon,
  },
  'delivery-reported': { kind: 'delivery-reported', outboxId: 'row-1', actions: ['delayed'], at: noon },
  'review-owed': { kind: 'review-owed', caseNumber, obligation: 'o-4' },
  'bounce-received': { kind: 'bounce-received', outboxId: 'row-1', recipient: rita, at: noon },
  'notice-sent': { kind: 'notice-sent', template: 'receipt', address: rita, at: noon },
  'copies-parked': { kind: 'copies-parked', caseNumber, readers: ['gina'] },
  'reader-parked': { kind: 'reader-parked', reader: 'gina', obligation: 'o2' },
  'copies-wrapped-late': { kind: 'copies-wrapped-late', reader: 'gina', outboxIds: ['row-2'] },
  'copy-retried': { kind: 'copy-retried', outboxId: 'row-1' },
  'copy-stopped': { kind: 'copy-stopped', outboxId: 'row-1', obligation: 'o4' },
  'copy-released': { kind: 'copy-released', outboxId: 'row-1' },
  'directory-differed': {
    kind: 'directory-differed',
    representative: 'gina',
    shown: ['C'.repeat(40)],
    at: noon,
  },
  'delivery-troubled': {
    kind: 'delivery-troubled',
    outboxId: 'row-3',
    recipient: rita,
    reason: 'refused-recipient',
    obligation: 'o-3',
    at: noon,
  },
  'signature-spent': {
    kind: 'signature-spent',
    caseNumber,
    digest: 'cd',
    commands: [`Embargod: ${caseNumber} clear-ok`],
    at: noon,
  },
  'sent-in-clear': {
    kind: 'sent-in-clear',
    caseNumber,
    messageId: makeFiled().messageId,
    recipient: rita,
    by: 'gina',
    at: noon,
  },
  'keys-exported': {
    kind: 'keys-exported',
    representative: 'gina',
    fingerprints: ['C'.repeat(40)],
    count: 7,
    at: noon,
  },
  'digest-sent': { kind: 'digest-sent', list: 'fresh', at: noon },
  'request-executed': { kind: 'request-executed', request: 'list-add', digest: 'ab', at: noon },
  'purge-announced': { kind: 'purge-announced', cases: ['VS-2026-0007'], effectiveFrom: noon },
  'data-purged': {
    kind: 'data-purged',
    cases: ['VS-2026-0007'],
    lists: ['fresh'],
    details: [7],
    inbox: ['inbox-6'],
    at: noon,
  },
  'epochs-ended': { kind: 'epochs-ended', epochs: ['2026-08' as Epoch], at: noon },
  'database-restored': {
    kind: 'database-restored',
    generation: 2,
    at: noon,
    backupAt: noon,
    sizeBefore: 9,
    size: 7,
    withdrawn: [],
    lost: [],
  },
  'restore-confirmed': { kind: 'restore-confirmed', generation: 2, part: 'roster', by: 'gina', at: noon },
  'obligation-settled': { kind: 'obligation-settled', obligation: 'o-3', ending: 'mended' },
};

export const everyEvent: readonly Event[] = Object.values(oneOfEach);
