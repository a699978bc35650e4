// Places labels along a line: each as near as it can be to the point it belongs to, none overlapping, all within bounds.

export interface Wanted {
  /** Where the label's middle would best be. */
  at: number;
  width: number;
}

/** The labels' middles, in the given order; `labels` must be sorted by `at`. */
export function spread(labels: Wanted[], gap: number, from: number, to: number): number[] {
  const blocks: { first: number; last: number; start: number; width: number }[] = [];
  for (const [index, label] of labels.entries()) {
    blocks.push({ first: index, last: index, start: label.at - label.width / 2, width: label.width });
    while (blocks.length > 1 && touches(blocks.at(-2)!, blocks.at(-1)!, gap)) merge(blocks, labels, gap);
  }
  keepWithin(blocks, gap, from, to);
  const middles: number[] = [];
  for (const block of blocks) {
    let start = block.start;
    for (const label of labels.slice(block.first, block.last + 1)) {
      middles.push(start + label.width / 2);
      start += label.width + gap;
    }
  }
  return middles;
}

interface Block {
  first: number;
  last: number;
  start: number;
  width: number;
}

const touches = (left: Block, right: Block, gap: number) => left.start + left.width + gap > right.start;

/** Joins the last two blocks and centres the whole on the mean of what its labels want. */
function merge(blocks: Block[], labels: Wanted[], gap: number): void {
  const right = blocks.pop()!;
  const left = blocks.at(-1)!;
  left.last = right.last;
  left.width += gap + right.width;
  let offset = 0;
  let sum = 0;
  for (const label of labels.slice(left.first, left.last + 1)) {
    sum += label.at - (offset + label.width / 2);
    offset += label.width + gap;
  }
  left.start = sum / (left.last - left.first + 1);
}

function keepWithin(blocks: Block[], gap: number, from: number, to: number): void {
  let right = to;
  for (const block of blocks.toReversed()) {
    block.start = Math.min(block.start, right - block.width);
    right = block.start - gap;
  }
  let left = from;
  for (const block of blocks) {
    block.start = Math.max(block.start, left);
    left = block.start + block.width + gap;
  }
}
