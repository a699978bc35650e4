// How categories are put together into the groups of a chart. The first group that fits a category takes it; a port outside the year's
// top, and a category that no group names, go to `other`.

export interface Scheme {
  groups: { group: string; holds: (category: string) => boolean }[];
}

export const OTHER_GROUP = 'other';

const under = (...names: string[]) => {
  return (category: string) => names.some((name) => category === name || category.startsWith(`${name}/`));
};

const MIC_2020: Scheme['groups'] = [
  { group: 'iot', holds: under('iot') },
  { group: 'windows', holds: under('windows', 'rdp') },
  { group: 'crypto', holds: under('crypto') },
  { group: 'services', holds: under('services') },
];

/** `mic-2020`: the ministry's groups; `mic-2023`: the same with web traffic apart; `full`: every category as stored. */
export const SCHEME_NAMES = ['mic-2020', 'mic-2023', 'full'] as const;

/** @param categories those that occur, for `full` */
export function schemeNamed(name: string, categories: readonly string[]): Scheme | undefined {
  switch (name) {
    case 'mic-2020':
      return { groups: MIC_2020 };
    case 'mic-2023':
      return { groups: [{ group: 'http', holds: under('iot/web') }, ...MIC_2020] };
    case 'full':
      return {
        groups: [...new Set(categories)]
          .filter((category) => category !== OTHER_GROUP)
          .sort()
          .map((category) => ({ group: category, holds: (other: string) => other === category })),
      };
    default:
      return undefined;
  }
}

export function groupOf(scheme: Scheme, category: string): string {
  return scheme.groups.find(({ holds }) => holds(category))?.group ?? OTHER_GROUP;
}
