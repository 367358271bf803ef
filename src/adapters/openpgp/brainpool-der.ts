/** The one function that openpgp.js wants of `eckey-utils`: a raw point as a DER public key (RFC 5480 §2). */

/** Contents of OBJECT IDENTIFIERs (RFC 5639 §4.1), by the name OpenSSL uses. */
const curveIds: Readonly<Record<string, string>> = {
  brainpoolP256r1: '2b2403030208010107',
  brainpoolP384r1: '2b240303020801010b',
  brainpoolP512r1: '2b240303020801010d',
};
const ecPublicKeyId = '2a8648ce3d0201';

const sequence = 0x30;
const objectId = 0x06;
const bitString = 0x03;

/** We make no Brainpool keys, so the private half is not offered. Throws for other curves. */
export function generateDer(
  request: Readonly<{ curveName: string; publicKey?: Uint8Array }>,
): Readonly<{ publicKey: Buffer }> {
  const curveId = curveIds[request.curveName];
  if (curveId === undefined || request.publicKey === undefined) {
    throw new RangeError('Only public keys on Brainpool curves are read here.');
  }
  const algorithm = encode(
    sequence,
    Buffer.concat([
      encode(objectId, Buffer.from(ecPublicKeyId, 'hex')),
      encode(objectId, Buffer.from(curveId, 'hex')),
    ]),
  );
  const noUnusedBits = Uint8Array.of(0);
  const point = encode(bitString, Buffer.concat([noUnusedBits, request.publicKey]));
  return { publicKey: encode(sequence, Buffer.concat([algorithm, point])) };
}

function encode(tag: number, content: Uint8Array): Buffer {
  const { length } = content;
  const head = length < 128 ? [tag, length] : [tag, 0x81, length];
  return Buffer.concat([Uint8Array.from(head), content]);
}
