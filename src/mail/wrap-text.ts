/** A word that could be taken for the label of a line, or for a command (A2), if one began with it. */
const labelLike = /^[a-z-]+:/i;

/**
 * Breaks one line of text at its blanks, so that nobody has to scroll sideways. A word longer than `width`, such as an
 * address that people copy, stays whole; no further line begins with what looks like a label.
 */
export function wrapText(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  const [first = '', ...words] = text.split(' ');
  let line = first;
  for (const word of words) {
    if (line.length + 1 + word.length <= width || labelLike.test(word)) {
      line += ` ${word}`;
    } else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}
