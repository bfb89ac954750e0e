import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { it } from '@jest/globals';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

const PLACES = [
  process.env['CHROMIUM_PATH'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
const executablePath = PLACES.find((path) => path !== '' && existsSync(path));

/** For tests that need one. */
export const withBrowser = executablePath === undefined ? it.skip : it;
export const NO_BROWSER = 'skipped where there is no Chromium';

/** Its own sandbox needs rights that a container's root lacks; all pages here are of this machine. */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ ...(executablePath && { executablePath }), args: ['--no-sandbox'] });

/** What a page did that it should not have done. */
export interface Watched {
  readonly page: Page;
  /** Errors of its scripts, breaches of its policy, requests to anywhere but its own server, dialogs. */
  readonly faults: string[];
}

export async function watch(
  browser: Browser,
  own: string,
  options: BrowserContextOptions = {},
): Promise<Watched> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(`script: ${error.message}`));
  page.on('console', (message) => {
    const text = message.text();
    // A server that is away, and what it refuses, is for the page to show.
    if (message.type() === 'error' && !/Failed to load resource|ERR_/.test(text)) faults.push(text);
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(own)) faults.push(`request: ${request.url()}`);
  });
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return { page, faults };
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What keeps people from using the page, by the rules of https://github.com/dequelabs/axe-core. */
export async function barriers(page: Page): Promise<readonly string[]> {
  // By the debugger's own door: the page's policy lets no script of ours in.
  await page.evaluate(axe);
  return (await page.evaluate(
    // Headings of what others wrote are in whatever order they wrote them.
    "axe.run({ rules: { 'heading-order': { enabled: false } }, runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })" +
      '.then(({ violations }) => violations.map(({ id, nodes }) =>' +
      "  id + ': ' + nodes.map((node) => node.html.slice(0, 160)).slice(0, 3).join(' | ')))",
  )) as readonly string[];
}
