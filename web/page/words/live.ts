// The words of the live view in both languages.
import { exactly } from '../../charts/numbers.ts';
import type { Lang } from '../../report/shape.ts';
import type { SensorState } from '../../report/shape-range.ts';

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
  since: (seconds: number) => string;
  lostOfHour: string;
  rates: string;
  noRates: string;
  category: string;
  perSecond: string;
  share: string;
  state: string;
  states: Record<SensorState, string>;
  noneLive: string;
  reports: string;
  reportsNote: string;
  interfaces: string;
  lag: string;
  received: string;
  kernelDropped: string;
  cardDropped: string;
  spoolDropped: string;
  clockSteps: string;
  drawn: string;
}

/** In the unit that makes it at least two. */
function since(seconds: number, [s, min, h, d]: [string, string, string, string]): string {
  if (seconds < 120) return `${seconds}${s}`;
  if (seconds < 7_200) return `${Math.floor(seconds / 60)}${min}`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3_600)}${h}` : `${exactly(Math.floor(seconds / 86_400))}${d}`;
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
  since: (seconds) => since(seconds, [' s', ' min', ' h', ' d']),
  lostOfHour: 'frames lost by live sensors in their last hour',
  rates: 'Now, by category',
  noRates: 'Nothing came within these five minutes.',
  category: 'Category of port',
  perSecond: 'Packets a second',
  share: 'Share',
  state: 'State',
  states: {
    files: 'reads files',
    late: '✕ no report',
    deaf: '✕ hears no interface',
    losing: '▲ loses frames',
    well: '● well',
  },
  noneLive: 'No sensor has captured live; all packets came from files.',
  reports: 'What live sensors reported of their last hour',
  reportsNote:
    'A live sensor reports every minute, packets or not. The lag is the age of the last whole minute that is in the database; frames are lost where the kernel had no room, the card missed them, or the spool was full while the database was away.',
  interfaces: 'Interfaces',
  lag: 'Lag',
  received: 'Frames received',
  kernelDropped: 'Lost by the kernel',
  cardDropped: 'Lost by the card',
  spoolDropped: 'Lost from the spool',
  clockSteps: 'Clock jumps',
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
  since: (seconds) => since(seconds, ['秒', '分', '時間', '日']),
  lostOfHour: 'フレームをライブのセンサーが最後の1時間に損失',
  rates: '現在（分類別）',
  noRates: 'この5分間のパケットはありません。',
  category: 'ポート分類',
  perSecond: 'パケット/秒',
  share: '割合',
  state: '状態',
  states: {
    files: 'ファイルのみ',
    late: '✕ 報告なし',
    deaf: '✕ 受信できるインターフェースなし',
    losing: '▲ フレーム損失あり',
    well: '● 正常',
  },
  noneLive: 'ライブで観測したセンサーはありません。すべてファイルから読み込まれました。',
  reports: 'ライブのセンサーの報告（最後の1時間）',
  reportsNote:
    'ライブのセンサーは、パケットの有無にかかわらず毎分報告します。遅れは、データベースにある最後の1分の終わりからの経過時間です。損失は、カーネルの空き不足、ネットワークカードの取りこぼし、またはデータベース停止中のスプール満杯によるものです。',
  interfaces: 'インターフェース',
  lag: '遅れ',
  received: '受信フレーム',
  kernelDropped: 'カーネルでの損失',
  cardDropped: 'カードでの損失',
  spoolDropped: 'スプールでの損失',
  clockSteps: '時計の跳び',
  drawn: 'パケットを到着次第表示します。',
};

export const LIVE_WORDS: Record<Lang, LiveWords> = { en, ja };
