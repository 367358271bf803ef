/** Implements the port `ExamineCertificates`, with the library: for the child, which holds nothing (P3). */
import { type PublicKey, readKey, SignaturePacket } from 'openpgp';
import type { ExamineCertificates, ExaminedCertificate } from '../../membership/certificate.ts';
import { type Instant, instantFromMilliseconds } from '../../time/instant.ts';
import { assessKey } from './certificate-use.ts';
import { openpgpConfig } from './openpgp-config.ts';
import { ownWord } from './own-word.ts';
import { findCertificates } from './read-certificates.ts';

export const examineCertificates: ExamineCertificates = async (bytes, now, extent = 'whole') => {
  const examined: ExaminedCertificate[] = [];
  for (const certificate of await findCertificates(bytes)) {
    const key = await readKey({ binaryKey: certificate.bytes, config: openpgpConfig });
    const shown =
      extent === 'whole' ? certificate : { ...certificate, bytes: await ownWord(key, new Date(now)) };
    examined.push({ certificate: shown, ...(await assessKey(key, now)), holds: changesAround(key, now) });
  }
  return examined;
};

/** The last moment up to now, and the first after it, at which anything in the certificate changes its validity. */
function changesAround(key: PublicKey, now: Instant): ExaminedCertificate['holds'] {
  let from = Number.NEGATIVE_INFINITY;
  let until = Number.POSITIVE_INFINITY;
  const note = (at: number) => {
    if (at <= now) from = Math.max(from, at);
    else until = Math.min(until, at);
  };
  const created = [key.keyPacket, ...key.subkeys.map((subkey) => subkey.keyPacket)].map((packet) =>
    packet.created.getTime(),
  );
  created.forEach(note);
  for (const packet of key.toPacketList()) {
    if (!(packet instanceof SignaturePacket)) continue;
    note(packet.created?.getTime() ?? now);
    const ends = packet.getExpirationTime();
    if (ends instanceof Date) note(ends.getTime());
    const lifetime = packet.keyExpirationTime;
    if (lifetime) for (const start of created) note(start + lifetime * 1000);
  }
  return { from: instantOf(from), until: instantOf(until) };
}

function instantOf(time: number): Instant | undefined {
  return Number.isFinite(time) ? instantFromMilliseconds(time) : undefined;
}
