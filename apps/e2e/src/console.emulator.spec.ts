import { afterAll, afterEach, beforeAll, describe, expect } from '@jest/globals';
import type { NewJournalEntry, ToolCallContent } from '@swe/domain';
import { openLoopbackOpenAi, readConversation } from '@swe/testing/servers';
import type { LoopbackServer, LoopbackTurn } from '@swe/testing/servers';
import type { Browser, Page } from 'playwright-core';
import { barriers, NO_BROWSER, openBrowser, watch, withBrowser } from './browser';
import { openConsoleTwin } from './console-twin';
import { bash } from './scripted-model';

type Twin = Awaited<ReturnType<typeof openConsoleTwin>>;

const PATIENCE = { timeout: 60_000 };

let browser: Browser | undefined;
beforeAll(async () => {
  browser = await openBrowser().catch(() => undefined);
});
afterAll(() => browser?.close());

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function openTwin(environment: Readonly<Record<string, string>> = {}): Promise<Twin> {
  const twin = await openConsoleTwin(environment);
  closing.push(twin.close);
  return twin;
}

async function open(twin: Twin, options: Parameters<typeof watch>[2] = {}) {
  if (browser === undefined) throw new Error('no browser');
  const watched = await watch(browser, twin.url, options);
  closing.push(() => watched.page.context().close());
  await watched.page.goto(twin.signInUrl());
  return watched;
}

const state = (page: Page, word: string) => page.locator('.session-head .state', { hasText: word });

