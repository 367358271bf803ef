import type { LetterHead } from '../../mail/letter-head.ts';
import type { SplitProblem } from '../../mail/split-entity.ts';
import type { Certificate } from '../../membership/certificate.ts';
import type { AskSessionKey, OpeningTask, SignatureVerdict, Unopenable } from './opened.ts';
import type { EncryptedMessage, OpenMailTools } from './opening-tools.ts';

/** One mail being opened. */
export type Opening = Readonly<{ task: OpeningTask; ask: AskSessionKey; tools: OpenMailTools }>;

export type Decrypted = Readonly<{
  kind: 'decrypted';
  data: Uint8Array;
  fileName: string | undefined;
  keyId: string;
  list: string;
  signature: SignatureVerdict;
  /** Checks the signature once more, with these certificates besides the task's. */
  checkAgain: (certificates: readonly Certificate[]) => Promise<SignatureVerdict>;
  /** SHA-256 of the encrypted data packet, hexadecimal: it stays the same however it is wrapped again (K1). */
  bodyDigest: string;
}>;

export type DecryptFailure = Readonly<{
  kind: 'failed';
  reason: 'not-encrypted' | 'not-for-us' | 'damaged' | 'too-large';
  keyIds: readonly string[];
}>;

/** A bomb of under 1 KB took 711 MB (TECH); intake takes mails far below this, and base64 within doubles nothing. */
export const maximumOpenedBytes = 64 * 1024 * 1024;
/** Wildcards name no key, so each costs the keyholder a try with every key (TECH: 300 cost 13.5 s). */
export const maximumWildcards = 2;
/** One report may be sealed to each of our lists, with old and new subkeys; more is a flood. */
export const maximumNamedPackets = 8;

const wildcard = '0000000000000000';

export function startOpening(task: OpeningTask, ask: AskSessionKey, tools: OpenMailTools): Opening {
  return { task, ask, tools };
}

/** Opens one encrypted message with any of our lists' keys (M6), or says why not. */
export async function decrypt(
  bytes: Uint8Array,
  opening: Opening,
  maximumBytes = maximumOpenedBytes,
): Promise<Decrypted | DecryptFailure> {
  const { task, tools } = opening;
  const message = await tools.readEncrypted(bytes);
  if (message.kind === 'problem') {
    const reason = message.reason === 'not-encrypted' ? 'not-encrypted' : 'damaged';
    return { kind: 'failed', reason, keyIds: [] };
  }
  const keyIds = message.sessionKeyPackets.map((packet) => packet.keyId).slice(0, maximumListedKeys);
  const packets = packetsForUs(message, task.listKeyIds);
  const answer = packets.length === 0 ? undefined : await opening.ask(packets);
  if (!answer) return { kind: 'failed', reason: 'not-for-us', keyIds };
  const open = (certificates: readonly Certificate[]) =>
    tools.openBody({
      body: message.body,
      sessionKey: answer.sessionKey,
      certificates,
      now: task.now,
      maximumBytes,
    });
  const opened = await open(task.certificates);
  // EFAIL: a body without integrity protection is never opened (RFC 9580 §13.7).
  if (opened.kind === 'problem') {
    return { kind: 'failed', reason: opened.reason === 'too-large' ? 'too-large' : 'damaged', keyIds };
  }
  return {
    kind: 'decrypted',
    data: opened.data,
    fileName: opened.fileName,
    keyId: answer.keyId,
    list: answer.list,
    signature: opened.signature,
    checkAgain: async (more) => {
      const again = await open([...task.certificates, ...more]);
      return again.kind === 'opened' ? again.signature : opened.signature;
    },
    bodyDigest: hexadecimal(tools.sha256(message.body)),
  };
}

/** Key ids are told to administrators; a list of thousands tells nobody anything. */
const maximumListedKeys = 32;

function packetsForUs(
  message: EncryptedMessage,
  listKeyIds: readonly string[],
): EncryptedMessage['sessionKeyPackets'] {
  const named = message.sessionKeyPackets.filter((packet) => listKeyIds.includes(packet.keyId.toUpperCase()));
  const anonymous = message.sessionKeyPackets.filter((packet) => packet.keyId === wildcard);
  return [...named.slice(0, maximumNamedPackets), ...anonymous.slice(0, maximumWildcards)];
}

type Reason = SplitProblem['reason'] | Exclude<DecryptFailure['reason'], 'not-encrypted'>;

const words: Readonly<Record<Reason, readonly [Unopenable['reason'], string]>> = {
  'header-too-large': ['unreadable-structure', 'A header is larger than any real one.'],
  'too-many-fields': ['unreadable-structure', 'A header has more fields than any real one.'],
  'too-deep': ['unreadable-structure', 'Its parts are nested deeper than in any real mail.'],
  'too-many-parts': ['too-many-parts', 'It has more parts than any real mail.'],
  'not-for-us': ['not-for-us', 'It is encrypted, but to none of our lists’ keys that are in use.'],
  damaged: ['damaged', 'Its encryption is damaged, or lacks integrity protection.'],
  'too-large': ['too-large', 'Opened, it would be larger than we take.'],
};

export function unopenableOf(reason: Reason, outer: LetterHead | undefined): Unopenable {
  const [kind, detail] = words[reason];
  return { kind: 'unopenable', reason: kind, detail, outer };
}

export function hexadecimal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
