/** Why an OpenPGP operation could not be done; `message` says what to do about it and quotes no received bytes. */
export type OpenpgpErrorCode =
  | 'secret-key-given'
  | 'certificate-unreadable'
  | 'certificate-too-large'
  | 'several-certificates'
  | 'no-usable-certificate'
  | 'key-unreadable'
  | 'not-for-this-key'
  | 'damaged'
  | 'too-many-packets'
  | 'bad-signature';

export function openpgpError(code: OpenpgpErrorCode, message: string): Error & { code: OpenpgpErrorCode } {
  return Object.assign(new Error(message), { code });
}
