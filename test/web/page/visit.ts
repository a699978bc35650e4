// One server, one database of the samples and one browser for all tests of the page.
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../../bench/browser.ts';
import { openStore } from '../../../dist/store/store.js';
import type { Connection } from '../../../store/database.ts';
import { umbrascopeJson } from '../../setup/command.ts';
import { type Served, serveData } from '../../setup/serving.ts';

const SAMPLES = path.resolve(import.meta.dirname, '../../../sample-pcaps/*.gz');

export interface Visit {
  url: string;
  page: Page;
  browser: Browser;
  data: string;
  db: Connection;
  /** What must not have happened: errors in the page, and requests to anybody else. */
  troubles: string[];
  /** Opens a view and waits until it is drawn. */
  open: (address: string) => Promise<void>;
  /** Until the latest question is answered and drawn. */
  drawn: () => Promise<void>;
  /** Takes one of the radio buttons. */
  choose: (name: string, value: string) => Promise<void>;
  api: <T>(address: string) => Promise<T>;
  end: () => Promise<number | null>;
}

export async function startVisit(data: string): Promise<Visit> {
  await umbrascopeJson([
    'ingest',
    '--data',
    data,
    SAMPLES,
    '--sensor',
    'sample',
    '--darknet',
    '198.51.100.0/26',
    '2001:db8:64::/64',
  ]);
  const served = await serveData(data);
  const browser = await launchBrowser();
  const page = await browser.newPage({ locale: 'en' });
  const troubles: string[] = [];
  watch(page, served, troubles);
  const db = await openStore({ directory: data });
  const drawn = async () => {
    await page.waitForFunction(() => !document.body.classList.contains('busy'));
  };
  return {
    ...{ url: served.url, page, browser, data, db, troubles, drawn },
    open: async (address) => {
      await page.goto(served.url + address);
      await page.waitForSelector('#view:not([hidden]) > *');
      await drawn();
    },
    choose: async (name, value) => {
      await page.locator(`[name="${name}"][value="${value}"]`).check({ force: true });
      await drawn();
    },
    api: async <T>(address: string) => (await (await fetch(`${served.url}api/v1/${address}`)).json()) as T,
    end: async () => {
      await db.close();
      await browser.close();
      return (await served.stop()).code;
    },
  };
}

function watch(page: Page, { url }: Served, troubles: string[]): void {
  page.on('pageerror', (error) => troubles.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
  page.on(
    'request',
    (request) => request.url().startsWith(url) || /^(data|blob):/.test(request.url()) || troubles.push(request.url()),
  );
}
