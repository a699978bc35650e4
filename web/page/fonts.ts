// The parts of Kosugi that a text needs, as CSS with the font inside. A picture drawn from an SVG may load nothing, so
// its Japanese glyphs must be in it.

/** `@font-face` rules for the page's own subsets of Kosugi that hold a character of `text`. */
export async function embeddedFonts(text: string): Promise<string> {
  const codes = new Set([...text].map((character) => character.codePointAt(0)!));
  const needed = fontFaces().filter((face) => covers(face.style.getPropertyValue('unicode-range'), codes));
  return (await Promise.all(needed.map(embedded))).join('\n');
}

function fontFaces(): CSSFontFaceRule[] {
  const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]);
  return rules
    .filter((rule) => rule instanceof CSSFontFaceRule)
    .filter((rule) => rule.style.getPropertyValue('font-family').includes('Kosugi'));
}

/** `U+20-7e, U+3042`: single code points, ranges; wildcards do not occur in Kosugi's CSS. */
function covers(ranges: string, codes: Set<number>): boolean {
  return ranges.split(',').some((range) => {
    const [from = '', to = from] = range.trim().replace(/^U\+/i, '').split('-');
    const [first, last] = [Number.parseInt(from, 16), Number.parseInt(to, 16)];
    for (const code of codes) if (code >= first && code <= last) return true;
    return false;
  });
}

async function embedded(rule: CSSFontFaceRule): Promise<string> {
  const source = rule.style.getPropertyValue('src');
  const address = /url\("?([^")]+)"?\)/.exec(source)?.[1] ?? '';
  const response = await fetch(new URL(address, rule.parentStyleSheet?.href ?? document.baseURI));
  const data = base64(new Uint8Array(await response.arrayBuffer()));
  const range = rule.style.getPropertyValue('unicode-range');
  return `@font-face{font-family:Kosugi;src:url(data:font/woff2;base64,${data}) format("woff2");unicode-range:${range}}`;
}

function base64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
