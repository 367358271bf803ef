import type { Address } from '../../mail/address.ts';
import type { ReversePath } from '../../mail/reverse-path.ts';
import type { Instant } from '../../time/instant.ts';

/** What SPF, DKIM and DMARC said at the door (RFC 7208, 6376, 7489); recorded inside the sealed envelope. */
export type MailAuthentication = Readonly<{
  checked: boolean;
  spf: string;
  /** Domains whose DKIM signature verified. */
  dkim: readonly string[];
  dmarc: string;
  /** From's domain is vouched for by aligned SPF or DKIM: R4 may answer. */
  aligned: boolean;
}>;

/** How one private mail came in. Sealed together with the mail as one piece (K2): JSON line, LF, raw bytes. */
export type Envelope = Readonly<{
  receivedAt: Instant;
  peer: string;
  helo: string;
  tls: boolean;
  /** '' for the null sender of bounces (RFC 5321 §4.5.5). */
  mailFrom: ReversePath | '';
  /** Every RCPT of the transaction, ours only, as given (M6). */
  recipients: readonly Address[];
  authentication: MailAuthentication;
}>;

const lineFeed = 0x0a;

/** The plaintext that is sealed at the door. `raw` is the mail as received, CRLF, dot-unstuffed. */
export function joinEnvelope(envelope: Envelope, raw: Uint8Array): Uint8Array {
  const head = new TextEncoder().encode(JSON.stringify(envelope));
  const joined = new Uint8Array(head.length + 1 + raw.length);
  joined.set(head);
  joined[head.length] = lineFeed;
  joined.set(raw, head.length + 1);
  return joined;
}

/** The reverse; throws SyntaxError when the bytes are not ours. */
export function splitEnvelope(joined: Uint8Array): Readonly<{ envelope: Envelope; raw: Uint8Array }> {
  const end = joined.indexOf(lineFeed);
  if (end < 0) throw new SyntaxError('A sealed envelope has a JSON line first.');
  const envelope = JSON.parse(new TextDecoder().decode(joined.subarray(0, end))) as Envelope;
  return { envelope, raw: joined.subarray(end + 1) };
}
