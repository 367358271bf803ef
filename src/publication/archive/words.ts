/**
 * What of a text can be searched for: its words, lower case, in order. A word is a run of letters, digits and `_`, so that
 * `skb_clone` is one, and `net/ipv4/tcp.c` four that stand side by side; a search for the path is one for those four.
 */

/** Lumps of base64 and digests are no words: they would fill the index, each found never again. */
const longestWord = 64;

/** Of one text. A posting of a million words, each another, is an attack on the index. */
export const mostWords = 12_000;

const run = /[\p{L}\p{N}_]+/gu;

export function wordsOf(text: string, most = mostWords): readonly string[] {
  const words: string[] = [];
  for (const [found] of text.matchAll(run)) {
    if (found.length > longestWord) continue;
    words.push(found.toLowerCase());
    if (words.length >= most) break;
  }
  return words;
}

/** `CVE-2021-3760`, upper case, each once, in order of first mention. Their syntax has four digits and more (CVE 2014). */
export function cveIdsIn(text: string): readonly string[] {
  const found = text.match(/\bCVE-(?:19|20)\d\d-\d{4,19}\b/gi) ?? [];
  return [...new Set(found.map((id) => id.toUpperCase()))].slice(0, mostCveIds);
}

/** An advisory may name hundreds; a list of all that there are belongs to none. */
export const mostCveIds = 1_000;
