// The content of a data directory's tables, for comparing two of them.

import { tableContents } from '../../bench/soak/tables.ts';
import { openStore } from '../../dist/store/store.js';

export async function storedContents(data: string): Promise<Record<string, string>> {
  const db = await openStore({ directory: data });
  try {
    return await tableContents(db);
  } finally {
    await db.close();
  }
}
