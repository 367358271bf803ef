/**
 * MESSAGE: receive ─► [inbox] ─► open ─► judge ─► file under a case ─► seal ─► [outbox] ─► deliver (DESIGN §2).
 * This is the keyholder's middle of it: one accepted mail becomes one plan. Nothing here touches database, keys or
 * clock; sealing and committing the plan come after (`seal-plan`), before anything leaves.
 */
import { readListAddress } from '../mail/list-address.ts';
import { privateLists } from '../membership/roster.ts';
import type { Instant } from '../time/instant.ts';
import type { Desk } from './desk.ts';
import { fileNewReport, fileReply } from './file/file-letter.ts';
import { handleBounce, type RowByReturnPath } from './handle-bounce.ts';
import { holdLetter } from './hold/hold-letter.ts';
import { refuseLetter } from './hold/refuse-letter.ts';
import { heldByToken, settleHeld } from './hold/settle-held.ts';
import { automaticRepliesNeverEnter, isOwnOrAutomatic } from './judge/automatic-replies-never-enter.ts';
import { judge } from './judge/judge.ts';
import { mailMustBeReadable } from './judge/mail-must-be-readable.ts';
import type { Finding } from './judge/rule.ts';
import { somebodyMustRead } from './judge/somebody-must-read.ts';
import { type ClosedLetter, isOpened, type Letter } from './letter/letter.ts';
import { narrowSealed } from './letter/narrow-sealed.ts';
import { placeLetter } from './letter/place-letter.ts';
import { recogniseSigner } from './letter/recognise-signer.ts';
import { strangersReportAnew } from './letter/strangers-report-anew.ts';
import { writeToAdministrators } from './notice/write-to-administrators.ts';
import { isUnopenable, type Opened, type Unopenable } from './open/opened.ts';
import type { Plan } from './plan.ts';
import { takeProof, unprovedAdministrator } from './prove/take-proof.ts';
import { splitEnvelope } from './receive/envelope.ts';

export type Arrival = Readonly<{
  inboxId: string;
  receivedAt: Instant;
  /** The envelope and the mail, unsealed (`joinEnvelope`). */
  joined: Uint8Array;
}>;

export type HandlingTools = Readonly<{
  open: (raw: Uint8Array) => Promise<Opened | Unopenable>;
  rowByReturnPath: RowByReturnPath;
}>;

export async function handleMessage(arrival: Arrival, desk: Desk, tools: HandlingTools): Promise<Plan> {
  const letter = await openLetter(arrival, desk, tools);
  if (!isOpened(letter)) return settleClosed(letter, desk);
  if (letter.place.kind === 'bounce') return handleBounce(letter, letter.place, desk, tools.rowByReturnPath);
  const verdict = judge(letter, desk.knowledge);
  switch (verdict.kind) {
    case 'refuse':
      return refuseLetter(letter, verdict.findings, desk);
    case 'hold':
      return holdLetter(letter, verdict.findings, desk);
    case 'pass': {
      const nobody = somebodyMustRead(letter.place, desk.knowledge.roster, desk.now);
      return nobody ? holdLetter(letter, [nobody], desk) : fileLetter(letter, verdict.marks, desk);
    }
  }
}

/** Held, as nobody can say what it is; but not our own mail that comes back, of which each notice would make more. */
function settleClosed(letter: ClosedLetter, desk: Desk): Plan {
  const { outer } = letter.opened;
  const found = outer && isOwnOrAutomatic(outer);
  return found
    ? refuseLetter(letter, [{ ...found, rule: automaticRepliesNeverEnter.name }], desk)
    : holdLetter(letter, [mailMustBeReadable(letter.opened)], desk);
}

function fileLetter(letter: Letter, marks: readonly Finding[], desk: Desk): Plan {
  const { place } = letter;
  switch (place.kind) {
    case 'new-report':
      return fileNewReport(letter, place, marks, desk);
    case 'case':
      return fileReply(letter, place, marks, desk);
    case 'proof':
      return takeProof(letter, place, marks, desk);
    case 'held-reply': {
      const held = heldByToken(place.token, desk);
      const unproved = unprovedAdministrator(letter, desk);
      if (held && unproved) return writeToAdministrators(letter, [...marks, unproved], desk);
      if (!held) return writeToAdministrators(letter, marks, desk);
      const settled = settleHeld(held, { ending: 'passed', reason: '', by: 'its sender, by replying' });
      // T8: people answer with what was missing, or with the report itself; the answer is in no case, so somebody reads it.
      const written = writeToAdministrators(letter, marks, desk);
      const { obligationsSettled, heldInbox } = settled;
      return { ...written, events: [...settled.events, ...written.events], obligationsSettled, heldInbox };
    }
    // A case address that exists no more was held, and a person has passed it: people read it, no case does.
    case 'unknown-case':
    case 'owner':
    case 'bounce':
      return writeToAdministrators(letter, marks, desk);
  }
}

async function openLetter(
  arrival: Arrival,
  desk: Desk,
  tools: HandlingTools,
): Promise<Letter | ClosedLetter> {
  const { envelope, raw } = splitEnvelope(arrival.joined);
  const { knowledge, domain } = desk;
  const names = privateLists(knowledge.roster).map((list) => list.name);
  const recipients = envelope.recipients
    .map((recipient) => readListAddress(recipient, domain, names))
    .filter((recipient) => recipient !== undefined);
  const opened = await tools.open(raw);
  const head = isUnopenable(opened) ? opened.outer : opened.head;
  const threaded = placeLetter(recipients, head, knowledge);
  const place = isUnopenable(opened)
    ? threaded
    : strangersReportAnew(threaded, { opened, recipients }, knowledge);
  const passed = knowledge.passed.get(arrival.inboxId);
  const { inboxId, receivedAt } = arrival;
  const shared = { inboxId, receivedAt, envelope, raw, recipients, place, passed };
  if (isUnopenable(opened)) return { ...shared, opened, signer: { kind: 'none' } };
  const signer = recogniseSigner(opened, place, knowledge);
  return { ...shared, opened, signer, place: narrowSealed(place, { opened, signer }, desk) };
}
