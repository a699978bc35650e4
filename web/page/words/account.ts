// The words of the account in both languages.
import type { Lang } from '../../report/shape.ts';

export interface AccountWords {
  account: string;
  accountLead: string;
  balanced: string;
  unbalanced: string;
  sensor: string;
  day: string;
  frames: string;
  counted: string;
  fates: string;
  stored: string;
  dropped: (packets: string) => string;
  files: string;
  file: string;
  damaged: (files: number) => string;
  damage: string;
  damagedTitle: string;
  noDamage: string;
  span: string;
  none: string;
  coverage: string;
  monitored: string;
  rules: string;
  daily: string;
  dailyLead: (shown: number, all: number) => string;
  onlyOdd: string;
  odd: { odd: string; every: string };
  drawn: (days: number) => string;
}

const en: AccountWords = {
  account: 'The account of all frames',
  accountLead:
    'Frames read = counted + not counted, and what is stored = counted. Over all captures, whatever is chosen above.',
  balanced: 'It balances.',
  unbalanced: 'It does not balance: figures in the other views may be wrong.',
  sensor: 'Sensor',
  day: 'Day',
  frames: 'Frames read',
  counted: 'Counted',
  fates: 'Not counted, and why',
  stored: 'Stored',
  dropped: (packets) => `and ${packets} dropped as old`,
  files: 'Files',
  file: 'File',
  damaged: (files) => `${files} damaged`,
  damage: 'What is wrong, and where',
  damagedTitle: 'Damaged files',
  noDamage: 'Every file was read to its end without damage.',
  span: 'First – last packet (UTC)',
  none: 'none',
  coverage: 'Observed',
  monitored: 'IPv4 addresses',
  rules: 'Port rules',
  daily: 'Day by day',
  dailyLead: (shown, all) => `${shown} of ${all} days with frames.`,
  onlyOdd: 'Days',
  odd: { odd: 'With gaps or frames not counted', every: 'Every day' },
  drawn: (days) => `The account of ${days} days is shown.`,
};

const ja: AccountWords = {
  account: '全フレームの収支',
  accountLead: '読み込んだフレーム＝集計＋集計外、保存＝集計。上の選択によらず、すべての記録についての収支です。',
  balanced: '収支は一致しています。',
  unbalanced: '収支が一致しません。ほかの表示の数値は誤っている可能性があります。',
  sensor: 'センサー',
  day: '日',
  frames: '読み込み',
  counted: '集計',
  fates: '集計外とその理由',
  stored: '保存',
  dropped: (packets) => `ほか期限切れで削除${packets}`,
  files: 'ファイル',
  file: 'ファイル',
  damaged: (files) => `うち破損${files}`,
  damage: '破損の内容と位置',
  damagedTitle: '破損したファイル',
  noDamage: 'すべてのファイルを破損なく最後まで読み込みました。',
  span: '最初と最後のパケット（UTC）',
  none: 'なし',
  coverage: '観測',
  monitored: 'IPv4アドレス数',
  rules: '分類表の版',
  daily: '日ごとの収支',
  dailyLead: (shown, all) => `フレームのある${all}日のうち${shown}日を表示。`,
  onlyOdd: '表示する日',
  odd: { odd: '欠測・集計外のある日', every: 'すべての日' },
  drawn: (days) => `${days}日分の収支を表示しました。`,
};

export const ACCOUNT_WORDS: Record<Lang, AccountWords> = { en, ja };

/** Why a frame was not counted, as the account prints it; reasons without words here are shown by name. */
export const FATE_WORDS: Record<Lang, Record<string, string>> = {
  en: {
    truncated: 'header cut off',
    notIp: 'not IP',
    badHeader: 'contradictory header',
    laterFragment: 'later fragment',
    unsupportedLink: 'unknown link type',
    badTime: 'impossible time',
    outsideDarknet: 'outside the darknet',
  },
  ja: {
    truncated: 'ヘッダー欠落',
    notIp: 'IP以外',
    badHeader: 'ヘッダー矛盾',
    laterFragment: '後続フラグメント',
    unsupportedLink: '未対応リンク種別',
    badTime: '時刻異常',
    outsideDarknet: '監視対象外',
  },
};
