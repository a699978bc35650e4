// Hours to days in a sensor's time zone. Hours are whole hours UTC, so only zones a whole number of hours from UTC can be cut into days.

/** The day (days since 1970-01-01) in which an hour (hours since 1970 UTC) begins in `timeZone` (an IANA name). */
export function dayOfHourIn(timeZone: string): (hour: number) => number {
  if (timeZone === 'UTC') return (hour) => Math.floor(hour / 24);
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  const known = new Map<number, number>();
  return (hour) => {
    let day = known.get(hour);
    if (day === undefined) {
      day = Date.parse(format.format(hour * 3_600_000)) / 86_400_000;
      known.set(hour, day);
    }
    return day;
  };
}
