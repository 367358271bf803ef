/**
 * All private keys of a private side (I3, K1): lists' mail and storage keys, record keys, the key of the keyholder's
 * statements, the tokens' key, and the key that operators' requests are sealed to. Only the keyholder's process may reach
 * this folder. Keys rest encrypted under a passphrase, or bare where the operator said so; `unprotected` tells.
 */
import type { Certificate, ExamineCertificates } from '../../../membership/certificate.ts';
import type { Sealed } from '../../../message/ports.ts';
import type { Sealing } from '../../../message/sealing-port.ts';
import type { Instant } from '../../../time/instant.ts';
import { openRequest, type SignedRequest, sealAnswer } from '../operator-key/operator-mail.ts';
import { generateKey } from '../private/generate-key.ts';
import { readPrivateKey } from '../private/private-key.ts';
import { createSealing } from '../seal-body.ts';
import { type EndedEpochs, readEndedEpochs } from './ended-epochs.ts';
import { type ExportKeys, keyExporter } from './export-keys.ts';
import { type KeyDirectoryOptions, openKeyDirectory } from './key-directory.ts';
import { type ListKeys, readListKeys } from './list-keys.ts';
import { createRecordKeys, type RecordKeys } from './record-keys.ts';
import { readStatementKey, readTokens, type StatementKey, type Tokens } from './signing-keys.ts';

export type Keyring = Omit<ListKeys, 'sign' | 'forgetStorageKeys'> &
  Omit<RecordKeys, 'forgetRecordKey'> &
  EndedEpochs &
  Tokens &
  Readonly<{
    unprotected: boolean;
    demo: boolean;
    /** Readers' certificates are strangers' bytes: another process looks into them (P3). */
    sealingWith: (examine: ExamineCertificates) => Sealing;
    exporterWith: (examine: ExamineCertificates) => ExportKeys;
    statement: StatementKey;
    /** What operators seal requests to and check answers with (P7). */
    requestCertificate: Certificate;
    /** Throws `bad-signature` unless one of these operators signed it. */
    openRequest: (
      sealed: Uint8Array,
      operators: readonly Certificate[],
      now: Instant,
    ) => Promise<SignedRequest>;
    sealAnswer: (answer: Uint8Array, operator: Certificate, now: Instant) => Promise<Sealed>;
  }>;

/** Makes the directory and its first keys when there is nothing. `now` becomes their date. */
export async function openKeyring(
  options: KeyDirectoryOptions & Readonly<{ now: Instant }>,
): Promise<Keyring> {
  const directory = await openKeyDirectory(options);
  const { sign, forgetStorageKeys, ...listKeys } = await readListKeys(directory);
  const { forgetRecordKey, ...recordKeys } = createRecordKeys(directory);
  const requestKey = await readPrivateKey(
    await directory.readOrCreate(
      'request',
      async () => (await generateKey({ name: 'embargod keyholder' }, options.now)).secret,
    ),
  );
  return {
    ...listKeys,
    ...recordKeys,
    ...(await readEndedEpochs(directory, [forgetStorageKeys, forgetRecordKey])),
    ...(await readTokens(directory)),
    unprotected: directory.unprotected,
    demo: options.demo,
    sealingWith: (examine) => createSealing(sign, examine),
    exporterWith: (examine) => keyExporter(directory, { demo: options.demo, requestKey }, examine),
    statement: await readStatementKey(directory),
    requestCertificate: requestKey.certificate,
    openRequest: (sealed, operators, now) => openRequest({ sealed, key: requestKey, operators, now }),
    sealAnswer: (answer, operator, now) => sealAnswer({ answer, operator, key: requestKey, now }),
  };
}
