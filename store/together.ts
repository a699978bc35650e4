/** Waits for statements that do not need each other: none is still under way when a failure is told. */
export async function together(statements: readonly Promise<void>[]): Promise<void> {
  for (const end of await Promise.allSettled(statements)) if (end.status === 'rejected') throw end.reason;
}
