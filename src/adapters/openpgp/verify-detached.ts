/** A signature that stands beside what it signs (RFC 3156 §5). */
import { createMessage, readSignature, verify } from 'openpgp';
import type { SignatureVerdict } from '../../message/open/opened.ts';
import type { Checking } from '../../message/open/opening-tools.ts';
import { boundPackets } from './bound-packets.ts';
import { checkSignatures } from './check-signatures.ts';
import { openpgpConfig } from './openpgp-config.ts';
import { isBinary, readArmorBlocks } from './read-armor.ts';

const damaged: SignatureVerdict = { kind: 'invalid', keyId: '', reason: 'damaged' };

export async function verifyDetached(
  task: Checking & Readonly<{ signedBytes: Uint8Array; signature: Uint8Array }>,
): Promise<SignatureVerdict> {
  const packets = isBinary(task.signature)
    ? task.signature
    : readArmorBlocks(task.signature).find((block) => block.type === 'SIGNATURE')?.bytes;
  if (packets === undefined) return damaged;
  boundPackets();
  try {
    const signature = await readSignature({ binarySignature: packets, config: openpgpConfig });
    const keyIds = signature.getSigningKeyIDs().map((id) => id.toHex().toUpperCase());
    if (keyIds.length === 0) return damaged;
    return await checkSignatures(
      {
        keyIds,
        content: task.signedBytes,
        verify: async (verificationKeys, date) => {
          const message = await createMessage({ binary: task.signedBytes });
          const options = { message, signature, verificationKeys, date, config: openpgpConfig };
          return (await verify({ ...options, format: 'binary' })).signatures;
        },
      },
      task,
    );
  } catch {
    return damaged;
  }
}
