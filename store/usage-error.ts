// What a user asked for cannot be had as asked: commands exit with 2, the API answers 400. The message says what to do.

export class UsageError extends Error {
  override name = 'UsageError';
}
