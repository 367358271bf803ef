/** What owners do to their keys, with real gpg in their own keyring. */
import type { Gnupg } from './gnupg.ts';

/** The whole key; gpg has it revoked from then on. */
export async function revokeKey(gpg: Gnupg, fingerprint: string): Promise<void> {
  const { stdout } = await asked(gpg, ['--armor', '--gen-revoke', fingerprint], ['y', '0', '', 'y']);
  await gpg.importKey(stdout);
}

/** The first, or another, of its subkeys. */
export async function revokeSubkey(gpg: Gnupg, fingerprint: string, number = 1): Promise<void> {
  await asked(gpg, ['--edit-key', fingerprint], [`key ${number}`, 'revkey', 'y', '0', '', 'y', 'save']);
}

/** Key and subkeys: `2y`, `never`, or seconds from now as `seconds=N`. */
export async function setExpiry(gpg: Gnupg, fingerprint: string, expiry: string): Promise<void> {
  await must(gpg, ['--quick-set-expire', fingerprint, expiry]);
  await must(gpg, ['--quick-set-expire', fingerprint, expiry, '*']);
}

async function asked(gpg: Gnupg, args: readonly string[], answers: readonly string[]) {
  return must(gpg, ['--no-batch', '--command-fd', '0', ...args], `${answers.join('\n')}\n`);
}

async function must(gpg: Gnupg, args: readonly string[], input?: string) {
  const result = await gpg.run(args, input);
  if (result.code !== 0) throw new Error(`gpg ${args.join(' ')} failed:\n${result.stderr}`);
  return result;
}
