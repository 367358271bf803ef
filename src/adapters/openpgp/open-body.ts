/** Opens an encrypted body with its session key, in the child: integrity first, then packets, then the signature. */
import { type Config, type Message, readMessage } from 'openpgp';
import type { SessionKey } from '../../message/open/opened.ts';
import type { BodyProblem, Checking, OpenedBody } from '../../message/open/opening-tools.ts';
import { boundPackets } from './bound-packets.ts';
import { checkSignatures } from './check-signatures.ts';
import { openpgpConfig } from './openpgp-config.ts';
import { packetTag, readPacket } from './packets.ts';

export type BodyTask = Checking &
  Readonly<{ body: Uint8Array; sessionKey: SessionKey; maximumBytes: number }>;

export async function openBody(task: BodyTask): Promise<OpenedBody | BodyProblem> {
  const packet = readPacket(task.body, 0);
  if (packet === undefined) return { kind: 'problem', reason: 'damaged' };
  // EFAIL: without integrity protection anyone may have rewritten it.
  if (packet.tag === packetTag.symmetricallyEncrypted) return { kind: 'problem', reason: 'no-integrity' };
  // Bombs of zip, zlib and bzip2 end here; compression inside compression is refused by the library (TECH).
  const config = { ...openpgpConfig, maxDecompressedMessageSize: task.maximumBytes };
  boundPackets();
  try {
    const message = await decrypt(packet.raw, task, config);
    const data = message.getLiteralData();
    if (data === null) return { kind: 'problem', reason: 'damaged' };
    if (data.length > task.maximumBytes) return { kind: 'problem', reason: 'too-large' };
    const signature = await checkSignatures(
      {
        keyIds: message.getSigningKeyIDs().map((id) => id.toHex().toUpperCase()),
        content: data,
        verify: (keys, date) => message.verify(keys, date, config),
      },
      task,
    );
    return { kind: 'opened', data, signature, fileName: fileNameOf(message) };
  } catch (error) {
    return { kind: 'problem', reason: isTooLarge(error) ? 'too-large' : 'damaged' };
  }
}

async function decrypt(body: Uint8Array, task: BodyTask, config: Config): Promise<Message<Uint8Array>> {
  const message = await readMessage({ binaryMessage: body, config });
  const sessionKey = { data: task.sessionKey.bytes, algorithm: task.sessionKey.algorithm };
  const decrypted = await message.decrypt([], [], [sessionKey], new Date(task.now), config);
  return decrypted.unwrapCompressed() as Message<Uint8Array>;
}

/** `_CONSOLE` means "for your eyes only" (RFC 9580 §5.9.1); no file is meant. */
function fileNameOf(message: Message<Uint8Array>): string | undefined {
  const name = message.getFilename();
  return name === null || name === '' || name === '_CONSOLE' ? undefined : name;
}

function isTooLarge(error: unknown): boolean {
  for (let one: unknown = error, depth = 0; one instanceof Error && depth < 5; one = one.cause, depth++) {
    // zip and zlib say "message size", bzip2 "size".
    if (/Maximum decompressed (message )?size exceeded/.test(one.message)) return true;
    if ('code' in one && one.code === 'too-many-packets') return true;
  }
  return false;
}
