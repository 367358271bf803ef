/**
 * Judging: the ordered rules that every mail passes before it is filed. A rule lets pass (with a mark), holds or
 * refuses; held mail is an obligation, refused mail is journalled with its reason; nothing is dropped (T8).
 */
import type { Knowledge } from '../journal/knowledge.ts';
import type { Letter } from '../letter/letter.ts';
import { automaticRepliesNeverEnter } from './automatic-replies-never-enter.ts';
import { bodyBelongsToOneCase } from './body-belongs-to-one-case.ts';
import { caseMustExist } from './case-must-exist.ts';
import { clearMailMustNotStorm } from './clear-mail-must-not-storm.ts';
import { doubtfulAudienceIsNarrowed } from './doubtful-audience-is-narrowed.ts';
import { keyShouldNameItsAuthor } from './key-should-name-its-author.ts';
import { listMustBeKnown } from './list-must-be-known.ts';
import { mailFromBeforeARestoreIsHeld } from './mail-from-before-a-restore-is-held.ts';
import { mailMustFitTheList } from './mail-must-fit-the-list.ts';
import { newReportMustBeTaggedOrEncrypted } from './new-report-must-be-tagged-or-encrypted.ts';
import { newReportMustSaySomething } from './new-report-must-say-something.ts';
import { oneAuthorOnly } from './one-author-only.ts';
import { publicAddressIsAnAlarm } from './public-address-is-an-alarm.ts';
import { replayIsRefused } from './replay-is-refused.ts';
import type { Finding, Rules } from './rule.ts';
import { signatureMustNotBeInvalid } from './signature-must-not-be-invalid.ts';
import { signerMustNotBeSuspended } from './signer-must-not-be-suspended.ts';
import { unknownSignerIsMarked } from './unknown-signer-is-marked.ts';

export type Verdict =
  | Readonly<{ kind: 'pass'; marks: readonly Finding[] }>
  | Readonly<{ kind: 'hold'; findings: readonly Finding[] }>
  | Readonly<{ kind: 'refuse'; findings: readonly Finding[] }>;

/** In the order in which they are asked. The embargo's own rules (a date, at most 14 days …) will follow the last. */
export const rules: Rules = [
  listMustBeKnown,
  mailMustFitTheList,
  automaticRepliesNeverEnter,
  replayIsRefused,
  mailFromBeforeARestoreIsHeld,
  clearMailMustNotStorm,
  signerMustNotBeSuspended,
  signatureMustNotBeInvalid,
  oneAuthorOnly,
  caseMustExist,
  newReportMustBeTaggedOrEncrypted,
  newReportMustSaySomething,
  bodyBelongsToOneCase,
  publicAddressIsAnAlarm,
  doubtfulAudienceIsNarrowed,
  unknownSignerIsMarked,
  keyShouldNameItsAuthor,
];

/** Refusal ends the asking; holds add up. What a person has passed it over holds it no more; it can still be refused. */
export function judge(letter: Letter, knowledge: Knowledge, by: Rules = rules): Verdict {
  const findings: Finding[] = [];
  for (const rule of by) {
    const found = rule.judge(letter, knowledge);
    if (!found) continue;
    if (found.kind === 'refuse') return { kind: 'refuse', findings: [{ ...found, rule: rule.name }] };
    const passed = letter.passed?.over.includes(rule.name) ?? false;
    const kind = found.kind === 'hold' && passed ? 'mark' : found.kind;
    findings.push({ ...found, kind, rule: rule.name });
  }
  const holds = findings.filter((finding) => finding.kind === 'hold');
  return holds.length > 0 ? { kind: 'hold', findings: holds } : { kind: 'pass', marks: findings };
}
