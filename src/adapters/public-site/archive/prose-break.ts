/**
 * Whether a line break is only where a mail program wrapped prose at its 72 columns. A narrow screen may then wrap it anew;
 * lists, code, tables and addresses keep their lines. It judges by one line and the next, and never changes the text.
 */
export function isProseBreak(line: string, next: string): boolean {
  const word = next.search(/\s|$/);
  return (
    line.length + 1 + word > proseWidth &&
    line.length <= widestLine &&
    startsProse.test(line) &&
    startsProse.test(next) &&
    !inColumns.test(line) &&
    !inColumns.test(next)
  );
}

/** With the next word it would have been wider than this: the author's program had to wrap here. */
const proseWidth = 62;
/** A paragraph on one line was not wrapped by anybody. */
const widestLine = 100;
const startsProse = /^["'(\p{L}\p{N}]/u;
/** Columns, code and headers such as `Signed-off-by:` are no prose. */
const inColumns = / {3}|\t|[|{};]| [=!<>]?= |^[\w-]+:\s/;
