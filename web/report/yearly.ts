// The year-on-year report: rows of the store put together as FACTS of the ministry's chart have it. The label of a group is its share of the
// own year, the bar's length its volume relative to the base year; the top ports are chosen afresh in each year.
import type { Connection } from '../../store/database.ts';
import type { ObservedBucket } from '../../store/questions/observed.ts';
import { type YearPort, yearPorts } from '../../store/questions/year-ports.ts';
import type { YearlyScope } from '../../store/questions/year-scope.ts';
import {
  ALL_PORTS,
  madeBy,
  type YearTotal,
  yearAddresses,
  yearPortMonths,
  yearPortsPerAddress,
  yearsWithData,
  yearTotals,
} from '../../store/questions/yearly.ts';
import { UsageError } from '../../store/usage-error.ts';
import { noteText } from '../charts/notes.ts';
import type { YearlyQuery } from '../questions.ts';
import { observedOf } from './every-day.ts';
import { groupNotes } from './notes.ts';
import { groupOf, OTHER_GROUP, SCHEME_NAMES, type Scheme, schemeNamed } from './schemes.ts';
import { checkedSensors } from './scope.ts';
import type { ReportGroup, ReportYear, YearlyReport } from './shape.ts';
import { chosenPackets, leftPortsOf, topPortsOf, totalOf, type YearParts } from './yearly-ports.ts';

/**
 * @throws UsageError when a year has no data, the base is not among the years, or a scheme or sensor is not known
 */
export async function yearlyReport(db: Connection, query: YearlyQuery): Promise<YearlyReport> {
  const scope = await checkedScope(db, query);
  const base = checkedBase(query, scope.years);
  const [totals, ports, addresses, coverage, made] = await Promise.all([
    yearTotals(db, scope),
    yearPorts(db, scope, query.top),
    yearAddresses(db, scope),
    observedOf(db, { ...scope, from: `${scope.years[0]}-01-01`, to: `${scope.years.at(-1)}-12-31` }, 'month'),
    madeBy(db, scope),
  ]);
  const categories = ports.filter(({ rank }) => rank <= query.top).map(({ category }) => category);
  const scheme = schemeNamed(query.scheme, categories);
  if (scheme === undefined)
    throw new UsageError(`no scheme is named ${query.scheme}; there are ${SCHEME_NAMES.join(', ')}`);
  const topOfAny = ports.filter(({ rank }) => rank <= query.top);
  const [volumes, portMonths] = await Promise.all([
    yearVolumes(db, scope, query, scheme, totals, ports),
    topOfAny.every(({ months }) => months) ? [] : yearPortMonths(db, scope, topOfAny),
  ]);
  const years = scope.years.map((year, index): ReportYear => {
    const before = scope.years[index - 1];
    const ofBoth = ports.filter((port) => port.year === year || port.year === before);
    const total = totalOf(totals, year);
    const address = addresses.find((row) => row.year === year);
    const known = address !== undefined && address.unknownDays === 0;
    const observed = secondsObserved(coverage, year, scope.months);
    return {
      year,
      packets: chosenPackets(total, query.survey),
      surveyPackets: total.surveyPackets,
      backscatterPackets: total.backscatterPackets,
      otherPackets: total.otherPackets,
      allPackets: total.scanPackets + total.backscatterPackets + total.otherPackets,
      perAddress: known ? address.perAddress : null,
      secondsPerPacket: known ? observed / address.perAddress : null,
      coverage: (100 * observed) / secondsOf(year, query.months),
      monitoredAddresses: known ? address.meanAddresses : null,
      groups: groupsOf({ year, before, base, query, scheme, total, ports: ofBoth, volumes }),
      topPorts: topPortsOf({ year, before, query, total, ports: ofBoth, months: portMonths }),
      leftPorts: leftPortsOf({ year, before, query, total, ports: ofBoth }),
    };
  });
  const { rulesVersions, minPorts, minPacketsPerAddress } = made;
  const { scheme: schemeName, top, survey, months, normalise } = query;
  return {
    scheme: schemeName,
    base,
    top,
    survey,
    months,
    normalise,
    sensors: scope.sensors,
    rulesVersions,
    surveyRule: { minPorts, minPacketsPerAddress },
    years,
  };
}

