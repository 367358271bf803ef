import type { Fuzzer } from './fuzzer.ts';
import type { Random } from './random.ts';

type Changing = Readonly<{
  random: Random;
  corpus: readonly Uint8Array[];
  dictionary: readonly string[];
  joints: Fuzzer['joints'];
  largest: number;
}>;
type Change = (input: Buffer, by: Changing) => Buffer;

/** Bytes that mean something to some reader of mail, packets or SMTP. */
const telling = [...'\0\t\n\r .:;,<>()"\\=?-@+{}[]%_*'].map((one) => one.charCodeAt(0));
const extremes = [0x7f, 0x80, 0x84, 0x85, 0xa3, 0xbf, 0xc1, 0xd2, 0xe0, 0xfe, 0xff];
const numbers = ['0', '-1', '1', '00', '255', '256', '65536', '4294967296', '9007199254740993', '1e9'];

/** A range that begins and ends where the format would cut it, or, one time in three, anywhere. */
function range(input: Buffer, { random, joints }: Changing): readonly [number, number] {
  const cuts = random.once(3) ? [] : joints(input);
  const place = () => (cuts.length > 0 ? random.pick(cuts) : random.below(input.length + 1));
  const [one, other] = [place(), place()];
  return one <= other ? [one, other] : [other, one];
}

function replace(input: Buffer, start: number, end: number, put: Uint8Array): Buffer {
  return Buffer.concat([input.subarray(0, start), put, input.subarray(end)]);
}

const changes: Readonly<Record<string, Change>> = {
  flip: (input, { random }) => {
    const out = Buffer.from(input);
    const at = random.below(out.length);
    if (at < out.length) out[at] = (out[at] ?? 0) ^ (1 << random.below(8));
    return out;
  },
  byte: (input, { random }) => {
    const out = Buffer.from(input);
    if (out.length > 0) out[random.below(out.length)] = random.pick(random.once(3) ? extremes : telling);
    return out;
  },
  insert: (input, by) => {
    const [at] = range(input, by);
    const count = by.random.once(8) ? by.random.below(2_000) : 1;
    return replace(input, at, at, Buffer.alloc(count, by.random.pick(telling)));
  },
  word: (input, by) => {
    const [start, end] = range(input, by);
    const put = Buffer.from(by.random.pick(by.dictionary), 'latin1');
    return replace(input, start, by.random.once(2) ? start : Math.min(end, start + put.length), put);
  },
  remove: (input, by) => {
    const [start, end] = range(input, by);
    return replace(input, start, end, Buffer.alloc(0));
  },
  repeat: (input, by) => {
    const [start, end] = range(input, by);
    const piece = input.subarray(start, end);
    const most = Math.floor(by.largest / Math.max(1, piece.length));
    // Seldom until it is full: floods are slow to read, and one in some hundred inputs is enough.
    const times = Math.min(most, by.random.once(25) ? most : 1 + by.random.below(6));
    return replace(input, start, start, Buffer.concat(new Array<Buffer>(times).fill(piece)));
  },
  move: (input, by) => {
    const [start, end] = range(input, by);
    const piece = Buffer.from(input.subarray(start, end));
    const rest = replace(input, start, end, Buffer.alloc(0));
    const [at] = range(rest, by);
    return replace(rest, at, at, piece);
  },
  truncate: (input, by) => input.subarray(0, range(input, by)[1]),
  splice: (input, by) => {
    const other = Buffer.from(by.random.pick(by.corpus));
    const [start, end] = range(input, by);
    const [from, to] = range(other, by);
    return replace(input, start, end, other.subarray(from, to));
  },
  number: (input, { random }) => {
    const text = input.toString('latin1');
    const found = [...text.matchAll(/\d+/g)];
    if (found.length === 0) return input;
    const one = random.pick(found);
    return replace(input, one.index, one.index + one[0].length, Buffer.from(random.pick(numbers)));
  },
  lineEnds: (input, { random }) => {
    const end = random.pick(['\n', '\r', '\r\n', '\r\r\n', '\n\n', '\u2028']);
    return Buffer.from(input.toString('latin1').replace(/\r?\n/g, end), 'latin1');
  },
};
const kinds = Object.values(changes);

/** One to eight changes to one input of the corpus. */
export function mutate(by: Changing): Uint8Array {
  let input: Buffer = Buffer.from(by.random.pick(by.corpus));
  for (let left = 1 + by.random.below(8); left > 0; left -= 1) {
    input = by.random.pick(kinds)(input, by).subarray(0, by.largest);
  }
  return Uint8Array.from(input);
}
