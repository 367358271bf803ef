/**
 * Says who vouches for an incoming mail: SPF (RFC 7208), DKIM (RFC 6376), DMARC (RFC 7489 and its successor) by
 * `mailauth`. A hint recorded inside the sealed envelope, used only to decide who may be answered (R4): it never
 * refuses mail, and whatever goes wrong counts as "not vouched for".
 */
import { authenticate } from 'mailauth';
import type { ReversePath } from '../../mail/reverse-path.ts';
import type { MailAuthentication } from '../../message/receive/envelope.ts';

/** Answers a DNS question as node:dns/promises `resolve` does; rejects with a `code` such as ENOTFOUND. */
export type MailResolver = (name: string, type: string) => Promise<string[][] | string[]>;

export type IncomingMail = Readonly<{
  peer: string;
  helo: string;
  mailFrom: ReversePath | '';
  raw: Uint8Array;
  /** Came by LMTP from our own relay: the sender's address stands in its topmost Received. */
  throughOwnRelay: boolean;
}>;

export type AuthenticationSettings = Readonly<{
  hostName: string;
  resolver: MailResolver;
  /** Attack: a name server that answers slowly, to hold the session and its memory. */
  within: number;
}>;

export const notChecked: MailAuthentication = {
  checked: false,
  spf: 'none',
  dkim: [],
  dmarc: 'none',
  aligned: false,
};

/** Attack: a header of ten thousand signatures, each of which costs a look-up and a verification. */
const maximumSignatures = 12;
/** Attack: the same with a header that has no end; only so much is searched for signatures. */
const maximumHeader = 256 * 1024;
/**
 * Attack: a line without an end. The check takes time by the square of its length, at once and for nobody else: 24 MB in
 * one line held the door for 80 s. RFC 5322 §2.1.1 allows 998.
 */
const longestLine = 16 * 1024;
/** Attack: a dozen signatures over the largest mail, each of which hashes it anew. Two of 25 MB take a fifth of a second. */
const mostHashed = 64 * 1024 * 1024;

type Result = Awaited<ReturnType<typeof authenticate>>;

export async function authenticateMail(
  mail: IncomingMail,
  settings: AuthenticationSettings,
): Promise<MailAuthentication> {
  const raw = Buffer.from(mail.raw.buffer, mail.raw.byteOffset, mail.raw.byteLength);
  if (!worthChecking(raw)) return notChecked;
  const checking = authenticate(raw, {
    ...(mail.throughOwnRelay ? { trustReceived: true } : { ip: mail.peer, helo: mail.helo }),
    sender: mail.mailFrom,
    mta: settings.hostName,
    resolver: settings.resolver,
    rejectRsaSha1: true,
    disableArc: true,
    disableBimi: true,
  });
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), settings.within);
  });
  try {
    const result = await Promise.race([checking, tooLate]);
    if (result) return summary(result);
    checking.catch(() => undefined);
    return { ...notChecked, spf: 'temperror', dmarc: 'temperror' };
  } catch {
    return { ...notChecked, spf: 'temperror', dmarc: 'temperror' };
  } finally {
    clearTimeout(timer);
  }
}

function worthChecking(raw: Buffer): boolean {
  const end = raw.indexOf('\r\n\r\n');
  if (end > maximumHeader || (end < 0 && raw.length > maximumHeader)) return false;
  const header = raw.subarray(0, end < 0 ? raw.length : end).toString('latin1');
  const signatures = header.match(/^dkim-signature[ \t]*:/gim)?.length ?? 0;
  return signatures <= maximumSignatures && signatures * raw.length <= mostHashed && linesEnd(raw);
}

function linesEnd(raw: Buffer): boolean {
  const lineFeed = 0x0a;
  let start = 0;
  for (let end = raw.indexOf(lineFeed); end >= 0; end = raw.indexOf(lineFeed, start)) {
    if (end - start > longestLine) return false;
    start = end + 1;
  }
  return raw.length - start <= longestLine;
}

function summary(result: Result): MailAuthentication {
  const spf = result.spf ? result.spf.status.result : 'none';
  const dmarc = result.dmarc ? result.dmarc.status.result : 'none';
  // A signature with `l=` leaves room for words of somebody else at the end (RFC 6376 §8.2): it vouches for nothing.
  const passing = (result.dkim?.results ?? []).filter(
    (signature) => signature.status.result === 'pass' && !signature.status.underSized,
  );
  return {
    checked: true,
    spf,
    dkim: [...new Set(passing.flatMap((signature) => signature.signingDomain?.toLowerCase() ?? []))],
    dmarc,
    aligned: isAligned(result, dmarc, spf, passing),
  };
}

type Signatures = NonNullable<NonNullable<Result['dkim']>['results']>;

function isAligned(result: Result, dmarc: string, spf: string, passing: Signatures): boolean {
  const from = result.dkim?.headerFrom ?? [];
  // Several From addresses, or fields: nobody can say which of them is vouched for (RFC 7489 §6.6.1).
  if (from.length !== 1 || result.dkim?.fromFields !== 1) return false;
  if (dmarc === 'fail' || dmarc === 'temperror' || dmarc === 'permerror') return false;
  if (passing.some((signature) => Boolean(signature.status.aligned))) return true;
  if (spf !== 'pass' || !result.spf) return false;
  const spfDomain = result.spf.domain?.toLowerCase();
  if (result.dmarc && dmarc === 'pass') return Boolean(result.dmarc.alignment?.spf?.result);
  return spfDomain !== undefined && spfDomain === from[0]?.slice(from[0].lastIndexOf('@') + 1).toLowerCase();
}
