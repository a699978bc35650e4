// How wide text will be, without a browser: the layout must come out the same on the page and on the command line.
// Widths are the widest of Noto Sans CJK, Arial and Kosugi (all of whose Latin is half an em), so that text may turn out
// narrower than thought, never wider.

/** Advance widths in thousandths of the font size, by the characters that have them. */
const ADVANCES: [string, number][] = [
  ['%mW@', 940],
  ['Mw', 830],
  ['CDGHNOQU', 780],
  ['ABEKPRSVXY&', 720],
  ['FTZL_bdghnopqu', 620],
  ['ae+<>=#0123456789$~?', 580],
  ['ckvxyzsJ–*"', 530],
  ['rt()-[]{}/', 400],
  [" !',.:;fijlI|·", 330],
];
const WIDTHS = new Map(
  ADVANCES.flatMap(([characters, width]) => [...characters].map((character) => [character, width])),
);
const FULL_WIDTH = 1000;
const HALF_WIDTH = 500;
/** No line of Japanese ends with these, or starts with those. */
const NOT_AT_END = /[（「『［〔]$/;
const NOT_AT_START = new Set('、。，．）」』］〕】・：ー〜％%)!?');

export function textWidth(text: string, size: number): number {
  let proportional = 0;
  let halfWidth = 0;
  for (const character of text) {
    const latin = character < '\u2000' && character !== '×';
    proportional += WIDTHS.get(character) ?? (latin ? 780 : FULL_WIDTH);
    halfWidth += latin ? HALF_WIDTH : FULL_WIDTH;
  }
  return (Math.max(proportional, halfWidth) * size) / 1000;
}

/** Lines of at most `width`: English breaks at spaces, Japanese between any two full-width characters. */
export function wrapText(text: string, size: number, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of pieces(text)) {
    if (line && textWidth((line + piece).trimEnd(), size) > width) {
      lines.push(line.trimEnd());
      line = piece.trimStart();
    } else line += piece;
  }
  if (line.trim()) lines.push(line.trimEnd());
  return lines;
}

function pieces(text: string): string[] {
  const found: string[] = [];
  for (const piece of text.match(/[\u2e80-\uffff]|[^\s\u2e80-\uffff]+\s*|\s+/g) ?? []) {
    const last = found.at(-1);
    if (last !== undefined && (NOT_AT_START.has(piece[0]!) || NOT_AT_END.test(last))) found[found.length - 1] += piece;
    else found.push(piece);
  }
  return found;
}
