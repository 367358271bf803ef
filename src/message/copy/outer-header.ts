import type { Address } from '../../mail/address.ts';
import type { Mailbox, MessageId } from '../../mail/letter-head.ts';
import { formatMailDate } from '../../mail/write-date.ts';
import { encodeHeader, encodeMailboxes, foldReferences } from '../../mail/write-header.ts';
import type { Instant } from '../../time/instant.ts';
import type { OuterHead } from '../plan.ts';

export type OuterFields = Readonly<{
  listAddress: Address;
  messageId: MessageId;
  outer: OuterHead;
  at: Instant;
}>;

/** The outer fields that the protected header has too; inside, HP-Outer repeats each as it stands here (RFC 9788 §2.2). */
export function outerFields({ listAddress, messageId, outer, at }: OuterFields): readonly string[] {
  return [
    encodeMailboxes('From', [{ name: outer.fromName, address: listAddress }]),
    encodeHeader('To', listAddress),
    encodeHeader('Reply-To', outer.replyTo),
    encodeHeader('Subject', outer.subject),
    encodeHeader('Date', formatMailDate(at)),
    encodeHeader('Message-ID', messageId),
    ...threadFields(outer),
  ];
}

/** Where the message stands in its thread, outside as inside. */
export function threadFields(outer: OuterHead): readonly string[] {
  return [
    ...(outer.inReplyTo ? [foldReferences('In-Reply-To', [outer.inReplyTo])] : []),
    ...(outer.references.length > 0 ? [foldReferences('References', outer.references)] : []),
  ];
}

/**
 * What stands around the ciphertext of a copy, the same for every reader: RFC 3156 §4 multipart/encrypted with the
 * header of M3–M5. `To` is the list, as on any list; the envelope says who gets the copy.
 */
export function wrapOutside(
  outside: OuterFields & Readonly<{ boundary: string }>,
): Readonly<{ head: Uint8Array; end: Uint8Array }> {
  const { outer, boundary, listAddress } = outside;
  const listId = listAddress.replace('@', '.');
  const head = [
    ...outerFields(outside),
    encodeHeader('List-Id', `<${listId}>`),
    encodeHeader('List-Post', `<mailto:${listAddress}>`),
    encodeHeader('List-Owner', `<mailto:${listAddress.replace('@', '-owner@')}>`),
    // What a loop is known by when it comes back; names nothing.
    encodeHeader('Embargod-Copy', '1'),
    outer.notice ? encodeHeader('Auto-Submitted', 'auto-generated') : '',
    encodeHeader('MIME-Version', '1.0'),
    `Content-Type: multipart/encrypted; protocol="application/pgp-encrypted";\r\n boundary="${boundary}"\r\n`,
    '\r\n',
    `--${boundary}\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n\r\n`,
    `--${boundary}\r\nContent-Type: application/octet-stream; name="encrypted.asc"\r\n`,
    'Content-Disposition: inline; filename="encrypted.asc"\r\n\r\n',
    '-----BEGIN PGP MESSAGE-----\r\n\r\n',
  ].join('');
  const end = `-----END PGP MESSAGE-----\r\n\r\n--${boundary}--\r\n`;
  const encoder = new TextEncoder();
  return { head: encoder.encode(head), end: encoder.encode(end) };
}

/** M5: From as copies show it; the address beside the name is the list's. */
export function nameViaList(author: Mailbox | undefined, list: string): string {
  return `${author?.name ?? author?.address ?? 'Unknown author'} via ${list}`;
}
