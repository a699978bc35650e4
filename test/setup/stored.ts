// The content of a data directory's tables, for comparing two of them.
import { openStore } from '../../dist/store/store.js';
import { tableContents } from './tables.ts';

export async function storedContents(data: string): Promise<Record<string, string>> {
  const db = await openStore({ directory: data });
  try {
    return await tableContents(db);
  } finally {
    await db.close();
  }
}
