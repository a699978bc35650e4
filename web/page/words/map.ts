// The words of the address maps in both languages; the chart brings its own.
import type { Lang } from '../../report/shape.ts';

export interface MapWords {
  of: string;
  ofs: Record<string, string>;
  measure: string;
  measures: Record<string, string>;
  kind: string;
  kinds: Record<string, string>;
  bits: string;
  play: string;
  pause: string;
  step: string;
  whole: string;
  top: string;
  part: string;
  value: Record<string, string>;
  share: string;
  silent: (silent: number, all: number) => string;
  noAnimation: string;
  drawn: string;
}

const en: MapWords = {
  of: 'Map of',
  ofs: { sources: 'The Internet (sources)', dark: 'The monitored addresses' },
  measure: 'Count',
  measures: { packets: 'Packets', sources: 'Distinct sources' },
  kind: 'Kind',
  kinds: { all: 'All', scan: 'Scans', backscatter: 'Backscatter', other: 'Other' },
  bits: 'A cell is a',
  play: 'Play',
  pause: 'Pause',
  step: 'Moment',
  whole: 'Whole span',
  top: 'The loudest cells',
  part: 'Cell',
  value: { packets: 'Packets', sources: 'Sources' },
  share: 'Share',
  silent: (silent, all) =>
    silent === 0 ? `All ${all} monitored cells were heard.` : `${silent} of ${all} monitored cells were not heard.`,
  noAnimation: 'Spans up to 100 days can be played: up to 2 days hour by hour, longer ones day by day.',
  drawn: 'The map is shown.',
};

const ja: MapWords = {
  of: '地図',
  ofs: { sources: 'インターネット（送信元）', dark: '監視アドレス' },
  measure: '数える対象',
  measures: { packets: 'パケット', sources: '送信元' },
  kind: '種類',
  kinds: { all: 'すべて', scan: 'スキャン', backscatter: 'バックスキャッタ', other: 'その他' },
  bits: '1区画',
  play: '再生',
  pause: '一時停止',
  step: '時点',
  whole: '全期間',
  top: '最も多い区画',
  part: '区画',
  value: { packets: 'パケット数', sources: '送信元数' },
  share: '割合',
  silent: (silent, all) =>
    silent === 0 ? `監視中の${all}区画すべてで受信。` : `監視中の${all}区画のうち${silent}区画で受信なし。`,
  noAnimation: '100日以内の期間は再生できます（2日以内は1時間ごと、それ以上は1日ごと）。',
  drawn: '地図を表示しました。',
};

export const MAP_WORDS: Record<Lang, MapWords> = { en, ja };
