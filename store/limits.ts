// What a question may take: it ends in an error rather than take what others need.

export const QUESTION_LIMITS = { max_execution_time: 60, max_memory_usage: '1500000000' } as const;

/** For questions that read all flows of a sensor, which are no page's. */
export const LONG_QUESTION = { max_execution_time: 3_600 } as const;

/** TIMEOUT_EXCEEDED and MEMORY_LIMIT_EXCEEDED. */
const TOO_MUCH: Record<string, string> = { 159: 'time', 241: 'memory' };

/** What a user is told when a question met its limits. */
export function tooMuchText(code: string, where: string): string | undefined {
  const what = TOO_MUCH[code];
  return what && `${where} gave up a question that took more ${what} than it may: ask about fewer days or years`;
}
