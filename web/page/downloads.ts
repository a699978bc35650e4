// The chart as a file: SVG with the font it needs inside, or PNG at three times the size, drawn from that same SVG.
import { embeddedFonts } from './fonts.ts';

const PNG_SCALE = 3;

export async function svgFile(svg: SVGSVGElement): Promise<Blob> {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const style = document.createElementNS('http://www.w3.org/2000/svg', 'style');
  style.textContent = await embeddedFonts(svg.textContent ?? '');
  copy.prepend(style);
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(copy)}\n`;
  return new Blob([text], { type: 'image/svg+xml' });
}

export async function pngFile(svg: SVGSVGElement): Promise<Blob> {
  const address = URL.createObjectURL(await svgFile(svg));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = svg.viewBox.baseVal.width * PNG_SCALE;
    canvas.height = svg.viewBox.baseVal.height * PNG_SCALE;
    const context = canvas.getContext('2d')!;
    // The first drawing may come before the fonts inside the picture are decoded; the second has them.
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    await new Promise((resolve) => setTimeout(resolve, 100));
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise<Blob>((resolve, reject) =>
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the browser made no PNG'))), 'image/png'),
    );
  } finally {
    URL.revokeObjectURL(address);
  }
}

export function save(file: Blob | string, name: string): void {
  const link = document.createElement('a');
  link.href = typeof file === 'string' ? file : URL.createObjectURL(file);
  link.download = name;
  link.click();
  if (typeof file !== 'string') setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
