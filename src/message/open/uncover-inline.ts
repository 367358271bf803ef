import { decodeText } from '../../mail/charset.ts';
import { textOfEntity } from '../../mail/entity-text.ts';
import { type Entity, splitEntity } from '../../mail/split-entity.ts';
import { checkCleartextBlock } from './check-signed.ts';
import { isUtf8, plainEntity } from './content-entity.ts';
import { type Decrypted, decrypt, type Opening } from './decrypt.ts';
import { armourCharset, findArmour } from './find-armour.ts';
import { saysItIsMime, uncoverMime } from './uncover-mime.ts';
import type { RootFailure, Uncovered } from './uncovered.ts';

/**
 * Inline PGP at the root: the mail's one text is an armoured message. The decrypted text becomes the entity; clear
 * text around it is kept apart (K2). Undefined when the mail is to be read as it stands: no block, a fake one, one
 * that is not ours amid other text, or a file rather than a text inside (those are then inner parts).
 */
export async function uncoverInline(
  root: Entity,
  opening: Opening,
): Promise<Uncovered | RootFailure | undefined> {
  const carrier = await textCarrier(root, opening);
  if (carrier === undefined) return undefined;
  const { blocks, around } = findArmour(carrier.text, 'MESSAGE');
  const [block, ...beside] = blocks;
  if (block === undefined) return undefined;
  const opened = await decrypt(new TextEncoder().encode(block), opening);
  if (opened.kind === 'failed') {
    // K2: no encrypted packet behind the armour, so this is clear text.
    if (opened.reason === 'not-encrypted') return undefined;
    return around === undefined && beside.length === 0
      ? { kind: 'failed', reason: opened.reason }
      : undefined;
  }
  // A gateway that takes a PGP/MIME mail's dress off leaves armour around an entity.
  if (beginsAsMime(opened.data)) {
    return uncoverMime({ opened, opening, kind: 'inline', textAround: around, blocksBeside: beside });
  }
  if (opened.data.includes(0)) return undefined;
  // Most programs encrypt UTF-8 whatever the part's header says.
  const charset = isUtf8(opened.data) ? 'utf-8' : (armourCharset(block) ?? carrier.charset);
  return uncoverText({ opened, text: decodeText(opened.data, charset), around, beside, opening });
}

/** The decrypted text as an entity, and whose signature is on it. */
async function uncoverText(
  from: Readonly<{
    opened: Decrypted;
    text: string;
    around: string | undefined;
    beside: readonly string[];
    opening: Opening;
  }>,
): Promise<Uncovered | RootFailure> {
  const { opened, around } = from;
  const text = from.text.replace(/\r\n?/g, '\n');
  const entity = plainEntity(new TextEncoder().encode(text));
  const split = splitEntity(entity);
  if (split.kind === 'problem') return { kind: 'failed', reason: split.reason };
  // Signed in clear first, encrypted then: an old habit. It counts when nothing stands outside the signed block.
  const inside = opened.signature.kind === 'none' ? await checkCleartextBlock(text, from.opening) : undefined;
  const whole = inside?.signed ?? ({ kind: 'text', text } as const);
  return {
    kind: 'uncovered',
    encryption: { kind: 'inline', keyId: opened.keyId, list: opened.list },
    entity,
    payload: split.entity,
    readable: whole,
    signature: inside?.signature ?? opened.signature,
    checkAgain: inside?.checkAgain ?? opened.checkAgain,
    signed: whole,
    textAround: around,
    bodyDigest: opened.bodyDigest,
    blocksBeside: from.beside,
  };
}

/** A patch with mail headers is text; a stripped entity begins with its own fields, not with From. */
function beginsAsMime(data: Uint8Array): boolean {
  const start = new TextDecoder('windows-1252').decode(data.subarray(0, 20));
  return /^(content-|mime-version)/i.test(start) && saysItIsMime(data);
}

type Carrier = Readonly<{ text: string; charset: string | undefined }>;

const bareCarriers = [
  'text/plain',
  'application/pgp',
  'application/pgp-encrypted',
  'application/octet-stream',
];

/** The one text a mail consists of; an HTML twin of the same armour does not make it two. */
async function textCarrier(root: Entity, opening: Opening): Promise<Carrier | undefined> {
  const type = root.contentType.value;
  // The last two: armour handed to a mailer as its whole body.
  if (bareCarriers.includes(type)) return carrierOf(root);
  if (type === 'text/html')
    return { text: await opening.tools.htmlToText(textOfEntity(root)), charset: undefined };
  if (type !== 'multipart/alternative') return undefined;
  const plain = root.children.find((child) => child.contentType.value === 'text/plain');
  const others = root.children.filter((child) => child !== plain);
  const twins = others.every(
    (child) => child.contentType.value === 'text/html' && textOfEntity(child).includes('BEGIN PGP MESSAGE'),
  );
  return plain && twins ? carrierOf(plain) : undefined;
}

function carrierOf(entity: Entity): Carrier {
  return {
    text: textOfEntity(entity, Number.POSITIVE_INFINITY),
    charset: entity.contentType.parameters.get('charset'),
  };
}