async function begin(page: Page, task: string): Promise<void> {
  await page.getByRole('link', { name: 'New session' }).first().click();
  await page.getByLabel('Task').fill(task);
  await page.getByRole('button', { name: 'Start' }).click();
  await page.waitForURL(/\/sessions\//);
}

describe('the page of the twin', () => {
  withBrowser(
    `takes whoever comes first from a sample’s issue to a merged pull request, without a barrier (${NO_BROWSER})`,
    async () => {
      const twin = await openTwin();
      await twin.start();
      const { page, faults } = await open(twin, { colorScheme: 'light' });
      await page.getByRole('button', { name: 'Try it on a sample' }).waitFor();
      expect(await barriers(page)).toEqual([]);

      await page.getByRole('button', { name: 'Try it on a sample' }).click();
      await page.waitForURL(/\/new/);
      expect(await page.getByLabel('Repository or issue').inputValue()).toMatch(/^forge:.*\/issues\/1$/);
      expect(await barriers(page)).toEqual([]);
      await page.getByRole('button', { name: 'Start' }).click();
      await page.waitForURL(/\/sessions\//);
      await state(page, 'Working').waitFor(PATIENCE);
      await page.reload();
      await state(page, 'Answered').waitFor(PATIENCE);
      await page.getByText('Verified:').waitFor();
      expect(await barriers(page)).toEqual([]);

      await page.getByRole('tab', { name: 'Timeline' }).click();
      await page.locator('.timeline .fill').first().waitFor();
      expect(await barriers(page)).toEqual([]);

      await page.getByRole('tab', { name: 'Changes' }).click();
      await page.locator('.diff .line.added').first().waitFor();
      expect(await barriers(page)).toEqual([]);
      await page.locator('.session-head').getByRole('link', { name: /#2/ }).click();
      await page.waitForURL(/\/repositories\/.*\/pulls\/2/);
      await page.getByRole('button', { name: 'Merge' }).click();
      await page.getByRole('button', { name: 'Merge into main?' }).click();
      await page.getByRole('status').getByText('Merged').waitFor();
      await page.locator('.diff .line.added').first().waitFor();

      for (const [name, title] of [
        ['Sessions', 'Sessions'],
        ['Repositories', 'Repositories'],
        ['Costs', 'Costs'],
        ['Settings', 'Settings'],
      ] as const) {
        await page.getByRole('link', { name, exact: true }).click();
        await page.getByRole('heading', { name: title, level: 1 }).waitFor();
        await page.waitForLoadState('networkidle');
        expect([name, await barriers(page)]).toEqual([name, []]);
        await page.emulateMedia({ colorScheme: 'dark' });
        await page.setViewportSize({ width: 390, height: 844 });
        expect([name, await barriers(page)]).toEqual([name, []]);
        await page.emulateMedia({ colorScheme: 'light' });
        await page.setViewportSize({ width: 1280, height: 720 });
      }
      expect(faults).toEqual([]);
    },
  );

  withBrowser(`says so where there is nothing (${NO_BROWSER})`, async () => {
    const twin = await openTwin();
    await twin.start();
    const { page, faults } = await open(twin);
    for (const path of ['/no/such/page', '/sessions/s-unknown', '/repositories/unknown']) {
      await page.goto(`${twin.url}${path}`);
      await page.getByText('There is nothing here.').waitFor();
      expect([path, await barriers(page)]).toEqual([path, []]);
    }
    expect(faults).toEqual([]);
  });

  withBrowser(`lets one browser in for an address, and others not at all (${NO_BROWSER})`, async () => {
    const twin = await openTwin();
    await twin.start();
    const address = twin.signInUrl();
    await open(twin);
    if (browser === undefined) return;
    const { page } = await watch(browser, twin.url);
    closing.push(() => page.context().close());
    await page.goto(address);
    await page.getByText('That address was used before.').waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.goto(twin.url);
    await page.getByRole('heading', { name: 'Remote SWE Agents' }).waitFor();
    expect((await page.request.get(`${twin.url}/api/v1/sessions`)).status()).toBe(401);
  });
});

describe('a session in the browser', () => {
  let model: LoopbackServer;
  let heard = 0;

  /** Goes on in small steps until it hears the word; told so, it runs a command that does not end, or trails off. */
  async function answer(conversation: string): Promise<LoopbackTurn> {
    heard += 1;
    if (conversation.includes('Never end.')) {
      return { say: 'I sleep.', calls: [bash('echo "so *far*"; sleep 1000')] };
    }
    if (conversation.includes('Trail off.')) return { say: 'The words **so far**', ending: 'hang' };
    if (conversation.includes('Cover the weekend.')) return { say: 'The weekend is covered.' };
    return { say: `Look ${heard}.`, calls: [bash(`sleep 0.5; echo look ${heard}`)] };
  }

  async function openScripted(): Promise<Twin> {
    model = await openLoopbackOpenAi((request) => answer(JSON.stringify(readConversation(request))));
    closing.push(() => model.close());
    const twin = await openTwin({ SWE_MODEL: 'openai-compatible/any', SWE_MODEL_BASE_URL: model.url });
    await twin.start();
    return twin;
  }

  withBrowser(
    `is steered from one tab and seen in two, over a restart of the server (${NO_BROWSER})`,
    async () => {
      const twin = await openScripted();
      const { page, faults } = await open(twin);
      await begin(page, 'Look around.');
      await page.getByText('exit 0').first().waitFor(PATIENCE);
      const other = await page.context().newPage();
      await other.goto(page.url());
      await other.getByText('exit 0').first().waitFor(PATIENCE);

      await twin.stop();
      await page.getByText('The server does not answer.').waitFor(PATIENCE);
      await twin.start();
      await page.getByText('The server does not answer.').waitFor({ ...PATIENCE, state: 'detached' });
      await page.getByText(`Look ${heard + 1}.`, { exact: true }).waitFor(PATIENCE);
      await page.getByLabel('Message').fill('Cover the weekend.');
      await page.getByRole('button', { name: 'Send' }).click();
      for (const each of [page, other]) {
        await each.getByText('The weekend is covered.').waitFor(PATIENCE);
        await state(each, 'Answered').waitFor(PATIENCE);
        await each.getByText('Cover the weekend.').waitFor();
      }
      const steps = await page.locator('.step-facts').allInnerTexts();
      expect(new Set(steps).size).toBe(steps.length);
      expect(faults).toEqual([]);
    },
  );

  withBrowser(`shows an answer while it is written (${NO_BROWSER})`, async () => {
    const twin = await openScripted();
    const { page, faults } = await open(twin);
    await begin(page, 'Trail off.');
    await page.locator('.step strong', { hasText: 'so far' }).waitFor(PATIENCE);
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'Stop' }).click();
    await state(page, 'Stopped').waitFor(PATIENCE);
    expect(faults).toEqual([]);
  });

  withBrowser(`stops when it is told to (${NO_BROWSER})`, async () => {
    const twin = await openScripted();
    const { page, faults } = await open(twin);
    await begin(page, 'Never end.');
    await page.getByText('running').waitFor(PATIENCE);
    await page.getByRole('group', { name: 'Output so far' }).getByText('so *far*').waitFor(PATIENCE);
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'Stop' }).click();
    await state(page, 'Stopped').waitFor(PATIENCE);
    expect(await page.locator('.printed').count()).toBe(0);
    await page.getByRole('button', { name: 'End session' }).click();
    await page.getByRole('button', { name: 'End it for good?' }).click();
    await page.getByText('This session has ended.').waitFor(PATIENCE);
    expect(faults).toEqual([]);
  });
});