async function checkedScope(
  db: Connection,
  { years, months, sensors, survey }: YearlyQuery,
): Promise<YearlyScope & { timeZone: string }> {
  const { sensors: chosen, timeZone } = await checkedSensors(db, sensors);
  const withData = await yearsWithData(db, chosen);
  const empty = years.filter((year) => !withData.includes(year));
  if (empty.length > 0) {
    throw new UsageError(
      `no data for ${empty.join(', ')}; there is data for ${withData.join(', ') || 'no year yet: run umbrascope ingest first'}`,
    );
  }
  const sorted = [...new Set(years)].sort((a, b) => a - b);
  if (sorted.length === 0) throw new UsageError('give at least one year');
  if (months[0] > months[1]) throw new UsageError(`months ${months.join('-')}: the first comes after the last`);
  return { years: sorted, months, sensors: chosen, survey, timeZone };
}

function checkedBase({ base }: YearlyQuery, years: readonly number[]): number {
  const first = years[0] as number;
  if (base !== undefined && !years.includes(base))
    throw new UsageError(`base year ${base} is not among the years ${years.join(', ')}`);
  return base ?? first;
}

function secondsObserved(months: readonly ObservedBucket[], year: number, [first, last]: [number, number]): number {
  return months
    .filter(({ bucket }) => Number(bucket.slice(0, 4)) === year)
    .filter(({ bucket }) => Number(bucket.slice(5, 7)) >= first && Number(bucket.slice(5, 7)) <= last)
    .reduce((sum, { observedSeconds }) => sum + observedSeconds, 0);
}

/** Whole (chosen months') length of a year in seconds. */
function secondsOf(year: number, [first, last]: [number, number]): number {
  return (Date.UTC(year, last, 1) - Date.UTC(year, first - 1, 1)) / 1000;
}

/** Volume by year and group: packets, or packets per monitored address. Summed over groups it is the year's. */
type Volumes = Map<number, Map<string, number>>;

async function yearVolumes(
  db: Connection,
  scope: YearlyScope,
  { top, normalise }: YearlyQuery,
  scheme: Scheme,
  totals: readonly YearTotal[],
  ports: readonly YearPort[],
): Promise<Volumes> {
  const topPorts = ports.filter(({ rank }) => rank <= top);
  const perAddress = normalise === 'perAddress' ? await yearPortsPerAddress(db, scope, topPorts) : [];
  if (normalise === 'perAddress' && perAddress.length === 0) {
    throw new UsageError('packets per address need the monitored prefixes: ingest with --darknet');
  }
  return new Map(
    scope.years.map((year) => {
      const groups = new Map<string, number>();
      const add = (group: string, volume: number) => groups.set(group, (groups.get(group) ?? 0) + volume);
      const ofYear = perAddress.filter((row) => row.year === year);
      const all =
        normalise === 'perAddress'
          ? (ofYear.find(({ proto }) => proto === ALL_PORTS)?.perAddress ?? 0)
          : chosenPackets(totalOf(totals, year), scope.survey);
      add(OTHER_GROUP, all);
      for (const port of topPorts.filter((candidate) => candidate.year === year)) {
        const same = ofYear.find(({ proto, dstPort }) => proto === port.proto && dstPort === port.dstPort);
        const volume = normalise === 'perAddress' ? (same?.perAddress ?? 0) : port.packets;
        add(groupOf(scheme, port.category), volume);
        add(OTHER_GROUP, -volume);
      }
      return [year, groups];
    }),
  );
}

function groupsOf(parts: YearParts & { base: number; scheme: Scheme; volumes: Volumes }): ReportGroup[] {
  const { year, before, base, query, scheme, total, ports, volumes } = parts;
  const packets = chosenPackets(total, query.survey);
  const sum = (groups: Map<string, number> | undefined) => [...(groups?.values() ?? [])].reduce((a, b) => a + b, 0);
  const baseVolume = sum(volumes.get(base));
  const top = ports.filter((port) => port.year === year && port.rank <= query.top);
  const named = scheme.groups.map(({ group }) => {
    return { group, packets: packetsOf(top.filter(({ category }) => groupOf(scheme, category) === group)) };
  });
  const other = { group: OTHER_GROUP, packets: packets - named.reduce((rest, group) => rest + group.packets, 0) };
  return [...named, other].map((group) => {
    const volume = volumes.get(year)?.get(group.group) ?? 0;
    const volumeBefore = before === undefined ? 0 : (volumes.get(before)?.get(group.group) ?? 0);
    const notes = groupNotes({ group: group.group, year, before, top: query.top, scheme, ports });
    return {
      ...group,
      share: packets > 0 ? (100 * group.packets) / packets : 0,
      length: baseVolume > 0 ? (100 * volume) / baseVolume : 0,
      growth: volumeBefore > 0 ? volume / volumeBefore : null,
      notes: notes.map((note) => noteText(note, query.lang)),
    };
  });
}

function packetsOf(ports: readonly YearPort[]): number {
  return ports.reduce((sum, { packets }) => sum + packets, 0);
}
