// Calendar days, written as `2020-02-28`.

export const DAY_MS = 86_400_000;

/** `2020-02-28` + 2 = `2020-03-01`. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Days from the first to the last, both counted. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1;
}

/** As the database counts days: from 1970, which is 0. */
export function dayNumber(day: string): number {
  return Date.parse(day) / DAY_MS;
}

/** The day of an instant, in milliseconds since 1970. Sweden writes days as we do. */
export function dayOf(time: number, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(time);
}
