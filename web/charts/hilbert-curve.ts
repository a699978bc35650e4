// The Hilbert curve of a square of 2^order by 2^order cells: from a cell's number along the curve to its place, and back.

/** Column and row, from the top left. */
export function placeOf(cell: number, order: number): [x: number, y: number] {
  let x = 0;
  let y = 0;
  let rest = cell;
  for (let side = 1; side < 2 ** order; side *= 2) {
    const right = 1 & (rest / 2);
    const down = 1 & (rest ^ right);
    [x, y] = turned(x, y, side, right, down);
    x += side * right;
    y += side * down;
    rest = Math.floor(rest / 4);
  }
  return [x, y];
}

export function cellOf(column: number, row: number, order: number): number {
  let cell = 0;
  let [x, y] = [column, row];
  for (let side = 2 ** (order - 1); side >= 1; side /= 2) {
    const right = (x & side) > 0 ? 1 : 0;
    const down = (y & side) > 0 ? 1 : 0;
    cell += side * side * ((3 * right) ^ down);
    [x, y] = turned(x & (side - 1), y & (side - 1), side, right, down);
  }
  return cell;
}

/** A quarter of the curve lies mirrored or turned in its square. */
function turned(x: number, y: number, side: number, right: number, down: number): [number, number] {
  if (down === 1) return [x, y];
  return right === 1 ? [side - 1 - y, side - 1 - x] : [y, x];
}
