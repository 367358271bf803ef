/** The lists' mail keys, as the journal and the key directory tell of them together. */
import { armorCertificate } from '../../adapters/openpgp/armor-certificate.ts';
import type { ExportKeys } from '../../adapters/openpgp/keyring/export-keys.ts';
import type { Keyring } from '../../adapters/openpgp/keyring/keyring.ts';
import { joinBytes } from '../../mail/bytes.ts';
import type { MailKeys, MailKeysOfLists } from '../../membership/mail-keys.ts';
import type { Keys } from './keyholder-tools.ts';

export function mailKeysOfKeyring(
  keyring: Keyring,
  exportAll: ExportKeys,
): Pick<Keys, 'armouredKey' | 'nextListKey' | 'followJournal' | 'listKeys' | 'exportKeys'> {
  const certificates = (list: string) =>
    keyring.lists().flatMap((mail) => (mail.list === list ? [mail.certificate] : []));
  const currentOf = (list: string, known: MailKeys | undefined) =>
    certificates(list).find(({ fingerprint }) => known === undefined || fingerprint === known.current);
  let followed: MailKeysOfLists | undefined;
  return {
    armouredKey: (list, known) => {
      const certificate = currentOf(list, known);
      return certificate && armourOf(certificate.bytes, known?.revoked ?? []);
    },
    nextListKey: async ({ list, known, compromised, now }) => {
      const { name, address } = list;
      const previous = currentOf(name, known)?.fingerprint ?? known?.current ?? '';
      const others = [previous, ...(known?.retiring ?? []).map(({ fingerprint }) => fingerprint)];
      const certificate = await keyring.nextMailKey({
        list: name,
        address,
        previous,
        known: [...others, ...(known?.destroyed ?? [])],
        certified: !compromised,
        now,
      });
      const stolen = compromised ? others : [];
      const revocations = await keyring.revoke(name, stolen, now);
      const revoked = revocations.map((bytes, i) => ({ fingerprint: stolen[i] ?? '', certificate: bytes }));
      const { fingerprint } = certificate;
      return { fingerprint, previous, armour: armourOf(certificate.bytes, revocations), revoked };
    },
    listKeys: (list) => certificates(list).map(({ fingerprint }) => fingerprint),
    // A spare key is nobody's: where another installation reads these files without this journal, it would count.
    exportKeys: async (to, mailKeys, now) => {
      await keyring.reload();
      const spare = keyring.lists().filter(({ list, certificate: { fingerprint } }) => {
        const known = mailKeys.get(list);
        const kept = known
          ? [known.current, ...known.retiring.map((one) => one.fingerprint)]
          : certificates(list)
              .slice(0, 1)
              .map((one) => one.fingerprint);
        return !kept.includes(fingerprint);
      });
      const without = spare.map(({ list, certificate }) => `lists/${list}/mail-${certificate.fingerprint}`);
      return exportAll({ certificates: to, without, now });
    },
    // Commit first, delete after: what dies in between is made up for by whoever reads the journal next.
    followJournal: async (mailKeys) => {
      if (mailKeys === followed) return;
      for (const [list, { destroyed }] of mailKeys) await keyring.destroyMailKeys(list, destroyed);
      const isHere = ([list, { current }]: readonly [string, MailKeys]) =>
        certificates(list).some(({ fingerprint }) => fingerprint === current);
      if (![...mailKeys].every(isHere)) await keyring.reload();
      followed = mailKeys;
    },
  };
}

/** The current one first: programs and our pages show the first. */
function armourOf(current: Uint8Array, revoked: readonly Uint8Array[]): string {
  return armorCertificate({ bytes: joinBytes(current, ...revoked) });
}
