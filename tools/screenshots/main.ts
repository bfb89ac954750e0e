// Writes pictures of the console to docs/images: of the built twin at work, light, dark and on a phone.
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { repositoryRoot } from '../ensure-installed.mjs';
import { fillStore } from './fill-store';

const IMAGES = join(repositoryRoot, 'docs', 'images');
const BUNDLE = join(repositoryRoot, 'dist', 'apps', 'local', 'index.mjs');
const PLACES = [process.env['CHROMIUM_PATH'] ?? '', '/usr/bin/chromium', '/usr/bin/google-chrome'];

const LOOKS = [
  { look: 'light', colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  { look: 'dark', colorScheme: 'dark', viewport: { width: 1280, height: 800 } },
  { look: 'phone', colorScheme: 'light', viewport: { width: 390, height: 844 } },
] as const;

async function main(): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'swe-screenshots-'));
  const executablePath = PLACES.find((path) => path !== '' && existsSync(path));
  if (executablePath === undefined) throw new Error('Install Chromium, or set CHROMIUM_PATH.');
  await fillStore(home);
  const twin = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', BUNDLE, 'up', '--rehearse'],
    {
      env: { PATH: process.env['PATH'], HOME: home, SWE_HOME: home, SWE_PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const ended = new Promise((resolve) => twin.once('close', resolve));
  let browser: Browser | undefined;
  try {
    const address = await addressIn(twin);
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    const { state, paths } = await act(await browser.newContext(), address);
    mkdirSync(IMAGES, { recursive: true });
    for (const { look, ...options } of LOOKS) {
      const context = await browser.newContext({ ...options, storageState: state, deviceScaleFactor: 1.5 });
      await takePictures(await context.newPage(), paths, look);
      await context.close();
    }
  } finally {
    await browser?.close();
    twin.kill('SIGINT');
    await ended;
    rmSync(home, { recursive: true, force: true });
  }
}

function addressIn(twin: ChildProcessByStdio<null, Readable, null>): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    twin.stdout.on('data', (data: Buffer) => {
      output += data.toString();
      const [found] = /http:\S+token=\w+/.exec(output) ?? [];
      if (found !== undefined) resolve(found);
    });
    twin.once('close', () => reject(new Error(`the twin ended:\n${output}`)));
  });
}

/** Has the sample solved, and gives the pages that are worth a picture. */
async function act(context: BrowserContext, address: string) {
  const page = await context.newPage();
  const { origin } = new URL(address);
  await page.goto(address);
  await page.getByRole('link', { name: 'Repositories' }).waitFor();
  const made = await page.request.post(`${origin}/api/v1/forge/sample`, { headers: { origin } });
  const { issue } = (await made.json()) as { issue: string };
  await page.goto(`${origin}/new?where=${encodeURIComponent(issue)}`);
  await page.getByRole('button', { name: 'Start' }).click();
  await page.waitForURL(/sessions\//);
  const session = new URL(page.url()).pathname;
  await page.locator('.session-head .state', { hasText: 'Answered' }).waitFor({ timeout: 120_000 });
  const name = issue.split('/')[2] ?? '';
  return {
    state: await context.storageState(),
    paths: {
      sessions: `${origin}/`,
      session: `${origin}${session}`,
      new: `${origin}/new?where=${encodeURIComponent(issue)}`,
      'pull-request': `${origin}/repositories/${name}/pulls/2`,
      costs: `${origin}/costs`,
      settings: `${origin}/settings`,
    },
  };
}

async function takePictures(
  page: Page,
  paths: Readonly<Record<string, string>>,
  look: string,
): Promise<void> {
  for (const [name, path] of Object.entries(paths)) {
    await page.goto(path);
    await page.locator('main h1').first().waitFor();
    // The session's events come as a stream that does not end: its last row says that they are there.
    if (name === 'session') await page.getByText('Verified:').waitFor();
    else await page.waitForLoadState('networkidle');
    await page.screenshot({ path: join(IMAGES, `console-${name}-${look}.png`) });
    console.log(`docs/images/console-${name}-${look}.png`);
    if (name === 'session') {
      await page.getByRole('tab', { name: 'Timeline' }).click();
      await page.screenshot({ path: join(IMAGES, `console-timeline-${look}.png`) });
    }
  }
}

void main();
