/** Why the key directory could not be used; `message` is for the person who runs the machines. */
export type KeyringErrorCode =
  | 'passphrase-missing'
  | 'wrong-passphrase'
  | 'too-open'
  | 'demo-keys'
  | 'not-demo-keys'
  | 'key-missing'
  | 'key-damaged'
  | 'bad-name'
  | 'list-exists';

export function keyringError(code: KeyringErrorCode, message: string): Error & { code: KeyringErrorCode } {
  return Object.assign(new Error(message), { code });
}
