// The real answers to what the page asks: the store's questions, with days finalised before they are read.
import { setTimeout as sleep } from 'node:timers/promises';
import { readAnnotations, removeAnnotation, writeAnnotation } from '../../store/annotations.ts';
import type { Connection } from '../../store/database.ts';
import { readGroups } from '../../store/groups.ts';
import { accountBySensor } from '../../store/questions/account.ts';
import { dataVersion, daySpan } from '../../store/questions/range.ts';
import { yearsWithData } from '../../store/questions/yearly.ts';
import { readSensors } from '../../store/sensors.ts';
import type { Account, Questions } from '../questions.ts';
import { accountDaysReport } from './account-days.ts';
import { liveReport } from './live.ts';
import { mapReport } from './map.ts';

import { portReport } from './port.ts';
import { remembered } from './remembered.ts';
import { riserReport } from './risers.ts';
import { SCHEME_NAMES } from './schemes.ts';
import { sourceList, sourceStory } from './sources.ts';
import { trendReport } from './trend.ts';
import { yearlyReport } from './yearly.ts';

export function answersOf(db: Connection): Questions {
  let version = '';
  const kept = remembered(db, () => version);
  const look = async () => {
    version = await dataVersion(db);
    return version;
  };
  const sensors = async () => (await readSensors(db)).map(({ sensor }) => sensor);
  return {
    years: async () => yearsWithData(db, await sensors()),
    sensors,
    groups: () => readGroups(db),
    schemes: [...SCHEME_NAMES],
    yearly: (query) => yearlyReport(kept, query),
    account: () => readAccount(db),
    dataVersion: look,
    days: async () => (await daySpan(db, await sensors())) ?? null,
    accountDays: (query) => accountDaysReport(kept, query),
    trend: (query) => trendReport(kept, query),
    live: async () => {
      await look();
      return liveReport(db, [], Date.now(), kept);
    },
    map: (query) => mapReport(kept, query),
    port: (query) => portReport(kept, query),
    risers: (query) => riserReport(kept, query),
    sources: (query, seeAddresses) => sourceList(kept, query, seeAddresses),
    source: (query) => sourceStory(kept, query),
    annotations: (from, to) => readAnnotations(db, from, to),
    annotate: (note) => writeAnnotation(db, note),
    removeAnnotation: (id) => removeAnnotation(db, id),
  };
}

/** While an ingest runs its last batch may be in some tables and not yet in others: a sum that does not balance is looked at again. */
const LOOKS = 5;
const BETWEEN_LOOKS_MS = 500;

export async function readAccount(db: Connection): Promise<Account> {
  for (let look = 1; ; look++) {
    const account = await lookAtAccount(db);
    if (account.balanced || look === LOOKS) return account;
    await sleep(BETWEEN_LOOKS_MS);
  }
}

async function lookAtAccount(db: Connection): Promise<Account> {
  const sensors = await accountBySensor(db);
  const balanced = sensors.every(({ frames, counted, stored, dropped, fates, framesOfUnits, countedOfUnits }) => {
    const all = counted + Object.values(fates).reduce((sum, count) => sum + count, 0);
    return frames === all && frames === framesOfUnits && counted === countedOfUnits && stored + dropped === counted;
  });
  return { balanced, sensors };
}
