/** Mail as its reader has it: what the relay saw, and what gpg reads with that reader's keys and no others. */
import assert from 'node:assert/strict';
import { readHeader } from '../../src/mail/header-fields.ts';
import type { FoundedList, Person } from './founded-list.ts';
import type { SunkMail } from './mail-sink.ts';

export type News = Readonly<{
  mail: SunkMail;
  /** The value of an outer field, unfolded; '' when there is none. */
  outer: (name: string) => string;
  sealed: boolean;
  /** What gpg gave, header and all; of a clear mail, its body. */
  text: string;
  /** The value of a field of the protected header. */
  inner: (name: string) => string;
  /** What our part says under a label, its lines joined by blanks; '' when it says nothing. */
  says: (label: string) => string;
  /** Of the body: who has it opens every copy of that body, and no other (K5). */
  sessionKey: string;
  /** Fingerprint of the list key that signed it. */
  signedBy: string;
}>;

const armour = /-----BEGIN PGP MESSAGE-----[\s\S]*-----END PGP MESSAGE-----/;

/** Upper-case ids of the keys that mail for this person may be encrypted to. */
export async function encryptionKeysOf(person: Person, { gpg }: FoundedList): Promise<readonly string[]> {
  const listed = await gpg.run(['--with-colons', '--list-keys', person.fingerprint]);
  const lines = Buffer.from(listed.stdout).toString().split('\n');
  return lines.filter((line) => line.startsWith('sub:')).map((line) => line.split(':')[4] ?? '');
}

/** Opens it with gpg; fails the test when the list's signature is bad, or the copy is wrapped to anybody else. */
export async function readNews(mail: SunkMail, ownKeys: readonly string[], list: FoundedList): Promise<News> {
  const bytes = Buffer.from(mail.raw, 'latin1');
  const outer = fieldsOf(bytes);
  const sealedText = armour.exec(mail.raw)?.[0];
  if (sealedText === undefined) {
    const text = bytes.subarray(bytes.indexOf('\r\n\r\n') + 4).toString();
    return {
      mail,
      outer,
      sealed: false,
      text,
      inner: () => '',
      says: () => '',
      sessionKey: '',
      signedBy: '',
    };
  }
  const opened = await list.gpg.run(
    ['--show-session-key', '--ignore-time-conflict', '--ignore-valid-from', '--decrypt'],
    sealedText,
  );
  const status = (word: string) => opened.status.filter((line) => line.startsWith(`${word} `));
  assert.equal(opened.code, 0, `gpg could not read the mail for ${mail.recipient}:\n${opened.stderr}`);
  assert.equal(status('GOODSIG').length, 1, `the list signed the mail for ${mail.recipient}`);
  const wrappedTo = status('ENC_TO').map((line) => line.split(' ')[1] ?? '');
  assert.ok(wrappedTo.length > 0 && wrappedTo.every((key) => ownKeys.includes(key)), 'wrapped to others');
  const plain = Buffer.from(opened.stdout);
  const text = plain.toString();
  return {
    mail,
    outer,
    sealed: true,
    text,
    inner: fieldsOf(plain),
    says: (label) => sayings(text).get(label) ?? '',
    sessionKey: status('SESSION_KEY')[0] ?? '',
    signedBy: status('VALIDSIG')[0]?.split(' ')[1] ?? '',
  };
}

function fieldsOf(bytes: Buffer): (name: string) => string {
  const header = readHeader(bytes, 0, bytes.length);
  assert.ok(typeof header === 'object', 'a header that can be read');
  return (name) => header.fields.find((field) => field.lowerName === name.toLowerCase())?.value ?? '';
}

/** Our part: `Label:` and its text between two rules, further lines indented. */
function sayings(text: string): ReadonlyMap<string, string> {
  const [, ours = ''] = text.replaceAll('\r', '').split(`\n${'-'.repeat(72)}\n`);
  const said = new Map<string, string>();
  let label = '';
  for (const line of ours.split('\n')) {
    const begins = /^([A-Z][A-Za-z ]*): *(.*)$/.exec(line);
    label = begins?.[1] ?? label;
    const before = said.get(label);
    said.set(label, begins ? (begins[2] ?? '') : [before, line.trim()].join(' ').trim());
  }
  return said;
}
