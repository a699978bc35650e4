// Tables of text cells with a head row; numbers are set to the right.
import type { Selection } from 'd3-selection';
import type { Parent } from './controls.ts';

export type Table = Selection<HTMLTableElement, unknown, null, undefined>;

export interface Column {
  title: string;
  number?: boolean;
}

/** A table in a box of its own, which scrolls sideways on narrow screens. */
export function startTable(parent: Parent, id: string, caption: string, columns: Column[]): Table {
  const box = parent
    .append('div')
    .attr('class', 'scroll')
    .attr('tabindex', 0)
    .attr('role', 'group')
    .attr('aria-label', caption);
  const table = box.append('table').attr('id', id);
  table.append('caption').text(caption);
  const head = table.append('thead').append('tr');
  for (const column of columns) {
    head
      .append('th')
      .attr('scope', 'col')
      .classed('number', column.number === true)
      .text(column.title);
  }
  table.append('tbody');
  return table;
}

/** The first cell names the row. */
export function addRow(table: Table, columns: Column[], cells: string[]) {
  const row = table.select('tbody').append('tr');
  for (const [index, cell] of cells.entries()) {
    const made = index === 0 ? row.append('th').attr('scope', 'row') : row.append('td');
    made.classed('number', columns[index]?.number === true).text(cell);
  }
  return row;
}
