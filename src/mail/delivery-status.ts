import { decodeWords } from './encoded-words.ts';
import { fieldValue, type HeaderField, readHeader } from './header-fields.ts';
import { type Entity, walk } from './split-entity.ts';

/** One recipient's fate in a delivery status notification (RFC 3464 §2.3). */
export type RecipientStatus = Readonly<{
  /** Final-Recipient, else Original-Recipient, without its `rfc822;`. */
  recipient: string;
  /** Lower case: `failed`, `delayed`, `delivered`, `relayed`, `expanded`. */
  action: string;
  /** `5.1.1`; undefined when it is none (RFC 3463). */
  status: string | undefined;
}>;

/** One line per recipient of a copy would do; a report of 100,000 is an attack on whoever walks the list. */
const maximumRecipients = 1_000;

/**
 * The statuses of a delivery report; undefined when the mail is none. Recognised by structure alone, never by words
 * in a subject: "returned mail parser RCE" is a report (TECH).
 */
export function readDeliveryStatus(root: Entity): readonly RecipientStatus[] | undefined {
  if (root.contentType.value !== 'multipart/report') return undefined;
  const part = walk(root, (entity) => entity === root).find((entity) =>
    ['message/delivery-status', 'message/global-delivery-status'].includes(entity.contentType.value),
  );
  return (
    part &&
    statusGroups(part.body)
      .map(readStatus)
      .filter((status) => status !== undefined)
  );
}

/** RFC 3464 §2.1: groups of fields with blank lines between; the first is about the message. */
function statusGroups(body: Uint8Array): readonly (readonly HeaderField[])[] {
  const groups: (readonly HeaderField[])[] = [];
  for (let at = 0; at < body.length && groups.length <= maximumRecipients; ) {
    const header = readHeader(body, at, body.length);
    if (typeof header === 'string') break;
    groups.push(header.fields);
    // Not a field and not blank: nothing after it can be trusted to be one.
    if (header.bodyStart <= at) break;
    at = header.bodyStart;
  }
  return groups;
}

function readStatus(fields: readonly HeaderField[]): RecipientStatus | undefined {
  const named = fieldValue(fields, 'final-recipient') ?? fieldValue(fields, 'original-recipient');
  const action = fieldValue(fields, 'action')?.toLowerCase();
  if (named === undefined || action === undefined) return undefined;
  return {
    recipient: decodeWords(named.slice(named.indexOf(';') + 1).trim()).replace(/^<|>$/g, ''),
    action,
    status: /\b([245]\.\d{1,3}\.\d{1,3})\b/.exec(fieldValue(fields, 'status') ?? '')?.[1],
  };
}
