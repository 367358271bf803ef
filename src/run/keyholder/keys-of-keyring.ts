import type { Keyring } from '../../adapters/openpgp/keyring/keyring.ts';

import { statementVerifier } from '../../adapters/statement/verify-statement.ts';
import type { ExamineCertificates } from '../../membership/certificate.ts';
import type { ListSettings } from '../../membership/roster.ts';
import type { DoorRow, Epoch } from '../../message/ports.ts';
import { canonicalDoor } from '../../message/seal/canonical.ts';
import type { Instant } from '../../time/instant.ts';
import type { Keys } from './keyholder-tools.ts';
import { mailKeysOfKeyring } from './mail-keys-of-keyring.ts';

/** The keyring as the keyholder's work knows it. */
export function keysOfKeyring(keyring: Keyring, examine: ExamineCertificates): Keys {
  return {
    sealing: keyring.sealingWith(examine),
    askSessionKey: keyring.sessionKey,
    listKeyIds: keyring.listKeyIds,
    listCertificates: () => keyring.lists().map((mail) => mail.certificate),
    openInbox: keyring.openInbox,
    sealRecord: keyring.sealRecord,
    openRecord: keyring.openRecord,
    rewrapInbox: keyring.rewrapInbox,
    endEpochs: keyring.endEpochs,
    endedEpochs: keyring.endedEpochs,
    sign: keyring.statement.sign,
    verify: statementVerifier(keyring.statement.publicKey),
    token: keyring.token,
    ensureList: async (list, epoch, now) => {
      await keyring.reload();
      if (list.kind === 'private' && !keyring.lists().some((mail) => mail.list === list.name)) {
        await keyring.createList(list.name, list.address, now);
      }
      return doorOf(list, { keyring, epoch, now });
    },
    ...mailKeysOfKeyring(keyring, keyring.exporterWith(examine)),
  };
}

/** The doors that intake reads: signed, so that a row put into the database by others seals nothing (P5). */
async function doorOf(
  list: ListSettings,
  { keyring, epoch, now }: Readonly<{ keyring: Keyring; epoch: Epoch; now: Instant }>,
): Promise<DoorRow> {
  const storageCertificate =
    list.kind === 'private' ? (await keyring.ensureEpoch(list.name, epoch, now)).bytes : new Uint8Array();
  const door = { list: list.name, kind: list.kind, storageCertificate, epoch };
  return { ...door, signature: keyring.statement.sign(canonicalDoor(door)) };
}
