/** Longest text that one of our header fields repeats; a longer one is cut, visibly. */
const longest = 900;

/** Marks that turn the direction of text: a name with one makes the rest of our line read otherwise than it says. */
const turning = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g;

/** Decoded text of strangers, made fit for one header field or one line of ours: no control or line-break characters. */
export function oneLine(text: string): string {
  const line = text
    .toWellFormed()
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(turning, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
  return line.length <= longest ? line : `${line.slice(0, longest).replace(/[\ud800-\udbff]$/, '')} …`;
}
