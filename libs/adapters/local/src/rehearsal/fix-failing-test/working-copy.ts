import { z } from 'zod';
import type { ScriptRun, ToolUse } from '../script';
import { must, Setback } from './setback';
import { linesOf } from './source-code';
import { readTestReport } from './test-report';
import type { TestReport } from './test-report';

const TEST_TIMEOUT_S = 300;

/** A cloned repository, and how to test it. */
export interface WorkingCopy {
  /** As `clone_repository` named it, relative to the workspace. */
  readonly directory: string;
  readonly testCommand: string;
}

export interface TestRun {
  readonly passed: boolean;
  readonly output: string;
  readonly report: TestReport;
}

/** Looks into a clone and decides how its tests are run. */
export function* lookAround(directory: string): ScriptRun<WorkingCopy> {
  const [listing, manifest] = yield {
    say: 'First I look around and read how the tests are run.',
    calls: [
      { name: 'list_files', input: { path: directory, depth: 3 } },
      { name: 'read_file', input: { path: `${directory}/package.json` } },
    ],
  };
  if (listing?.isError !== false) throw new Setback('Listing the files failed:', listing?.text);
  const hasTestScript =
    manifest?.isError === false && testScriptOf(linesOf(manifest.text).join('\n')) !== undefined;
  return { directory, testCommand: hasTestScript ? 'npm test' : 'node --test' };
}

/** Runs a script in the clone. Its folder is entered anew each time, so that nothing hangs on the last one. */
export function inClone({ directory }: Pick<WorkingCopy, 'directory'>, script: string): ToolUse {
  return { name: 'bash', input: { command: `(cd ${shellWord(directory)} && ${script})` } };
}

export function testsOf(copy: WorkingCopy): ToolUse {
  const { name, input } = inClone(copy, copy.testCommand);
  return { name, input: { ...input, timeoutSeconds: TEST_TIMEOUT_S } };
}

export function testRunOf({ text, isError }: { readonly text: string; readonly isError: boolean }): TestRun {
  return { passed: !isError, output: text, report: readTestReport(text) };
}

export function* readSource(path: string, say: string): ScriptRun<string> {
  const [content = ''] = yield* must(`Reading ${path} failed:`, say, { name: 'read_file', input: { path } });
  return linesOf(content).join('\n');
}

/** One word for a POSIX shell, whatever characters it holds. */
export function shellWord(value: string): string {
  return /^[\w./@%+=:,-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}

const MANIFEST = z.object({ scripts: z.object({ test: z.string().min(1) }) });

function testScriptOf(json: string): string | undefined {
  try {
    return MANIFEST.safeParse(JSON.parse(json)).data?.scripts.test;
  } catch {
    return undefined;
  }
}
