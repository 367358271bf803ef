import type { Desk } from '../../message/desk.ts';
import { isUnopenable } from '../../message/open/opened.ts';
import type { SignedText } from '../../message/restore/administrator-word.ts';
import type { KeyholderTools } from './keyholder-tools.ts';
import { verificationCertificates } from './verification-certificates.ts';

/** A file that the operator hands on, as the text of a mail without a header: the child takes it apart (P3). */
export async function readSigned(
  file: string,
  desk: Desk,
  { open }: Pick<KeyholderTools, 'open'>,
): Promise<SignedText | undefined> {
  const body = file.replace(/\r?\n/g, '\r\n');
  const opened = await open(
    {
      raw: Buffer.from(`Content-Type: text/plain; charset=utf-8\r\n\r\n${body}\r\n`),
      listKeyIds: [],
      certificates: verificationCertificates(desk.knowledge, []),
      now: desk.now,
    },
    async () => undefined,
  );
  if (isUnopenable(opened) || opened.signature.kind !== 'valid' || opened.signedText === undefined)
    return undefined;
  const { fingerprint, signedAt } = opened.signature;
  return { text: opened.signedText, fingerprint, signedAt };
}
