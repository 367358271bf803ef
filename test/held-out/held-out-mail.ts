import type { Expectation } from './expectation.ts';
import type { Cast } from './keys.ts';

/** What goes over SMTP. `raw` is CRLF and not dot-stuffed; an empty `mailFrom` is the null return path. */
export interface BuiltMail {
  readonly mailFrom: string;
  readonly recipients: readonly string[];
  readonly raw: Uint8Array;
}

/** What only the run knows of mails processed earlier. Throws for a mail that opened no case. */
export interface Earlier {
  /** `VS-2026-0042`, of the case that the mail of that name opened or joined. */
  caseNumberOf(name: string): string;
  /** The outer Message-ID (M3) that the list gave to that mail's copies, with its angle brackets. */
  messageIdOf(name: string): string;
}

export interface HeldOutMail {
  readonly name: string;
  /** The client or oddity that this imitates; a doubt about the expectation begins with DOUBTFUL. */
  readonly why: string;
  /** Mails, by name, that must have been processed first. */
  readonly after?: readonly string[];
  build(cast: Cast, earlier: Earlier): Promise<BuiltMail>;
  readonly expect: Expectation;
}

export const LINUX_DISTROS = 'linux-distros@lists.example.org';
export const DISTROS = 'distros@lists.example.org';

/** @param number `VS-2026-0042` in any case */
export function caseAddress(number: string): string {
  const [, year, serial] = /(\d{4})-(\d{4,})/.exec(number) ?? [];
  if (!year || !serial) throw new Error(`not a case number: ${number}`);
  return `linux-distros+vs-${year}-${serial}@lists.example.org`;
}
