import { describe, expect, it } from '@jest/globals';
import { SAFE_IMAGE_LIMITS } from '@swe/domain';
import type { JsonObject, RunResult, RunSpec } from '@swe/domain';
import { MemoryImage, MemoryWorkspace } from '@swe/testing/memory';
import type { Tool, ToolContext } from '../agent/tool';
import { backgroundProcesses } from './background-processes';
import { bash } from './bash';
import { editFile } from './edit-file';
import { listFiles } from './list-files';
import { readFile } from './read-file';
import { search } from './search';
import { viewFile } from './view-file';
import { writeFile } from './write-file';

const context = { callId: 'call-1-1', signal: new AbortController().signal } as ToolContext;
const output = { head: '', tail: '', omittedBytes: 0, totalBytes: 0, spoolPath: '', spooledBytes: 0 };

/** `cd X` ends in X. */
async function run({ command, cwd }: RunSpec): Promise<RunResult> {
  const [, target = cwd] = ('script' in command && /^cd (.*)/.exec(command.script)) || [];
  return { end: 'exited', exitCode: 0, signal: null, output, cwd: target, leftovers: 0, durationMs: 1 };
}

function openTools() {
  const workspace = new MemoryWorkspace();
  workspace.put('/workspace/shop/a.ts', 'one');
  workspace.put('/workspace/shop/empty', '');
  workspace.put('/workspace/shop/a.txt', 'words');
  const nothing = () => Promise.reject(new Error('nothing runs in the background here'));
  const background = backgroundProcesses({ start: nothing, output: nothing, input: nothing, kill: nothing });
  const tools: readonly Tool[] = [
    bash({ run, spoolDirectory: '.swe/output' }, background, workspace),
    readFile(workspace),
    writeFile(workspace),
    editFile(workspace),
    listFiles(workspace),
    search({ run }, workspace, '/rg'),
    viewFile(workspace, new MemoryImage(), { imageLimits: SAFE_IMAGE_LIMITS }),
  ];
  return async (name: string, input: JsonObject) => {
    const { touched } = await tools.find(({ spec }) => spec.name === name)!.call(input, context);
    return touched;
  };
}

describe('what a tool touched', () => {
  it.each<[string, JsonObject, readonly string[]]>([
    ['bash', { command: 'true' }, ['/workspace']],
    ['bash', { command: 'cd /workspace/shop' }, ['/workspace', '/workspace/shop']],
    ['read_file', { path: 'shop/a.ts' }, ['shop/a.ts']],
    ['read_file', { path: 'shop/empty' }, ['shop/empty']],
    ['write_file', { path: 'shop/b.ts', content: '' }, ['shop/b.ts']],
    ['edit_file', { path: 'shop/a.ts', edits: [{ oldText: 'one', newText: 'two' }] }, ['shop/a.ts']],
    ['list_files', {}, ['.']],
    ['list_files', { path: 'shop' }, ['shop']],
    ['search', { pattern: 'x', path: 'shop' }, ['shop']],
    ['view_file', { path: 'shop/a.txt' }, ['shop/a.txt']],
  ])('%s %j', async (name, input, touched) => expect(await openTools()(name, input)).toEqual(touched));

  it.each<[string, JsonObject]>([
    ['read_file', { path: 'shop/none' }],
    ['edit_file', { path: 'shop/a.ts', edits: [{ oldText: 'x', newText: 'y' }] }],
    ['list_files', { path: 'none' }],
  ])('is nothing where %s %j failed', async (name, input) =>
    expect(await openTools()(name, input)).toBeUndefined(),
  );
});
