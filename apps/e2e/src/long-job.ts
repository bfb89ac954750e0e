import { lastResults, wordsOfUser } from '@swe/testing/servers';
import type { LoopbackAnswer, LoopbackRefusal } from '@swe/testing/servers';
import { isAlive } from './is-alive';
import { bash, call, found } from './scripted-model';
import type { Conversation, ModelScript } from './scripted-model';

/** A library whose one number is wrong, with a table to fill in. */
export const FARES = {
  'package.json': '{ "name": "fares", "type": "module", "scripts": { "test": "node --test" } }\n',
  'src/fare.js': 'export function fareOf(km) {\n  return km * 3 + 2;\n}\n',
  'test/fare.test.js': [
    "import assert from 'node:assert/strict';",
    "import { test } from 'node:test';",
    "import { fareOf } from '../src/fare.js';",
    '',
    "test('fareOf charges four for a kilometre and two to start', () => {",
    '  assert.equal(fareOf(5), 22);',
    '});',
    '',
  ].join('\n'),
  'README.md': '# Fares\n\n| km | fare |\n| -- | ---- |\n\nEnd of the table.\n',
};

export const FLOOD_BYTES = 50 * 1024 * 1024;
const FLOOD_LINE = 'a line of the flood, as long as lines of logs are, number ';
export const TABLE_ROWS = 18;
export const WORDS_MEANWHILE = 'Please thank Ada in the README, too.';
/** How many cheap steps the model takes at most until what was typed has arrived. */
const PATIENCE_STEPS = 100;
const DOT =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** An HTTP server that says its port, what it is asked for and what it hears on its standard input. */
const DEV_SERVER = `
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { fareOf } from './fares/src/fare.js';
const server = createServer((request, response) => {
  console.log('asked for ' + request.url);
  response.end('the fare is ' + fareOf(5));
});
server.listen(0, '127.0.0.1', () => console.log('pid ' + process.pid + ', port ' + server.address().port));
createInterface({ input: process.stdin }).on('line', (line) => console.log('heard ' + line));
`;

export const THROTTLED: LoopbackRefusal = {
  status: 429,
  error: { type: 'rate_limit_error', message: 'too many requests at once' },
  headers: { 'retry-after': '1' },
};

/** Two calls of which the second breaks off: the first one is whole, and yet neither may run. */
export const CUT: LoopbackAnswer = {
  say: 'I write two notes.',
  calls: [
    call('write_file', { path: 'half-1.txt', content: 'whole, but of an answer that never was' }),
    call('write_file', { path: 'half-2.txt', content: 'the middle of this is where the stream ends' }),
  ],
  ending: 'cut',
};

/** What the model was told at the points that matter. */
export interface LongJobLog {
  reads?: readonly string[];
  firstTest?: string;
  flood?: string;
  spooled?: string;
  hanging?: { readonly result: string; readonly alive: readonly number[] };
  started?: string;
  fetched?: string;
  askedFor?: string;
  heard?: string;
  malformed?: string;
  afterImage?: Conversation;
  meanwhile?: Conversation;
  halves?: string;
  lastTest?: string;
  killed?: { readonly result: string; readonly alive: boolean };
  running?: string;
}

/**
 * A job with everything in it that a day's work has: reads in parallel, a flood of output, a command that hangs, a
 * server in the background, a call that is no JSON, a picture, a word from the person (`type` says it), a throttled
 * call and a broken stream. Writes what it saw into `log`.
 */
