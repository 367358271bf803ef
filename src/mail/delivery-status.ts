import { decodeWords } from './encoded-words.ts';
import { fieldValue, type HeaderField, readHeader } from './header-fields.ts';
import { type Entity, maximumFieldsInAll, walk } from './split-entity.ts';

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
export const maximumRecipients = 1_000;
/** Of no word that RFC 3464 has; what is longer would only travel on. */
const longestAction = 20;

/**
 * The statuses of a delivery report; undefined when the mail is none. Recognised by structure alone, never by words
 * in a subject: "returned mail parser RCE" is a report (TECH).
 */
export function readDeliveryStatus(root: Entity): readonly RecipientStatus[] | undefined {
  if (root.contentType.value !== 'multipart/report') return undefined;
  const part = walk(root, (entity) => entity === root).find((entity) =>
    ['message/delivery-status', 'message/global-delivery-status'].includes(entity.contentType.value),
  );
  return part && readStatuses(part.body);
}

/** RFC 3464 §2.1: groups of fields with blank lines between; the first is about the message. */
function readStatuses(body: Uint8Array): readonly RecipientStatus[] {
  const statuses: RecipientStatus[] = [];
  let fields = 0;
  let groups = 0;
  for (let at = 0; at < body.length && statuses.length < maximumRecipients; groups += 1) {
    const header = readHeader(body, at, body.length);
    if (typeof header === 'string') break;
    fields += header.fields.length;
    if (fields > maximumFieldsInAll || groups > 2 * maximumRecipients) break;
    const status = readStatus(header.fields);
    if (status) statuses.push(status);
    // Not a field and not blank: nothing after it can be trusted to be one.
    if (header.bodyStart <= at) break;
    at = header.bodyStart;
  }
  return statuses;
}

function readStatus(fields: readonly HeaderField[]): RecipientStatus | undefined {
  const named = fieldValue(fields, 'final-recipient') ?? fieldValue(fields, 'original-recipient');
  // RFC 3464 §2.3.3: one word; some programs put a comment behind it.
  const [action = ''] = (fieldValue(fields, 'action') ?? '').toLowerCase().split(/[\s;(]/);
  if (named === undefined || action === '') return undefined;
  return {
    recipient: decodeWords(named.slice(named.indexOf(';') + 1).trim()).replace(/^<|>$/g, ''),
    action: action.slice(0, longestAction),
    status: /\b([245]\.\d{1,3}\.\d{1,3})\b/.exec(fieldValue(fields, 'status') ?? '')?.[1],
  };
}
