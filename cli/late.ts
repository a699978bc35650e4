// What is said of packets that came after the flows of their day were dropped.
import type { LateDay } from '../store/questions/dropped.ts';
import { count } from './table.ts';

const DAYS_NAMED = 3;

export function lateText(late: readonly LateDay[]): string {
  const packets = late.reduce((sum, day) => sum + day.packets, 0);
  const named = late.slice(0, DAYS_NAMED).map(({ day }) => day);
  const more = late.length > DAYS_NAMED ? ` and ${count(late.length - DAYS_NAMED)} days more` : '';
  return `LATE        ${count(packets)} packets of ${named.join(', ')}${more} came after the flows of these days were dropped: counted, but the days' figures stay as they were made`;
}
