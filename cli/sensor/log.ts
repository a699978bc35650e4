// The sensor's log on standard error: one line of JSON for each event that matters, and never a flood of the same one.
import { type Logger, pino } from 'pino';

/** Of one event, at most so many lines in this time; the first after it says how many were left out. */
const MOST_LINES = 5;
const QUIET_MS = 10_000;

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Where a warning's advice is written out, and under which of its headings (test/docs/docs.test.ts looks that they are there). */
const ADVICE = 'docs/operating.md';
export const ADVICES = [
  'rights',
  'frames-lost',
  'interface-not-heard',
  'frames-not-kept',
  'source-ended',
  'database-away',
  'sensor-refused',
  'spool-full',
  'spool-damaged',
  'disk-full',
  'clock-stepped',
  'captured-by-cap',
  'metrics-not-served',
] as const;
export type Advice = (typeof ADVICES)[number];

export interface Log {
  info(event: string, fields?: Record<string, unknown>): void;
  /** @param advice what to do */
  warn(event: string, fields: Record<string, unknown>, advice?: Advice): void;
  error(event: string, fields: Record<string, unknown>, advice?: Advice): void;
}

interface Said {
  since: number;
  lines: number;
  leftOut: number;
}

export function createLog(level: LogLevel, now: () => number = () => performance.now()): Log {
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      messageKey: 'event',
      formatters: { level: levelName },
    },
    pino.destination({ fd: 2, sync: true }),
  );
  return limited(logger, now);
}

function levelName(level: string): { level: string } {
  return { level };
}

/** Two lines are about the same when event, sensor and source are. */
export function limited(logger: Pick<Logger, 'info' | 'warn' | 'error'>, now: () => number): Log {
  const said = new Map<string, Said>();
  const say = (level: 'info' | 'warn' | 'error', event: string, fields: Record<string, unknown>, advice?: Advice) => {
    const key = `${event} ${fields.sensor ?? ''} ${fields.source ?? ''} ${fields.state ?? ''}`;
    let before = said.get(key);
    const leftOut = before?.leftOut ?? 0;
    if (before === undefined || now() - before.since >= QUIET_MS) {
      before = { since: now(), lines: 0, leftOut: 0 };
      said.set(key, before);
    } else if (before.lines >= MOST_LINES) {
      before.leftOut++;
      return;
    }
    before.lines++;
    const more = leftOut > 0 && before.leftOut === 0 ? { leftOut } : {};
    logger[level]({ ...fields, ...more, ...(advice ? { see: `${ADVICE}#${advice}` } : {}) }, event);
  };
  return {
    info: (event, fields = {}) => say('info', event, fields),
    warn: (event, fields, advice) => say('warn', event, fields, advice),
    error: (event, fields, advice) => say('error', event, fields, advice),
  };
}
