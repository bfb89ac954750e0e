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

/** The issue that a message is, when it is an issue's URL and nothing else; also as chats mark links: `<url|label>`. */
export function issueOfTask(text: string): IssueRef | undefined {
  const bare = text.trim();
  const [, marked = bare] = /^<([^<>|\s]+)(?:\|[^<>]*)?>$/.exec(bare) ?? [];
  return parseIssueUrl(marked);
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
