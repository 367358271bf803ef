/**
 * Undoes what may be wrapped around text, layer by layer: hexadecimal (as PostgreSQL prints bytea), base64, quoted-
 * printable, percent, gzip, zlib. So that a search finds what is packed in what is packed.
 */
import { constants, inflateRawSync } from 'node:zlib';

/** A canary is a dozen letters and more: shorter runs hold none. */
const shortestRun = 16;
const layers = 3;

/** Names of wrappings under which `find` finds something, such as `hexadecimal > gzip`; '' is as it lies. */
export function findUnwrapped(bytes: Buffer, find: (bytes: Buffer) => readonly string[]): readonly string[] {
  const found = new Set<string>();
  let wrapped: readonly Readonly<{ path: string; bytes: Buffer }>[] = [{ path: '', bytes }];
  for (let layer = 0; layer <= layers && wrapped.length > 0; layer += 1) {
    for (const one of wrapped) for (const dress of find(one.bytes)) found.add(`${one.path}${dress}`);
    if (layer < layers)
      wrapped = wrapped.flatMap((one) =>
        unwrap(one.bytes, layer === 0 ? shifts : [0]).map((inner) => ({
          path: `${one.path}${inner.path} > `,
          bytes: inner.bytes,
        })),
      );
  }
  return [...found];
}

/** A length before the text may look like one letter more of it. */
const shifts = [0, 1, 2, 3];

function unwrap(
  bytes: Buffer,
  from: readonly number[],
): readonly Readonly<{ path: string; bytes: Buffer }>[] {
  const text = bytes.toString('latin1');
  const runs = (pattern: RegExp, decode: (run: string) => Buffer) =>
    [...text.matchAll(pattern)]
      .flatMap(([run]) => from.map((shift) => decode(run.slice(shift))))
      .filter((inner) => inner.length >= shortestRun / 2);
  const joined = (path: string, inner: readonly Buffer[]) =>
    inner.length === 0 ? [] : [{ path, bytes: Buffer.concat(inner.flatMap((one) => [one, newLine])) }];
  return [
    ...joined(
      'hexadecimal',
      runs(/[0-9a-fA-F]{16,}/g, (run) => Buffer.from(run.slice(0, run.length & ~1), 'hex')),
    ),
    ...joined(
      'base64',
      runs(/(?:[A-Za-z0-9+/_-]{16,}(?:\r?\n)?)+={0,2}/g, (run) =>
        Buffer.from(run.replace(/\s/g, ''), 'base64'),
      ),
    ),
    ...joined(
      'quoted-printable',
      runs(/(?:=[0-9A-F]{2}|[!-<>-~ \t]|=\r?\n){16,}/g, (run) =>
        run.includes('=') ? fromEscapes(run.replace(/=\r?\n/g, ''), /=([0-9A-F]{2})/g) : nothing,
      ),
    ),
    ...joined(
      'percent',
      runs(/(?:%[0-9A-Fa-f]{2}|[\w.~+-]){16,}/g, (run) =>
        run.includes('%') ? fromEscapes(run, /%([0-9A-Fa-f]{2})/g) : nothing,
      ),
    ),
    ...joined('compressed', compressed(bytes)),
  ];
}

const newLine = Buffer.from('\n');
const nothing = Buffer.alloc(0);

function fromEscapes(run: string, code: RegExp): Buffer {
  return Buffer.from(
    run.replace(code, (_, digits) => String.fromCharCode(Number.parseInt(digits, 16))),
    'latin1',
  );
}

/** What begins as gzip (RFC 1952 §2.3.1) or zlib (RFC 1950 §2.2) does, wherever it stands; a torn end is no matter. */
function compressed(bytes: Buffer): readonly Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at + 2 < bytes.length; at += 1) {
    const [first = 0, second = 0] = [bytes[at], bytes[at + 1]];
    const gzip = first === 0x1f && second === 0x8b;
    const zlib = (first & 0x0f) === 8 && first >> 4 <= 7 && ((first << 8) | second) % 31 === 0;
    if (gzip) found.push(...inflated(bytes.subarray(at + gzipHeader(bytes.subarray(at)))));
    if (zlib) found.push(...inflated(bytes.subarray(at + 2)));
  }
  return found.filter((inner) => inner.length >= shortestRun);
}

/** Ten bytes, and a file name where flag 8 says so. */
function gzipHeader(bytes: Buffer): number {
  const named = ((bytes[3] ?? 0) & 8) !== 0;
  return named ? bytes.indexOf(0, 10) + 1 : 10;
}

const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 4 << 20 };

/** Without the frame's own reader, which stumbles over what lies behind the end. */
function inflated(bytes: Buffer): readonly Buffer[] {
  try {
    return [inflateRawSync(bytes, options)];
  } catch {
    return [];
  }
}
