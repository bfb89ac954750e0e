import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { followedEvent, sessionResource } from '@swe/domain/api';
import type { FollowedEvent } from '@swe/domain/api';
import { openLoopbackAnthropic } from '@swe/testing/servers';
import type { LoopbackServer } from '@swe/testing/servers';
import { openApiTwin } from './api-twin';
import type { ApiTwin } from './api-twin';
import { bash, played } from './scripted-model';
import type { ModelScript } from './scripted-model';

/** It runs a command that goes on until a file is there, and gets stuck in the middle of its answer. */
const script: ModelScript = function* () {
  const command = 'echo the first line; until [ -e go ]; do sleep 0.1; done; echo the last line';
  yield { say: 'I run it.', calls: [bash(command)] };
  yield { say: 'What it printed is', ending: 'hang' };
};

let model: LoopbackServer;
let twin: ApiTwin;
beforeEach(async () => {
  model = await openLoopbackAnthropic(played(script));
  twin = await openApiTwin({
    SWE_MODEL: 'anthropic/claude-sonnet-5-5',
    ANTHROPIC_BASE_URL: model.url,
    ANTHROPIC_API_KEY: 'sk-ant-loopback',
  });
});
afterEach(async () => {
  await twin.close();
  await model.close();
});

async function* followed(token: string, id: string): AsyncGenerator<FollowedEvent> {
  const { body } = await twin.call(token, `/sessions/${id}/events?detail=live`);
  let text = '';
  for await (const part of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const frames = `${text}${part}`.split('\n\n');
    text = frames.pop() ?? '';
    for (const frame of frames) {
      const data = /^data: (.*)$/m.exec(frame)?.[1];
      if (data !== undefined) yield followedEvent.parse(JSON.parse(data));
    }
  }
}

it('a command’s output is seen while it runs, and an answer while it is written', async () => {
  const token = await twin.makeKey('run');
  const made = await twin.post(token, '/sessions', { task: 'Run it.' });
  const { id } = sessionResource.parse(await made.json());
  const seen: string[] = [];
  for await (const event of followed(token, id)) {
    if (event.type !== 'live') {
      if (event.type === 'tool.finished') seen.push(`done: ${event.output?.text.split('\n', 2).join()}`);
      continue;
    }
    const [printed] = event.running;
    if (printed !== undefined && seen.length === 0) {
      seen.push(`prints: ${printed.output}`);
      writeFileSync(join(twin.machine.folder, 'swe', 'sessions', id, 'workspace', 'go'), '');
    }
    if (event.step?.text.endsWith('is') === true) {
      seen.push(`says: ${event.step.text}`);
      break;
    }
  }
  expect(seen).toEqual([
    expect.stringMatching(/^prints: the first line\n/),
    'done: the first line,the last line',
    'says: What it printed is',
  ]);
});
