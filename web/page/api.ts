// Asks the server. Addresses are relative to the page, so that it also works behind a path of a proxy.

/** The server's status and what it said is wrong; status 0 when it could not be reached. */
export class Unanswered extends Error {
  readonly status: number;

  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

export async function ask<T>(address: string, signal?: AbortSignal): Promise<T> {
  // What the browser has is shown only when the server says that it is still so: a note just written would be missing.
  const asked: RequestInit = {
    headers: { accept: 'application/json' },
    cache: 'no-cache',
    ...(signal ? { signal } : {}),
  };
  let response: Response;
  try {
    response = await fetch(address, asked);
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Unanswered(0, '');
  }
  if (response.ok) return (await response.json()) as T;
  throw new Unanswered(response.status, await detailOf(response));
}

/** @param body undefined to delete what is at the address */
export async function write(address: string, body?: unknown): Promise<void> {
  const asked: RequestInit =
    body === undefined
      ? { method: 'DELETE' }
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(address, asked).catch(() => undefined);
  if (!response) throw new Unanswered(0, '');
  if (!response.ok) throw new Unanswered(response.status, await detailOf(response));
}

async function detailOf(response: Response): Promise<string> {
  const problem = (await response.json().catch(() => ({}))) as { detail?: string };
  return problem.detail ?? response.statusText;
}
