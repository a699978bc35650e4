// Writes ten years into a data directory, month by month; a run that was ended goes on with the month it was at.
import { DEFAULT_RULES, ruleRows } from '../../analyzer/classify/rules.ts';
import type { Connection } from '../../store/database.ts';
import { finaliseStale } from '../../store/finalise/finalise.ts';
import { DEFAULT_SURVEY_RULE, type Sensor, writeRules, writeSensor } from '../../store/sensors.ts';
import { openStore } from '../../store/store.ts';
import { DARKNET, FIRST_YEAR, SENSOR, SURVEY_SHARES, TIME_ZONE, TOTALS, YEARS } from './model.ts';
import { CATEGORY_DAYS, DAYS, WHOLE } from './others.ts';
import { CATEGORY_MONTHS, MONTHS, PORT_DAYS, PORT_MONTHS, SKETCHES } from './ports.ts';

export interface DecadeSize {
  /** Share of the ports that are there: 1 makes 480 million rows of portDays. */
  scale: number;
  seed: number;
}

/** Sources of a day at full size. */
const SOURCES = 200_000;
/** Months whose days have sketches: `engine retain --keep live` leaves 90 days. */
const SKETCHED_MONTHS = 3;

const RULE: Sensor = {
  sensor: SENSOR,
  timeZone: TIME_ZONE,
  darknet: DARKNET,
  rulesVersion: DEFAULT_RULES.version,
  ...DEFAULT_SURVEY_RULE,
};

/**
 * Makes what the directory does not hold yet of the decade.
 * @param until last year to make; the decade is whole with the last of all
 */
export async function generate(
  directory: string,
  size: DecadeSize,
  log: (line: string) => void,
  until = FIRST_YEAR + YEARS - 1,
): Promise<void> {
  const begun = performance.now();
  const db = await openStore({ directory });
  try {
    if ((await rowsOf(db, 'sensors')) > 0) return;
    await writeRules(db, DEFAULT_RULES.version, ruleRows(DEFAULT_RULES));
    const made = await madeMonths(db);
    for (let year = 0; FIRST_YEAR + year <= until; year++) {
      const missing = monthsOf(year).filter(({ month }) => !made.includes(month));
      for (const month of missing) await makeMonth(db, year, month, size);
      if (missing.length === 0) continue;
      await db.command(`OPTIMIZE TABLE portDays PARTITION ${FIRST_YEAR + year} FINAL`);
      log(`${FIRST_YEAR + year}: ${await rowsOf(db, 'portDays')} rows in ${seconds(begun)} s`);
    }
    if (until < FIRST_YEAR + YEARS - 1) return;
    await makeOthers(db, size);
    log(`made in ${seconds(begun)} s`);
  } finally {
    await db.close();
  }
}

async function makeOthers(db: Connection, size: DecadeSize): Promise<void> {
  const parameters = { last: `${FIRST_YEAR + YEARS - 1}-12-31`, sources: Math.round(SOURCES * size.scale) };
  for (const [table, statement] of Object.entries(WHOLE)) {
    await db.command(`TRUNCATE TABLE ${table}`);
    await db.command(statement, { ...RULE, ...size, ...parameters });
  }
  await writeSensor(db, RULE, undefined);
  const again = await finaliseStale(db);
  if (again > 0) throw new Error(`${again} days of the decade were made anew: its tables do not agree`);
  for (const table of ['portMonths', 'portYears', 'categoryDays']) await db.command(`OPTIMIZE TABLE ${table} FINAL`);
}

interface Month {
  /** Its first day. */
  month: string;
  days: number;
}

function monthsOf(year: number): Month[] {
  return Array.from({ length: 12 }, (_, month) => ({
    month: new Date(Date.UTC(FIRST_YEAR + year, month)).toISOString().slice(0, 10),
    days: new Date(Date.UTC(FIRST_YEAR + year, month + 1, 0)).getUTCDate(),
  }));
}

async function madeMonths(db: Connection): Promise<string[]> {
  const rows = await db.query<{ month: string }>('SELECT toString(month) AS month FROM months FINAL');
  return rows.map(({ month }) => month);
}

/** The row in `months` comes last: without it, what is there of the month is left from a run that was ended. */
async function makeMonth(db: Connection, year: number, { month, days }: Month, size: DecadeSize): Promise<void> {
  for (const [table, period] of Object.entries({
    portDays: 'toStartOfMonth(day)',
    categoryDays: 'toStartOfMonth(day)',
    days: 'toStartOfMonth(day)',
    portSketches: 'toStartOfMonth(day)',
    categorySketches: 'toStartOfMonth(day)',
    portMonths: 'month',
    categoryMonths: 'month',
  })) {
    const left = `${table} WHERE ${period} = {month:Date}`;
    const [found] = await db.query<{ rows: number }>(`SELECT count() AS rows FROM ${left}`, { month });
    if (found?.rows) await db.command(`DELETE FROM ${left}`, { month });
  }
  const daysOfYear = (Date.UTC(FIRST_YEAR + year + 1) - Date.UTC(FIRST_YEAR + year)) / 86_400_000;
  const parameters = {
    ...{ ...RULE, ...size, year, days, month },
    packets: ((TOTALS[year] ?? 0) * 1e8) / daysOfYear,
    survey: SURVEY_SHARES[year],
    version: (Date.parse(month) + 32 * 86_400_000) * 1000,
  };
  const isRecent = year === YEARS - 1 && Number(month.slice(5, 7)) > 12 - SKETCHED_MONTHS;
  const sketches = isRecent ? SKETCHES : [];
  for (const statement of [PORT_DAYS, CATEGORY_DAYS, ...sketches, DAYS, PORT_MONTHS, CATEGORY_MONTHS])
    await db.command(statement, parameters);
  await db.command(MONTHS, parameters);
}

async function rowsOf(db: Connection, table: string): Promise<number> {
  const [row] = await db.query<{ rows: number }>(`SELECT count() AS rows FROM ${table}`);
  return row?.rows ?? 0;
}

const seconds = (begun: number) => Math.round((performance.now() - begun) / 1000);