describe('a session that is written down', () => {
  const text = (value: string) => ({ type: 'text', text: value }) as const;

  function calls(count: number): readonly NewJournalEntry[] {
    return Array.from({ length: count }, (_, i): readonly NewJournalEntry[] => {
      const [callId, callNumber] = [`c${i}`, i + 1];
      const input = { command: `echo ${i}` };
      const usage = { inputTokens: 10, outputTokens: 5, cacheReadTokens: 90, cacheWriteTokens: 0 };
      const ran = { command: input.command, cwd: '/', exitCode: 0 };
      return [
        { kind: 'model-call-started', atMs: i, callNumber, model: 'm/x' },
        {
          kind: 'model-call-finished',
          atMs: i,
          callNumber,
          model: 'm/x',
          content: [
            text(`Step **${callNumber}** of many.`),
            { type: 'tool-call', callId, name: 'bash', input },
          ],
          stop: 'tool-use',
          usage,
          durationMs: 10,
        },
        { kind: 'tool-started', atMs: i, callId, name: 'bash' },
        {
          kind: 'tool-finished',
          atMs: i,
          callId,
          name: 'bash',
          content: [text(`${i}\n`.repeat(20))],
          isError: false,
          durationMs: 5,
          ran,
        },
      ];
    }).flat();
  }

  withBrowser(
    `of 5,000 entries is scrolled through, little of it being on the page (${NO_BROWSER})`,
    async () => {
      const twin = await openTwin();
      const id = await twin.record('A long session', calls(1_250));
      await twin.start();
      const { page, faults } = await open(twin);
      await page.goto(`${twin.url}/sessions/${id}`);
      await page.getByText('Step 1250 of many.').waitFor(PATIENCE);
      const rows = page.locator('.row');
      expect(await rows.count()).toBeLessThan(80);
      const scroller = page.getByRole('log');
      await scroller.hover();
      await page.mouse.wheel(0, -500);
      await page.getByRole('button', { name: 'Jump to the latest' }).waitFor(PATIENCE);
      await scroller.evaluate((element) => {
        element.scrollTop = 0;
      });
      await page.getByText('Step 1 of many.').waitFor(PATIENCE);
      expect(await rows.count()).toBeLessThan(80);
      await page.getByText('echo 0', { exact: true }).click();
      await page.locator('.block', { hasText: '0' }).first().waitFor();
      await scroller.evaluate((element) => {
        element.scrollTop = element.scrollHeight / 2;
      });
      await page
        .getByText(/Step 6\d\d of many\./)
        .first()
        .waitFor(PATIENCE);
      await page.getByRole('button', { name: 'Jump to the latest' }).click();
      await page.getByText('Step 1250 of many.').waitFor(PATIENCE);
      expect(await barriers(page)).toEqual([]);
      expect(faults).toEqual([]);
    },
  );

  const HOSTILE = [
    '<script>window.hacked = 1</script><img src=x onerror="window.hacked = 1"><iframe src="https://evil.example"></iframe>',
    '[click](javascript:window.hacked=1) ![seen](https://evil.example/pixel.png) <https://evil.example/x>',
    '<svg onload="window.hacked=1"><a href="javascript:window.hacked=1">x</a></svg>',
    '[data](data:text/html,<script>window.hacked=1</script>) [ref]: javascript:window.hacked=1',
    '\u001b]8;;javascript:window.hacked=1\u0007link\u001b]8;;\u0007 \u001b[31mred invoice\u202Efdp.exe',
    '```html\n<script>window.hacked = 1</script>\n```\n\n`<b onmouseover=alert(1)>`',
  ].join('\n\n');

  withBrowser(`of hostile words does nothing but show them (${NO_BROWSER})`, async () => {
    const twin = await openTwin();
    const name = '<img src=x onerror="window.hacked=1">';
    const hostileCall: ToolCallContent = {
      type: 'tool-call',
      callId: 'c',
      name,
      input: { path: HOSTILE, edits: [{ oldText: HOSTILE, newText: `${HOSTILE}\n${name}` }] },
    };
    const id = await twin.record(`${name}${HOSTILE}`, [
      {
        kind: 'message-admitted',
        atMs: 1,
        inboxSeq: 1,
        requester: `local:${name}`,
        content: [text(HOSTILE)],
      },
      { kind: 'model-call-started', atMs: 1, callNumber: 1, model: name },
      {
        kind: 'model-call-finished',
        atMs: 1,
        callNumber: 1,
        model: name,
        content: [text(HOSTILE), hostileCall],
        stop: 'tool-use',
        durationMs: 1,
        failure: HOSTILE,
      },
      { kind: 'tool-started', atMs: 1, callId: 'c', name },
      {
        kind: 'tool-finished',
        atMs: 1,
        callId: 'c',
        name,
        content: [text(HOSTILE)],
        isError: false,
        durationMs: 1,
        ran: { command: HOSTILE, cwd: '/', exitCode: 1 },
      },
    ]);
    await twin.start();
    const { page, faults } = await open(twin);
    await page.locator('.session-row').waitFor(PATIENCE);
    await page.goto(`${twin.url}/sessions/${id}`);
    await page.locator('.block').first().waitFor(PATIENCE);
    for (const link of await page.locator('#content a').all()) {
      expect(await link.getAttribute('href')).toMatch(/^(?:https?:|\/)/);
    }
    const foreign = page.locator('#content :is(script, iframe, img, svg[onload], [onerror], [onmouseover])');
    expect(await foreign.count()).toBe(0);
    await page.getByRole('tab', { name: 'Changes' }).click();
    await page.locator('.file .line.added').first().waitFor(PATIENCE);
    expect(await foreign.count()).toBe(0);
    expect(await barriers(page)).toEqual([]);
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(await page.locator('#content').innerText()).not.toMatch(/[\u001b\u202e]/);
    expect(faults).toEqual([]);
  });
});
