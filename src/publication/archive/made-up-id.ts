import type { MessageId } from '../../mail/letter-head.ts';

/**
 * The id of a posting without a Message-ID, or whose Message-ID belongs to another: from its bytes alone, so that a second
 * import finds it again. The domain exists nowhere (RFC 2606 §2).
 */
export function madeUpId(digest: Uint8Array): MessageId {
  const hex = [...digest.subarray(0, 16)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `<${hex}@no-message-id.invalid>` as MessageId;
}
