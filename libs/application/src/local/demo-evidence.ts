import { textOf } from '@swe/domain';
import type { JournalEntry, JournalEntryOf, Outcome, PullRequest } from '@swe/domain';
import type { FreshTest } from './test-fresh-clone';
import { readTestCounts } from './test-counts';

/** One call of a tool as the journal has it; `order` grows with time. */
export interface ToolFact {
  readonly order: number;
  readonly text: string;
  readonly isError: boolean;
}

export interface TestFact extends ToolFact {
  readonly exitCode: number | null;
  readonly passed: boolean;
  readonly sawFailures: boolean;
  /** The runner itself printed its counts: it did run. */
  readonly counted: boolean;
}

/** What the agent did, by its journal. */
export interface AgentWork {
  readonly clones: readonly ToolFact[];
  readonly tests: readonly TestFact[];
  readonly edits: readonly ToolFact[];
  readonly commits: readonly ToolFact[];
  readonly requests: readonly ToolFact[];
}

/** What a demo left behind, in the journal and outside. */
export interface DemoEvidence {
  readonly repository: string;
  readonly issueNumber: number;
  readonly outcome: Outcome | undefined;
  readonly work: AgentWork;
  readonly branch: string;
  /** Commits of the branch and of its base; undefined for a branch that is not there. */
  readonly headSha: string | undefined;
  readonly baseSha: string | undefined;
  readonly pullRequest: PullRequest | undefined;
  /** Of a fresh clone of the pull request's branch. */
  readonly fresh: FreshTest | undefined;
}

const TEST_COMMAND = /(?:^|[\s;&|(])(?:npm (?:run )?test|npm t|node --test)(?![\w-])/;
const COMMIT_COMMAND = /\bgit\b[^\n]*\bcommit\b/;

/** Whether a shell command runs the tests: any command that holds the test command does. */
export function runsTests(command: string): boolean {
  return TEST_COMMAND.test(command);
}

export async function readAgentWork(entries: AsyncIterable<JournalEntry>): Promise<AgentWork> {
  const work = { clones: [], tests: [], edits: [], commits: [], requests: [] } as {
    -readonly [K in keyof AgentWork]: AgentWork[K][number][];
  };
  for await (const entry of entries) {
    if (entry.kind !== 'tool-finished') continue;
    const fact: ToolFact = { order: entry.seq, text: textOf(entry.content), isError: entry.isError };
    if (entry.name === 'clone_repository') work.clones.push(fact);
    if (entry.name === 'open_pull_request') work.requests.push(fact);
    if (entry.name === 'edit_file' || entry.name === 'write_file') work.edits.push(fact);
    const command = entry.ran?.command ?? '';
    if (COMMIT_COMMAND.test(command)) work.commits.push(fact);
    if (runsTests(command)) work.tests.push(testFact(fact, entry));
  }
  return work;
}

function testFact(fact: ToolFact, { ran }: JournalEntryOf<'tool-finished'>): TestFact {
  const { passed, failed } = readTestCounts(fact.text);
  const exitCode = ran?.exitCode ?? null;
  const sawFailures = (failed ?? 0) > 0;
  const counted = passed !== undefined || failed !== undefined;
  // `npm test | tail` ends with the exit code of tail: what the runner printed counts too.
  return { ...fact, exitCode, passed: exitCode === 0 && !sawFailures, sawFailures, counted };
}
