/** The armour checksum (RFC 9580 §6.1.1), computable in parts: a copy's head and its shared body are summed apart. */

const polynomial = 0x864cfb;
const initial = 0xb704ce;
const mask = 0xffffff;

function advanceByte(value: number): number {
  let advanced = value;
  for (let bit = 0; bit < 8; bit++) {
    advanced = (advanced << 1) ^ ((advanced & 0x800000) !== 0 ? polynomial | 0x1000000 : 0);
  }
  return advanced & mask;
}

/** Four tables, so that four bytes are taken per step: table k is what a byte does after k more. */
function makeTables(): readonly [Int32Array, Int32Array, Int32Array, Int32Array] {
  const first = Int32Array.from({ length: 256 }, (_, byte) => advanceByte(byte << 16));
  const next = (table: Int32Array) => table.map(advanceByte);
  const second = next(first);
  const third = next(second);
  return [first, second, third, next(third)];
}

let tables: ReturnType<typeof makeTables> | undefined;

/** Remainder of `bytes` from a given start value; 0 for a part that is to be joined behind another. */
export function crc24Part(bytes: Uint8Array, start = 0): number {
  tables ??= makeTables();
  const [t0, t1, t2, t3] = tables;
  let crc = start;
  const whole = bytes.length - (bytes.length % 4);
  let i = 0;
  for (; i < whole; i += 4) {
    crc =
      // biome-ignore lint/style/noNonNullAssertion: every index is in range, and a default here costs a third of the time
      t3[(crc >> 16) ^ bytes[i]!]! ^
      // biome-ignore lint/style/noNonNullAssertion: as above
      t2[((crc >> 8) & 0xff) ^ bytes[i + 1]!]! ^
      // biome-ignore lint/style/noNonNullAssertion: as above
      t1[(crc & 0xff) ^ bytes[i + 2]!]! ^
      // biome-ignore lint/style/noNonNullAssertion: as above
      t0[bytes[i + 3]!]!;
  }
  for (; i < bytes.length; i++) {
    crc = ((crc << 8) & mask) ^ (t0[((crc >> 16) ^ (bytes[i] ?? 0)) & 0xff] ?? 0);
  }
  return crc;
}

export function crc24(bytes: Uint8Array): number {
  return crc24Part(bytes, initial);
}

/** a × b modulo the polynomial, over GF(2). */
function multiply(a: number, b: number): number {
  let product = 0;
  for (let bit = 23; bit >= 0; bit--) {
    product = (product << 1) ^ ((product & 0x800000) !== 0 ? polynomial | 0x1000000 : 0);
    if (((b >> bit) & 1) !== 0) product ^= a;
  }
  return product & mask;
}

/** What `length` bytes behind it do to a checksum: x^(8·length) modulo the polynomial. Once per body. */
export function crc24Shift(length: number): number {
  let result = 1;
  let square = 0x100;
  for (let rest = length; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = multiply(result, square);
    square = multiply(square, square);
  }
  return result;
}

/** The checksum of head ‖ tail from their parts; `shift` is `crc24Shift(tail.length)`. Costs nothing per reader. */
export function crc24Join(head: number, tailPart: number, shift: number): number {
  return multiply(head, shift) ^ tailPart;
}
