// A chart as a file of its own, drawn without a browser.
import { parseHTML } from 'linkedom';

/** A complete SVG document that needs nothing else to be shown or printed. */
export function renderSvg(draw: (document: Document) => SVGSVGElement): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  return `<?xml version="1.0" encoding="UTF-8"?>\n${draw(document as unknown as Document).toString()}\n`;
}
