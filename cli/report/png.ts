// A chart as PNG, without a browser: drawn from its SVG at three times its size, with Kosugi's glyphs for Japanese.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { createCanvas, GlobalFonts, loadImage } from '@napi-rs/canvas';

const SCALE = 3;

export async function renderPng(svg: string): Promise<Uint8Array> {
  registerFonts();
  const picture = await loadImage(Buffer.from(svg));
  const canvas = createCanvas(picture.width * SCALE, picture.height * SCALE);
  canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas.encode('png');
}

/** The package splits the typeface into parts by the characters they hold. */
function registerFonts(): void {
  if (GlobalFonts.has('Kosugi')) return;
  const files = path.join(
    path.dirname(createRequire(import.meta.url).resolve('@fontsource/kosugi/package.json')),
    'files',
  );
  for (const name of readdirSync(files)) {
    if (name.endsWith('.woff2')) GlobalFonts.register(readFileSync(path.join(files, name)), 'Kosugi');
  }
}
