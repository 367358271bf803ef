/** Lines of a table for a terminal: a head in capitals, columns as wide as their widest cell. */
export function table<Column extends string>(
  columns: readonly Column[],
  rows: readonly Readonly<Record<Column, string>>[],
): readonly string[] {
  const head = columns.map((column) => column.replaceAll(/[A-Z]/g, (letter) => ` ${letter}`).toUpperCase());
  const cells = [
    head,
    ...rows.map((row) => columns.map((column) => row[column].replaceAll(/[\r\n]/g, '\ufffd'))),
  ];
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => line[index]?.length ?? 0)));
  return cells.map((line) =>
    line
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
