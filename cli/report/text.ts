// The year-on-year report for a terminal.
import { captionText } from '../../web/charts/caption.ts';
import { groupShortName } from '../../web/charts/names.ts';
import { count, coveragePercent, multiple, percent, seconds, wholePercent } from '../../web/charts/numbers.ts';
import { WORDS } from '../../web/charts/text.ts';
import type { Lang, ReportYear, YearlyReport } from '../../web/report/shape.ts';
import { count as exactly, type TableColumn, tableText } from '../table.ts';

const SHOWN_PORTS = 10;

export function reportText(report: YearlyReport, lang: Lang): string {
  const ports = report.years.map((year) => `\n${WORDS[lang].year(year.year)}\n${portTable(year)}`);
  return `${groupTable(report, lang)}\n${factTable(report, lang)}${ports.join('')}\n${captionText(report, lang)}\n`;
}

/** The column of volumes relative to the base year. */
const LENGTH: Record<Lang, string> = { en: 'length', ja: '長さ' };

/** Groups down, years across: the share of the own year, the length relative to the base year, the growth. Then the notes. */
function groupTable({ years }: YearlyReport, lang: Lang): string {
  const nameOf = (group: number) => groupShortName(years[0]?.groups[group]?.group ?? '', lang);
  const columns: TableColumn<number>[] = [
    { title: '', cell: nameOf },
    ...years.flatMap(({ year, groups }): TableColumn<number>[] => [
      { title: WORDS[lang].year(year), cell: (group) => wholePercent(groups[group]?.share ?? 0), right: true },
      { title: LENGTH[lang], cell: (group) => wholePercent(groups[group]?.length ?? 0), right: true },
      { title: '', cell: (group) => growth(groups[group]?.growth ?? null), right: true },
    ]),
  ];
  const rows = [...(years[0]?.groups.keys() ?? [])];
  const notes = years.flatMap(({ year, groups }) => {
    return rows
      .filter((group) => (groups[group]?.notes.length ?? 0) > 0)
      .map((group) => `${WORDS[lang].year(year)} ${nameOf(group)}: ${groups[group]?.notes.join('; ')}\n`);
  });
  return `${tableText(columns, rows)}${notes.length > 0 ? `\n${notes.join('')}` : ''}`;
}

function growth(value: number | null): string {
  return value === null ? '' : multiple(value);
}

function factTable({ years, survey }: YearlyReport, lang: Lang): string {
  const words = WORDS[lang];
  const orUnknown = (value: number | null, text: (known: number) => string) =>
    value === null ? words.notKnown : text(value);
  const facts: { name: string; of: (year: ReportYear) => string }[] = [
    { name: words.packets[survey], of: ({ packets }) => exactly(packets) },
    {
      name: words.surveyShare[survey],
      of: ({ surveyPackets, allPackets }) => percent(allPackets > 0 ? (100 * surveyPackets) / allPackets : 0),
    },
    { name: words.perAddress, of: ({ perAddress }) => orUnknown(perAddress, (value) => count(value, lang)) },
    {
      name: words.secondsPerPacket,
      of: ({ secondsPerPacket }) => orUnknown(secondsPerPacket, (value) => seconds(value, lang)),
    },
    { name: words.coverage, of: ({ coverage }) => coveragePercent(coverage) },
  ];
  const columns: TableColumn<(typeof facts)[number]>[] = [
    { title: '', cell: ({ name }) => name },
    ...years.map((year) => ({
      title: words.year(year.year),
      cell: ({ of }: (typeof facts)[number]) => of(year),
      right: true,
    })),
  ];
  return tableText(columns, facts);
}

function portTable({ topPorts }: ReportYear): string {
  return tableText(
    [
      { title: '#', cell: ({ rank }) => String(rank), right: true },
      { title: '(#)', cell: ({ previousRank }) => (previousRank === null ? '–' : String(previousRank)), right: true },
      { title: 'port', cell: ({ proto, dstPort }) => `${proto}/${dstPort}` },
      { title: 'category', cell: ({ category }) => category },
      { title: 'packets', cell: ({ packets }) => exactly(packets), right: true },
      { title: '%', cell: ({ share }) => percent(share), right: true },
      { title: 'sources', cell: ({ sources }) => (sources === null ? '–' : exactly(sources)), right: true },
    ],
    topPorts.slice(0, SHOWN_PORTS),
  );
}
