/** An issue by its repository's canonical URL (`forge://shop`, `https://github.com/owner/name`) and number. */
export interface IssueRef {
  readonly repository: string;
  readonly number: number;
}

const ISSUE_URL =
  /^(forge:\/\/[A-Za-z0-9._-]+|https?:\/\/[^\s/]+\/[^\s/]+\/[^\s/]+)\/issues\/([1-9][0-9]{0,9})\/?$/;
const CANDIDATE = /(?:forge|https?):\/\/[^\s<>"'`)\]]+/g;

/** Reads `forge://<repo>/issues/<n>` or `https://<host>/<owner>/<repo>/issues/<n>`; undefined for anything else. */
export function parseIssueUrl(url: string): IssueRef | undefined {
  const match = ISSUE_URL.exec(url.replace(/[#?].*$/, ''));
  const [, repository, number] = match ?? [];
  if (repository === undefined || number === undefined) return undefined;
  return { repository, number: Number(number) };
}

/** Every issue URL inside `text`, each once, in order of appearance. */
export function findIssueUrls(text: string): readonly IssueRef[] {
  const found = new Map<string, IssueRef>();
  for (const [candidate] of text.matchAll(CANDIDATE)) {
    const ref = parseIssueUrl(candidate.replace(/[.,;:!?]+$/, ''));
    if (ref !== undefined) found.set(issueUrl(ref), ref);
  }
  return [...found.values()];
}

export function issueUrl(ref: IssueRef): string {
  return `${ref.repository}/issues/${ref.number}`;
}
