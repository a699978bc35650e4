// The colours of the groups: after Okabe and Ito, so that colour-blind readers can tell them apart, and with rising
// lightness (CIE L* 24, 46, 58, 76, 89) so that a grey print can too. Within a family only the lightness changes.

const COLOURS: Record<string, string> = {
  iot: '#0b3b6c',
  'iot/telnet': '#0b3b6c',
  'iot/devices': '#2f66a0',
  'iot/web': '#6096c9',
  'iot/webAdmin': '#6096c9',
  'iot/ssh': '#a3c8e8',
  http: '#56a5dc',
  windows: '#b8472a',
  'windows/smb': '#b8472a',
  'windows/sql': '#d97c5c',
  rdp: '#efb29b',
  'windows/rdp': '#efb29b',
  crypto: '#2a9d80',
  services: '#e8b93e',
  other: '#dcdfe3',
};

/** For categories of a user's own rules, in the order they appear (Paul Tol's muted scheme). */
const SPARE = ['#882255', '#44aa99', '#999933', '#aa4499', '#117733', '#cc6677', '#332288', '#88ccee', '#ddcc77'];

export const INK = '#1b1e22';
export const SOFT_INK = '#565c64';
export const RULE = '#c9cdd2';
export const GRID = '#e6e8eb';
export const PAPER = '#ffffff';

export function paletteOf(groups: string[]): Map<string, string> {
  const palette = new Map<string, string>();
  let spare = 0;
  for (const group of groups) {
    const known = Object.hasOwn(COLOURS, group) ? COLOURS[group] : undefined;
    palette.set(group, known ?? SPARE[spare++ % SPARE.length]!);
  }
  return palette;
}

/** White or ink, whichever has the higher contrast on `colour` (WCAG 2 relative luminance). */
export function inkOn(colour: string): string {
  const light = luminance(colour);
  return 1.05 / (light + 0.05) > (light + 0.05) / (luminance(INK) + 0.05) ? PAPER : INK;
}

function luminance(colour: string): number {
  const channel = (at: number) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}
