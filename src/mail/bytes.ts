/** Joins byte arrays; the one file that does. */
export function joinBytes(...parts: readonly Uint8Array[]): Uint8Array {
  return joinAll(parts);
}

/** The same for as many as there are: arguments are limited to some hundred thousand. */
export function joinAll(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** Not for secrets: it stops at the first difference. */
export function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}
