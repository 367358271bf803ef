/**
 * What we print may hold words that another process or a stranger chose. A terminal takes some characters for orders, and
 * some turn the direction of what follows: neither may come out of ours.
 */

/** All controls but the line feed, and the marks of direction. */
const orders = /(?!\n)\p{Cc}|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** For people: each is shown as a sign that it was there. */
export function terminalText(text: string): string {
  return text.replace(orders, '\ufffd');
}

/** For programs: JSON, in which each is written as its number. */
export function terminalJson(value: unknown): string {
  return JSON.stringify(value).replace(
    orders,
    (order) => `\\u${order.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
