/** The port `OpeningTools`, for the child: public operations only, nothing throws for bad input. */
import { createHash } from 'node:crypto';
import type { OpeningTools } from '../../message/open/opening-tools.ts';
import { openBody } from './open-body.ts';
import { findCertificates } from './read-certificates.ts';
import { readEncrypted } from './read-encrypted.ts';
import { verifyCleartext } from './verify-cleartext.ts';
import { verifyDetached } from './verify-detached.ts';

export const openingTools: OpeningTools = {
  readEncrypted: async (bytes) => readEncrypted(bytes),
  openBody,
  verifyDetached,
  verifyCleartext,
  readCertificates: findCertificates,
  sha256: (bytes) => createHash('sha256').update(bytes).digest(),
  base64: (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64'),
};
