// The rankings of sources and of backscatter: the page and the command line draw the same ones.
import type { Lang } from '../report/shape.ts';
import type { SourceFacts, SourceList, TrendReport } from '../report/shape-range.ts';
import { exactly } from './numbers.ts';
import type { Ranking } from './ranking.ts';
import { seriesColours, seriesName } from './series.ts';
import { SOURCE_CHART_WORDS } from './source-words.ts';

const DRAWN = 20;

export function sourcesRanking(report: SourceList, lang: Lang): Ranking {
  const words = SOURCE_CHART_WORDS[lang];
  const { kind, survey, fresh } = report;
  return {
    title: words.topTitle,
    subtitle: words.topSubtitle,
    facts: report,
    filters: { kind, survey, more: fresh ? [words.onlyFresh] : [] },
    nothing: words.nothing,
    rows: report.sources.slice(0, DRAWN).map((source) => ({
      name: source.srcAddr,
      value: source.packets,
      colour: source.scanClass === 'other' ? '#0b3b6c' : '#e8b93e',
      tip: [source.srcAddr, `${words.packets}: ${exactly(source.packets)}`, ...toolLine(source, words.tools)],
    })),
  };
}

const toolLine = ({ tools }: SourceFacts, title: string) => (tools.length > 0 ? [`${title}: ${tools.join(', ')}`] : []);

/** @param report backscatter by port */
export function attackedRanking(report: TrendReport, lang: Lang): Ranking {
  const words = SOURCE_CHART_WORDS[lang];
  const colours = seriesColours(
    report.series.map(({ series }) => series),
    report.by,
  );
  return {
    title: words.attacked,
    subtitle: words.attackedSubtitle,
    facts: report,
    filters: { kind: 'backscatter' },
    nothing: words.nothing,
    rows: report.series.map(({ series, total }, index) => {
      return { name: seriesName(series, report.by, lang), value: total, colour: colours[index] ?? '' };
    }),
  };
}

/** @param report sources of backscatter */
export function victimsRanking(report: SourceList, lang: Lang): Ranking {
  const words = SOURCE_CHART_WORDS[lang];
  return {
    title: words.victims,
    subtitle: words.victimsSubtitle,
    facts: report,
    filters: { kind: 'backscatter' },
    nothing: words.nothing,
    rows: report.sources.slice(0, DRAWN).map(({ srcAddr, packets, days, firstDay, lastDay }) => ({
      name: srcAddr,
      value: packets,
      colour: '#b8472a',
      tip: [
        srcAddr,
        `${words.packets}: ${exactly(packets)}`,
        `${words.days}: ${exactly(days)}`,
        `${firstDay} – ${lastDay}`,
      ],
    })),
  };
}
