// Asks the server. Addresses are relative to the page, so that it also works behind a path of a proxy.
import type { Account } from '../questions.ts';
import type { YearlyReport } from '../report/shape.ts';
import { type Choices, reportQuery, type State } from './state.ts';

/** The server's status and what it said is wrong; status 0 when it could not be reached. */
export class Unanswered extends Error {
  readonly status: number;

  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

export const fetchChoices = (): Promise<Choices> => ask('api/v1/years');
export const fetchAccount = (): Promise<Account> => ask('api/v1/account');

export function fetchReport(state: State, signal: AbortSignal): Promise<YearlyReport> {
  return ask(`api/v1/yearly?${reportQuery(state)}`, signal);
}

export function csvAddress(state: State): string {
  return `api/v1/yearly?${reportQuery(state)}&format=csv`;
}

async function ask<T>(address: string, signal?: AbortSignal): Promise<T> {
  const headers = { accept: 'application/json' };
  let response: Response;
  try {
    response = await fetch(address, signal ? { headers, signal } : { headers });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Unanswered(0, '');
  }
  if (response.ok) return (await response.json()) as T;
  const problem = (await response.json().catch(() => ({}))) as { detail?: string };
  throw new Unanswered(response.status, problem.detail ?? response.statusText);
}
