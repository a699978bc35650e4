// What the groups and categories of ports are called, in both languages. The groups' full names are those of the chart
// that Japan's Ministry of Internal Affairs and Communications publishes from NICTER; unknown categories name themselves.
import type { Lang } from '../report/shape.ts';

interface Name {
  ja: string;
  en: string;
  /** For inside a segment of a bar. */
  shortJa: string;
  shortEn: string;
}

const name = (ja: string, en: string, shortJa: string, shortEn: string): Name => ({ ja, en, shortJa, shortEn });

const GROUPS: Record<string, Name> = {
  iot: name(
    'IoT機器を狙った攻撃（Webカメラ、ルータ等）',
    'Attacks on IoT devices (web cameras, routers)',
    'IoT機器',
    'IoT devices',
  ),
  http: name('HTTP・HTTPSで利用されるポートへの攻撃', 'Attacks on ports used for HTTP and HTTPS', 'HTTP(S)', 'HTTP(S)'),
  windows: name('Windowsを狙った攻撃', 'Attacks on Windows', 'Windows', 'Windows'),
  crypto: name('仮想通貨を狙った攻撃', 'Attacks on crypto-currency', '仮想通貨', 'Crypto'),
  services: name(
    'DNS・FTP等の各種サービスを狙った攻撃',
    'Attacks on services such as DNS and FTP',
    'サービス',
    'Services',
  ),
};

const CATEGORIES: Record<string, Name> = {
  'iot/telnet': name('IoT: telnet', 'IoT: telnet', 'telnet', 'telnet'),
  'iot/devices': name('IoT: 機器固有のポート', 'IoT: ports of particular devices', '機器', 'devices'),
  'iot/web': name('IoT: Web・管理画面', 'IoT: web servers and admin pages', 'Web', 'web'),
  'iot/ssh': name('IoT: SSH', 'IoT: SSH', 'SSH', 'SSH'),
  'windows/smb': name('Windows: ファイル共有（SMB）', 'Windows: file sharing (SMB)', 'ファイル共有', 'file sharing'),
  'windows/sql': name('Windows: SQL Server', 'Windows: SQL Server', 'SQL', 'SQL'),
  rdp: name('Windows: リモートデスクトップ（RDP）', 'Windows: remote desktop (RDP)', 'RDP', 'RDP'),
};
CATEGORIES['iot/webAdmin'] = CATEGORIES['iot/web']!;
CATEGORIES['windows/rdp'] = CATEGORIES.rdp!;

function known(group: string): Name | undefined {
  if (Object.hasOwn(GROUPS, group)) return GROUPS[group];
  return Object.hasOwn(CATEGORIES, group) ? CATEGORIES[group] : undefined;
}

/** A group's full name as the chart's legend words it; `top` is how many ports of each year were analysed. */
export function groupName(group: string, lang: Lang, top: number): string {
  if (group === 'other') {
    return lang === 'ja' ? `その他（上位${top}ポート以外）` : `Other (outside the top ${top} ports)`;
  }
  return known(group)?.[lang] ?? group;
}

export function groupShortName(group: string, lang: Lang): string {
  if (group === 'other') return lang === 'ja' ? 'その他' : 'Other';
  const found = known(group);
  if (!found) return group;
  return lang === 'ja' ? found.shortJa : found.shortEn;
}

/** A category as the ports' table and the notes name it: `telnet`, `file sharing`, `RDP`. */
export function categoryName(category: string, lang: Lang): string {
  return groupShortName(category, lang);
}
