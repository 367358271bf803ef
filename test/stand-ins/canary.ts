/** A secret that is planted and then looked for, in every dress that programs give to text. */
import { randomInt } from 'node:crypto';

export type Canary = Readonly<{
  /** To be planted: with a letter outside ASCII, so that quoted-printable and percent have something to do. */
  word: string;
  /** Names of the dresses in which these bytes hold it. */
  findIn: (bytes: Buffer) => readonly string[];
  /** Every dress, for showing that each is found. */
  dresses: ReadonlyMap<string, Buffer>;
}>;

/** Random letters: nothing else on the machine says them by chance. */
export function makeCanary(): Canary {
  const letters = Array.from({ length: 18 }, () => String.fromCharCode(97 + randomInt(26))).join('');
  const dresses = dressesOf(letters);
  return {
    word: `Zeisig-ü${letters}`,
    findIn: (bytes) => [...dresses].filter(([, dress]) => bytes.includes(dress)).map(([name]) => name),
    dresses,
  };
}

/** Quoted-printable and percent leave ASCII letters as they are, unless a program encodes all: then these find it. */
function dressesOf(word: string): ReadonlyMap<string, Buffer> {
  const utf16 = Buffer.from(word, 'utf16le');
  const codes = [...word].map((letter) => letter.charCodeAt(0).toString(16));
  return new Map([
    ['as it is', Buffer.from(word)],
    ['in capitals', Buffer.from(word.toUpperCase())],
    ...[0, 1, 2].map((shift) => [`base64, shifted by ${shift}`, base64(word, shift)] as const),
    ['hexadecimal', Buffer.from(codes.join(''))],
    ['hexadecimal in capitals', Buffer.from(codes.join('').toUpperCase())],
    ['UTF-16, little end first', utf16],
    ['UTF-16, big end first', Buffer.from(utf16).swap16()],
    ['quoted-printable throughout', Buffer.from(codes.map((code) => `=${code.toUpperCase()}`).join(''))],
    ['percent throughout', Buffer.from(codes.map((code) => `%${code}`).join(''))],
    ['percent in capitals', Buffer.from(codes.map((code) => `%${code.toUpperCase()}`).join(''))],
  ]);
}

/** The characters of base64 that depend on the word alone, whatever stands before and behind it. */
function base64(word: string, shift: number): Buffer {
  const whole = Buffer.from(`${'\0'.repeat(shift)}${word}`).toString('base64');
  const end = Math.floor(((shift + word.length) * 8) / 6);
  return Buffer.from(whole.slice(Math.ceil((shift * 8) / 6), end));
}

/** The word again and again, so that in any folding of lines some of them stand whole. */
export function manyTimes({ word }: Canary): string {
  return Array.from({ length: 60 }, (_, index) => `${'.'.repeat(index % 7)}${word}`).join(' ');
}
