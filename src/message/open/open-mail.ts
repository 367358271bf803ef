/**
 * Opens one mail: takes off its encryption, checks its signature, finds the header that counts, opens what its author
 * encrypted by hand. Pure: decrypting is a port, and session keys are asked for one by one (P3). Runs in the child,
 * on hostile bytes; never throws for bad input. RFC 3156, RFC 9580, RFC 9788; K1, K2, A1, A2, M1.
 */
import { readDeliveryStatus } from '../../mail/delivery-status.ts';
import { hasAttachment } from '../../mail/entity-text.ts';
import type { HeaderField } from '../../mail/header-fields.ts';
import type { LetterHead } from '../../mail/letter-head.ts';
import { readLetterHead } from '../../mail/read-letter-head.ts';
import { splitEntity } from '../../mail/split-entity.ts';
import type { Certificate } from '../../membership/certificate.ts';
import { authorEntity } from './author-entity.ts';
import { authorsText, commandText } from './authors-text.ts';
import { clearEntity } from './clear-entity.ts';
import { countingHead } from './counting-head.ts';
import { hexadecimal, type Opening, startOpening, unopenableOf } from './decrypt.ts';
import { enclosedCertificates } from './enclosed-certificates.ts';
import { openInnerParts } from './open-inner-parts.ts';
import type { AskSessionKey, Opened, OpeningTask, SignatureVerdict, Unopenable } from './opened.ts';
import { maximumDeliveryActions } from './opened-limits.ts';
import type { OpenMailTools } from './opening-tools.ts';
import { uncoverRoot } from './uncover-root.ts';
import type { Uncovered } from './uncovered.ts';
import { wholeContent } from './whole-content.ts';

export async function openMail(
  task: OpeningTask,
  ask: AskSessionKey,
  tools: OpenMailTools,
): Promise<Opened | Unopenable> {
  const split = splitEntity(task.raw);
  if (split.kind === 'problem') return unopenableOf(split.reason, undefined);
  const outer = readLetterHead(split.entity.fields);
  const opening = startOpening(task, ask, tools);
  const uncovered = await uncoverRoot(split.entity, opening);
  if (uncovered.kind === 'failed') return unopenableOf(uncovered.reason, outer);
  const actions = readDeliveryStatus(split.entity)
    ?.slice(0, maximumDeliveryActions)
    .map((status) => status.action);
  return {
    ...(await readUncovered({ opening, outer, outerFields: split.entity.fields, uncovered })),
    deliveryActions: actions,
  };
}

/** What the mail is and says, now that its root lies open. */
async function readUncovered(
  from: Readonly<{
    opening: Opening;
    outer: LetterHead;
    outerFields: readonly HeaderField[];
    uncovered: Uncovered;
  }>,
): Promise<Omit<Opened, 'deliveryActions'>> {
  const { opening, uncovered } = from;
  const enclosed = await enclosedCertificates(uncovered, opening.tools);
  const signature = await finalVerdict(uncovered, enclosed);
  const { inner, unopened, wholly } = await openInnerParts(uncovered, opening);
  const valid = signature.kind === 'valid';
  const { textAround } = uncovered;
  const entity = authorEntity(uncovered);
  // Every part encrypted by hand, the text too: the author left nothing in clear but the header.
  const encryption = wholly?.encryption ?? uncovered.encryption;
  // A2: text that no valid signature covers is never read for commands.
  const signedText = valid && uncovered.signed ? commandText(uncovered.signed) : undefined;
  return {
    outer: from.outer,
    head: countingHead({
      outerFields: from.outerFields,
      payload: uncovered.payload,
      encrypted: uncovered.encryption.kind !== 'none',
      valid,
    }),
    encryption,
    signature: signature.kind === 'none' && wholly ? wholly.signature : signature,
    enclosedCertificates: enclosed,
    entity,
    inner,
    unopened,
    text: wholly?.text ?? (await authorsText(uncovered.readable, opening.tools)),
    signedText,
    clearEntity: clearEntity({ entity, encryption, signedText }, opening.tools.base64),
    hasAttachment: hasAttachment(uncovered.payload),
    textAround,
    contentDigest: hexadecimal(opening.tools.sha256(wholeContent({ entity, textAround }))),
    bodyDigest: uncovered.bodyDigest,
  };
}

/** A1: a reporter's own certificate from inside the encryption may check the signature over that very mail. */
async function finalVerdict(
  uncovered: Uncovered,
  enclosed: readonly Certificate[],
): Promise<SignatureVerdict> {
  if (uncovered.signature.kind !== 'unknown-key' || enclosed.length === 0) return uncovered.signature;
  return uncovered.checkAgain(enclosed);
}
