import type { Address } from '../../mail/address.ts';
import { joinBytes } from '../../mail/bytes.ts';
import type { Mailbox, MessageId } from '../../mail/letter-head.ts';
import { formatMailDate } from '../../mail/write-date.ts';
import { encodeHeader, encodeMailboxes } from '../../mail/write-header.ts';
import type { Instant } from '../../time/instant.ts';
import type { OuterHead } from '../plan.ts';
import { nameViaList, outerFields, threadFields } from './outer-header.ts';

/**
 * The inside of a copy (M1): multipart/mixed, our part first, then the author's entity byte for byte, then what was
 * opened for members (K1). Its header is the protected one, in both forms that readers' programs know (M2): the older
 * `protected-headers="v1"` and RFC 9788's `hp="cipher"` with HP-Outer.
 */
export type Inside = Readonly<{
  list: string;
  listAddress: Address;
  caseNumber: string | undefined;
  messageId: MessageId;
  outer: OuterHead;
  at: Instant;
  /** Whole subject, told inside only unless the outer one is the same. */
  subject: string;
  author: Mailbox | undefined;
  to: readonly Mailbox[];
  cc: readonly Mailbox[];
  /** `members of linux-distros`: bound by the list's signature (K7). */
  audience: string;
  /** `good; fingerprint`, `none` …: the only place besides our part where a verdict stands (M1). */
  verdict: string;
  ourPart: string;
  /** MIME entities, CRLF, each beginning with its header. */
  entities: readonly Uint8Array[];
  boundary: string;
}>;

const encoder = new TextEncoder();

export function composeInside(inside: Inside): Uint8Array {
  const { boundary } = inside;
  const parts = [textEntity(inside.ourPart), ...inside.entities];
  const pieces = parts.flatMap((part) => [encoder.encode(`\r\n--${boundary}\r\n`), part]);
  return joinBytes(
    encoder.encode(protectedHeader(inside)),
    ...pieces,
    encoder.encode(`\r\n--${boundary}--\r\n`),
  );
}

/** RFC 9788 §2: these fields are meant to be read instead of the outer ones; HP-Outer tells what the outer ones are. */
function protectedHeader(inside: Inside): string {
  const { outer, author } = inside;
  const fromName = author ? nameViaList(author, inside.list) : outer.fromName;
  return [
    encodeHeader('MIME-Version', '1.0'),
    `Content-Type: multipart/mixed; boundary="${inside.boundary}";\r\n protected-headers="v1"; hp="cipher"\r\n`,
    encodeMailboxes('From', [{ name: fromName, address: inside.listAddress }]),
    // RFC 9057: who wrote, where From has to name the list.
    author ? encodeMailboxes('Author', [author]) : '',
    inside.to.length > 0 ? encodeMailboxes('To', inside.to) : encodeHeader('To', inside.listAddress),
    inside.cc.length > 0 ? encodeMailboxes('Cc', inside.cc) : '',
    encodeHeader('Reply-To', outer.replyTo),
    encodeHeader('Subject', inside.subject),
    encodeHeader('Date', formatMailDate(inside.at)),
    encodeHeader('Message-ID', inside.messageId),
    encodeHeader('Embargod-List', inside.list),
    inside.caseNumber ? encodeHeader('Embargod-Case', inside.caseNumber) : '',
    encodeHeader('Embargod-Audience', inside.audience),
    encodeHeader('Embargod-Signature', inside.verdict),
    ...threadFields(outer),
    ...outerFields(inside).map((field) => `HP-Outer: ${field}`),
  ].join('');
}

/** M2: 8bit and never base64, so that `gpg -d` by hand is readable. */
export function textEntity(text: string): Uint8Array {
  const lines = text.replace(/\r?\n/g, '\r\n');
  return encoder.encode(
    `Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\nContent-Disposition: inline\r\n\r\n${lines}`,
  );
}

/** An attachment of ours: opened parts (K1), or a mail as it came in, for administrators. Base64 keeps it exact. */
export function attachmentEntity(
  part: Readonly<{
    contentType: string;
    fileName: string | undefined;
    bytes: Uint8Array;
    description: string;
  }>,
  base64: (bytes: Uint8Array) => string,
): Uint8Array {
  const type = /^[\w.+-]+\/[\w.+-]+$/.test(part.contentType) ? part.contentType : 'application/octet-stream';
  // multipart and message types may not be base64 (RFC 2045 §6.4): they travel as bytes.
  const safeType = /^(multipart|message)\//i.test(type) ? 'application/octet-stream' : type;
  const name = (part.fileName ?? 'opened').replace(/[^\w.+ -]/g, '_').slice(0, 120);
  const body = base64(part.bytes).replace(/(.{76})/g, '$1\r\n');
  return encoder.encode(
    [
      // Opened text reaches us as UTF-8.
      `Content-Type: ${safeType}${safeType.startsWith('text/') ? '; charset=utf-8' : ''}; name="${name}"\r\n`,
      'Content-Transfer-Encoding: base64\r\n',
      `Content-Disposition: attachment; filename="${name}"\r\n`,
      encodeHeader('Content-Description', part.description),
      `\r\n${body}\r\n`,
    ].join(''),
  );
}
