/** What statements that do not need each other find: none is still under way when a failure is told. */
export async function together<T extends readonly unknown[]>(
  statements: {
    readonly [Place in keyof T]: Promise<T[Place]>;
  },
): Promise<T> {
  for (const end of await Promise.allSettled(statements)) if (end.status === 'rejected') throw end.reason;
  return Promise.all(statements) as unknown as Promise<T>;
}
