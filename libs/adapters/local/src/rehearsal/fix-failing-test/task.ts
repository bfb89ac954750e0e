import { findIssueUrls } from '@swe/domain';

/** What the script is to work on. */
export interface Task {
  readonly repository: string;
  readonly issueNumber: number | undefined;
  /** The issue's title. */
  readonly title: string | undefined;
}

const ISSUE = /^<issue repository="([^"\n]+)" number="(\d+)"[^>\n]*>\ntitle: (.*)$/m;
const REPOSITORY =
  /\bforge:\/\/[A-Za-z0-9._-]*[A-Za-z0-9]|\bhttps?:\/\/[^\s/]+\/[^\s/]+\/[^\s/<>"'`),;]*[A-Za-z0-9]/;

/** Reads the issue that the harness put into the message, else an issue's or a repository's URL among the words. */
export function taskOf(words: string): Task | undefined {
  const [, fenced, number, title] = ISSUE.exec(words) ?? [];
  if (fenced !== undefined) return { repository: fenced, issueNumber: Number(number), title };
  const [issue] = findIssueUrls(words);
  if (issue !== undefined)
    return { repository: issue.repository, issueNumber: issue.number, title: undefined };
  const repository = REPOSITORY.exec(words)?.[0];
  return repository === undefined ? undefined : { repository, issueNumber: undefined, title: undefined };
}
