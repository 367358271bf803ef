/**
 * Everything in which we differ from openpgp.js's defaults, with the reason. Passed with every call, so that no module
 * changes the library's global state.
 */
import { type Config, config, enums } from 'openpgp';

/** Largest plaintext a message may unpack to: a bzip2 bomb of under 1 KB took 711 MB when this was unlimited (TECH). */
export const maximumPlaintext = 64 * 1024 * 1024;

/** 2^16 KiB = 64 MiB: a message or key must not choose how much memory Argon2 takes from us (RFC 9580 §3.7.1.4). */
const argon2MemoryExponent = 16;

/** RFC 9580 §12.4: shorter ones are not to be used. */
export const minimumRsaBits = 2048;

export const openpgpConfig: Config = {
  ...config,
  maxDecompressedMessageSize: maximumPlaintext,
  maxArgon2MemoryExponent: argon2MemoryExponent,
  minRSABits: minimumRsaBits,
  // EFAIL: what has neither MDC nor AEAD is never opened.
  allowUnauthenticatedMessages: false,
  allowUnauthenticatedStream: false,
  ignoreMalformedPackets: false,
  // Unknown packets and versions in a certificate are skipped, as RFC 9580 §4.3 asks; in messages they change nothing.
  ignoreUnsupportedPackets: true,
  enforceGrammar: true,
  // A key that does not say it may encrypt or sign is not used for it; GnuPG has written key flags since 2002.
  allowMissingKeyFlags: false,
  allowInsecureDecryptionWithSigningKeys: false,
  allowInsecureVerificationWithReformattedKeys: false,
  // Brainpool on smartcards (R7): the platform's web crypto lacks it, the library's own curve code has it.
  useEllipticFallback: true,
  rejectPublicKeyAlgorithms: new Set([enums.publicKey.elgamal, enums.publicKey.dsa]),
  // SHA-1 still binds many old user ids, where only the owner chose the bytes; over messages it proves nothing.
  rejectHashAlgorithms: new Set([enums.hash.md5, enums.hash.ripemd]),
  rejectMessageHashAlgorithms: new Set([enums.hash.md5, enums.hash.ripemd, enums.hash.sha1]),
  rejectCurves: new Set([enums.curve.secp256k1]),
  // GnuPG 2.2 reads neither v6 keys nor SEIPDv2 (TECH): our own keys announce only what every reader can use.
  v6Keys: false,
  aeadProtect: false,
  // Sessions with RSA keys are opened with node:crypto (implicit rejection); here for anything that slips past it.
  constantTimePKCS1Decryption: true,
  preferredHashAlgorithm: enums.hash.sha512,
  preferredSymmetricAlgorithm: enums.symmetric.aes256,
  preferredCompressionAlgorithm: enums.compression.uncompressed,
  // The program that made a copy is nobody's business.
  showVersion: false,
  showComment: false,
};
