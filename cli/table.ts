// Tables for a terminal: columns as wide as their widest cell, as the terminal shows it (Japanese characters take two places).
import stringWidth from 'string-width';

export interface TableColumn<Row> {
  title: string;
  cell: (row: Row) => string;
  /** Numbers are set to the right. */
  right?: boolean;
}

export function tableText<Row>(columns: readonly TableColumn<Row>[], rows: readonly Row[]): string {
  const cells = [columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ cell }) => cell(row)))];
  const widths = columns.map((_, i) => Math.max(...cells.map((line) => stringWidth(line[i] ?? ''))));
  const lines = cells.map((line) => {
    const padded = line.map((text, i) => {
      const room = ' '.repeat((widths[i] ?? 0) - stringWidth(text));
      return columns[i]?.right ? room + text : text + room;
    });
    return padded.join('  ').trimEnd();
  });
  lines.splice(
    1,
    0,
    widths
      .map((width) => '─'.repeat(width))
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}

export function count(value: number): string {
  return value.toLocaleString('en');
}
