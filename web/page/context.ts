// What a view is, and what it is given: the language, the address's state, what can be asked for, and how to change the address.
import type { Lang } from '../report/shape.ts';
import type { ViewName } from '../views.ts';

export type Theme = 'auto' | 'light' | 'dark';

/** As /api/v1/years tells. */
export interface Choices {
  years: number[];
  sensors: string[];
  groups: { name: string; sensors: string[] }[];
  schemes: string[];
  /** null before any packet. */
  days: { first: string; last: string } | null;
  may: { annotate: boolean; seeAddresses: boolean };
}

/** What changes in the address; null takes a name out of it. */
export type Part = Record<string, string | string[] | null>;

export interface Context {
  lang: Lang;
  /** Those asked about; empty for all. */
  sensors: string[];
  choices: Choices;
  query: URLSearchParams;
  /** Aborted as soon as the view is drawn anew or left. */
  signal: AbortSignal;
  /** Writes the address and draws the view anew. */
  change: (part: Part) => void;
  /** The address of a view with language, theme and sensors as they are. */
  link: (view: ViewName, part?: Part) => string;
  /** What a screen reader should hear now that all is drawn. */
  say: (text: string) => void;
  /** What went wrong with what the reader wanted to do; the view stays. */
  alert: (text: string) => void;
}

/** Draws its switches at once and its answers when they have come. */
export type View = (context: Context) => Promise<void>;

/** One of the values allowed, or the first of them. */
export function chosen<T extends string>(
  query: URLSearchParams,
  name: string,
  allowed: readonly T[],
  fallback = allowed[0],
): T {
  return allowed.find((value) => value === query.get(name)) ?? (fallback as T);
}

/** A query string of the API: what is null or empty is left out. */
export function apiQuery(part: Record<string, string | number | boolean | string[] | null | undefined>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(part)) {
    if (Array.isArray(value)) for (const each of value) query.append(name, each);
    else if (value !== null && value !== undefined && value !== '') query.set(name, String(value));
  }
  return query.toString().replaceAll('%2C', ',').replaceAll('%2F', '/');
}
