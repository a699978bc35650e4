// `npm run docs`: writes the pages of docs/ that are made from the code. test/docs says whether they are up to date.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { tablesPage } from '../store/tables-page.ts';
import { rulesText } from './classify.ts';

const RULES_HEAD = `# Rules

Made from \`analyzer/fates.ts\` and \`analyzer/classify/\` by \`npm run docs\`. Do not edit this page.

This is what \`umbrascope classify\` prints. Fates, kinds and tools are fixed; the port → category rules can be replaced with
\`umbrascope ingest --rules FILE\` (see [operators.md](operators.md#rules-of-your-own)).
`;

/** File name in docs/ → content. */
export function madePages(): Record<string, string> {
  return {
    'tables.md': tablesPage(),
    'rules.md': `${RULES_HEAD}\n\`\`\`text\n${rulesText()}\`\`\`\n`,
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, page] of Object.entries(madePages())) {
    writeFileSync(fileURLToPath(new URL(`../../docs/${name}`, import.meta.url)), page);
    process.stdout.write(`docs/${name}\n`);
  }
}