export function longJob(log: LongJobLog, type: (line: string) => void): ModelScript {
  return function* (first) {
    const repository = found(/(forge:\/\/\S+)/, wordsOfUser(first)[0]);
    yield { say: 'I bring it in.', calls: [call('clone_repository', { repository })] };
    log.reads = lastResults(
      yield {
        say: 'I look around.',
        calls: [
          call('list_files', { path: 'fares' }),
          call('read_file', { path: 'fares/src/fare.js' }),
          call('read_file', { path: 'fares/test/fare.test.js' }),
          call('search', { pattern: 'fareOf', path: 'fares/src' }),
        ],
      },
    );
    log.firstTest = last(yield { calls: [bash('cd fares && npm test')] });
    yield THROTTLED;

    log.flood = last(yield { calls: [bash(`cd .. && node -e '${floodProgram()}'`)] });
    const spool = found(/all of it is in (\S+\.log)/, log.flood);
    log.spooled = last(
      yield { calls: [call('read_file', { path: spool, startLine: 400_000, lineCount: 2 })] },
    );

    const hang = 'sleep 1000 & sleep 1000 & echo "tree: $$ $! $(jobs -p)"; echo "in: $PWD"; wait';
    const hung = last(yield { calls: [bash(hang, { timeoutSeconds: 1 })] });
    const tree = found(/tree: ([\d\s]+\d)/, hung)
      .split(/\s+/)
      .map(Number);
    const folder = found(/in: (\S+)/, hung);
    log.hanging = { result: hung, alive: tree.filter((pid) => isAlive(pid, folder)) };

    yield { calls: [call('write_file', { path: 'dev-server.mjs', content: DEV_SERVER })] };
    yield { calls: [bash('node dev-server.mjs', { background: true })] };
    const read = call('process_output', { handle: 'p1', waitSeconds: 30 });
    log.started = last(yield { calls: [read] });
    const port = found(/port (\d+)/, log.started);
    const serverPid = Number(found(/pid (\d+)/, log.started));
    const query = `fetch("http://127.0.0.1:${port}/fare").then((r) => r.text()).then(console.log)`;
    log.fetched = last(yield { calls: [bash(`node -e '${query}'`)] });
    log.askedFor = last(yield { calls: [read] });
    yield { calls: [call('process_input', { handle: 'p1', text: 'reload\n' })] };
    log.heard = last(yield { calls: [read] });

    const pieces = ['{"path": "fares/README.md", ', '"startLine": one}'];
    log.malformed = last(yield { calls: [{ name: 'read_file', pieces }] });
    yield { calls: [call('read_file', { path: 'fares/README.md', startLine: 1 })] };

    yield { calls: [bash(`echo ${DOT} | base64 -d > dot.png`)] };
    log.afterImage = yield { calls: [call('view_file', { path: 'dot.png' })] };

    type(WORDS_MEANWHILE);
    for (let steps = 0; steps < PATIENCE_STEPS; steps += 1) {
      const now: Conversation = yield { calls: [call('process_output', { handle: 'p1', waitSeconds: 1 })] };
      if (!wordsOfUser(now).includes(WORDS_MEANWHILE)) continue;
      log.meanwhile = now;
      break;
    }
    const thanks = { oldText: 'End of the table.', newText: 'End of the table.\n\nThanks to Ada.' };
    yield { calls: [call('edit_file', { path: 'fares/README.md', edits: [thanks] })] };

    yield CUT;
    log.halves = last(yield { calls: [bash('ls half-*')] });

    const fix = { oldText: 'km * 3', newText: 'km * 4' };
    yield { calls: [call('edit_file', { path: 'fares/src/fare.js', edits: [fix] })] };
    log.lastTest = last(yield { calls: [bash('cd fares && npm test')] });
    for (let km = 1; km <= TABLE_ROWS; km += 1) {
      const row = { oldText: '\n\nEnd of', newText: `\n| ${km} | ${km * 4 + 2} |\n\nEnd of` };
      const edit = call('edit_file', { path: 'fares/README.md', edits: [row] });
      yield {
        calls: [edit, call('read_file', { path: 'fares/README.md', startLine: 4 + km, lineCount: 1 })],
      };
    }
    yield { calls: [bash('git add --all && git commit --quiet --message="Charge four for a kilometre"')] };

    const killed = last(yield { calls: [call('process_kill', { handle: 'p1' })] });
    log.killed = { result: killed, alive: isAlive(serverPid, folder) };
    log.running = last(yield { calls: [bash('git status --short')] });
    const request = { directory: 'fares', title: 'Charge four for a kilometre', body: 'Tested by npm test.' };
    yield { calls: [call('open_pull_request', request)] };
    yield { say: 'The fare is right again.' };
  };
}

function last(conversation: Conversation): string {
  return lastResults(conversation).at(-1) ?? '';
}

/** Prints numbered lines, `FLOOD_BYTES` or a little more of them. */
function floodProgram(): string {
  return [
    'let out = "", bytes = 0;',
    `for (let n = 1; bytes < ${FLOOD_BYTES}; n += 1) {`,
    `  const line = "${FLOOD_LINE}" + n + "\\n";`,
    '  bytes += line.length; out += line;',
    '}',
    'process.stdout.write(out);',
  ].join(' ');
}
