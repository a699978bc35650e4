// Builds the page into dist/web/page-assets. Everything it needs is in there: it works without a network.
import { defineConfig, type Plugin } from 'vite';

/** Kosugi comes as woff2 and woff; every browser that runs this page reads woff2. */
const woff2Only: Plugin = {
  name: 'woff2-only',
  enforce: 'pre',
  transform(code, id) {
    if (!id.includes('@fontsource') || !id.endsWith('.css')) return null;
    return code.replaceAll(/,\s*url\([^)]+\.woff\)\s*format\('woff'\)/g, '');
  },
};

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [woff2Only],
  build: {
    outDir: '../../dist/web/page-assets',
    emptyOutDir: true,
    // Inlined files would need data: in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    license: { fileName: 'licenses.md' },
  },
});
