// The words of the live view in both languages.
import { exactly } from '../../charts/numbers.ts';
import type { Lang } from '../../report/shape.ts';

export interface LiveWords {
  title: string;
  staleTitle: string;
  now: string;
  rate: string;
  ofHour: string;
  last: string;
  stale: (last: string) => string;
  lost: string;
  away: string;
  sensors: string;
  sensor: string;
  lastMinute: string;
  ago: string;
  packets: string;
  addresses: string;
  never: string;
  minutes: (minutes: number) => string;
  drawn: string;
}

const en: LiveWords = {
  title: 'The last hour, minute by minute',
  staleTitle: 'The last hour with packets, minute by minute',
  now: 'Now',
  rate: 'packets a second, over five minutes',
  ofHour: 'packets in the hour shown',
  last: 'since the last minute with a packet',
  stale: (last) => `Nothing came within the last hour. Shown is the hour up to the last packet, ${last}.`,
  lost: 'The connection is lost; the page connects again by itself.',
  away: 'The database does not answer; the page waits for it.',
  sensors: 'The sensors',
  sensor: 'Sensor',
  lastMinute: 'Last minute with a packet (UTC)',
  ago: 'Ago',
  packets: 'Packets in its last hour',
  addresses: 'IPv4 addresses',
  never: 'never',
  minutes: (minutes) =>
    minutes < 120
      ? `${minutes} min`
      : minutes < 2_880
        ? `${Math.round(minutes / 60)} h`
        : `${exactly(Math.round(minutes / 1_440))} d`,
  drawn: 'Packets are shown as they arrive.',
};

const ja: LiveWords = {
  title: '直近1時間（1分ごと）',
  staleTitle: 'パケットのあった最後の1時間（1分ごと）',
  now: '現在',
  rate: 'パケット/秒（5分間の平均）',
  ofHour: 'パケット（表示中の1時間）',
  last: '前に最後のパケット',
  stale: (last) => `直近1時間のパケットはありません。最後のパケット（${last}）までの1時間を表示しています。`,
  lost: '接続が切れました。自動的に再接続します。',
  away: 'データベースが応答しません。応答を待っています。',
  sensors: 'センサー',
  sensor: 'センサー',
  lastMinute: '最後にパケットのあった分（UTC）',
  ago: '経過',
  packets: '最後の1時間のパケット数',
  addresses: 'IPv4アドレス数',
  never: 'なし',
  minutes: (minutes) =>
    minutes < 120
      ? `${minutes}分`
      : minutes < 2_880
        ? `${Math.round(minutes / 60)}時間`
        : `${exactly(Math.round(minutes / 1_440))}日`,
  drawn: 'パケットを到着次第表示します。',
};

export const LIVE_WORDS: Record<Lang, LiveWords> = { en, ja };
