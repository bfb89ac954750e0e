/** An issue by its repository's canonical URL (`forge://shop`, `https://github.com/owner/name`) and number. */
export interface IssueRef {
  readonly repository: string;
  readonly number: number;
}

const ISSUE = String.raw`(forge://[\w.-]+|https?://[\w.-]+(?::\d+)?/[\w.-]+/[\w.-]+)/issues/([1-9]\d{0,9})`;
const WHOLE = new RegExp(`^${ISSUE}/?(?:[?#].*)?$`);
/** Whatever surrounds it: Markdown, brackets, a full stop, or a language that puts no space between words. */
const MENTIONED = new RegExp(String.raw`(?<![A-Za-z0-9])${ISSUE}(?![A-Za-z0-9]|[-_./]+[A-Za-z0-9])`, 'g');

/** Reads `forge://<repo>/issues/<n>` or `https://<host>/<owner>/<repo>/issues/<n>`; undefined for anything else. */
export function parseIssueUrl(url: string): IssueRef | undefined {
  const match = WHOLE.exec(url);
  return match === null ? undefined : refOf(match);
}

/** "Please fix the issue at" and the like; in more words an issue may be no more than an example. */
const MAX_WORDS_BESIDE = 6;

/**
 * The issue that a message asks to be solved: the only one that it points to, with hardly a word beside. Also as chats
 * mark links: `<url|label>`.
 */
export function issueOfTask(text: string): IssueRef | undefined {
  const [issue, ...others] = findIssueUrls(text);
  const words = text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word) && !word.includes('://'));
  return others.length === 0 && words.length <= MAX_WORDS_BESIDE ? issue : undefined;
}

/** Every issue URL inside `text`, each once, in order of appearance. */
export function findIssueUrls(text: string): readonly IssueRef[] {
  const refs = Array.from(text.matchAll(MENTIONED), refOf);
  return [...new Map(refs.map((ref) => [issueUrl(ref), ref])).values()];
}

function refOf([, repository = '', number]: RegExpExecArray): IssueRef {
  return { repository, number: Number(number) };
}

export function issueUrl(ref: IssueRef): string {
  return `${ref.repository}/issues/${ref.number}`;
}
