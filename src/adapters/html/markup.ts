/**
 * Markup that we wrote, with a stranger's text in it: `html` escapes every value but markup of its own. Makes one text,
 * at once, as a page has a thousand pieces.
 */
import { escapeText } from './escape.ts';

/** A class, since only an instance passes unescaped: nothing that was read from mail or JSON can look like one. */
export class Markup {
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }
  toString(): string {
    return this.#text;
  }
}

export type Piece = Markup | string | number | undefined;

export function html(
  strings: TemplateStringsArray,
  ...values: readonly (Piece | readonly Piece[])[]
): Markup {
  let text = strings[0] ?? '';
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at];
    if (value instanceof Markup || typeof value !== 'object') text += write(value);
    else for (const piece of value) text += write(piece);
    text += strings[at + 1] ?? '';
  }
  return new Markup(text);
}

/** What is escaped already. */
export function raw(text: string): Markup {
  return new Markup(text);
}

function write(piece: Piece): string {
  if (typeof piece === 'string') return escapeText(piece);
  return piece === undefined ? '' : piece.toString();
}
