import type { IssueRef } from './issue-url';

/** A place in a repository that a URL names. */
export type RepositoryLink =
  /** Of an issue or a pull request. `comment` is the host's id of the comment that is pointed to. */
  | (IssueRef & { readonly kind: 'issue' | 'pull-request'; readonly comment?: string })
  /** `ref` is a branch, tag or commit without a slash in its name: where it ends is not told by the URL. */
  | {
      readonly kind: 'file';
      readonly repository: string;
      readonly ref: string;
      readonly path: string;
      readonly firstLine?: number;
      readonly lastLine?: number;
    };

const REPOSITORY = String.raw`(forge://[\w.-]+|https?://[\w.-]+(?::\d+)?/[\w.-]+/[\w.-]+)`;
/** https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/autolinked-references-and-urls */
const NUMBERED = String.raw`(issues|pulls?)/([1-9]\d{0,9})(?:/(?:files|commits|changes)(?:/[0-9a-f]{7,64})?)?`;
const FILE = String.raw`blob/([\w.-]+)/([^\s?#<>|"')\]]+)`;
/** A comment, of an issue or a review; or lines. What else may stand here means nothing to us. */
const FRAGMENT = String.raw`(?:\?[\w=&.%-]*)?(?:#(?:(?:issuecomment-|discussion_r|r|pullrequestreview-)(\d+)|L(\d+)(?:C\d+)?(?:-L?(\d+)(?:C\d+)?)?)?)?`;
/** Whatever surrounds it: Markdown, brackets, a full stop, or a language that puts no space between words. */
const MENTIONED = new RegExp(
  String.raw`(?<![A-Za-z0-9])${REPOSITORY}/(?:${NUMBERED}(?![A-Za-z0-9]|[-_./]+[A-Za-z0-9])|${FILE})${FRAGMENT}`,
  'g',
);

/** Every issue, pull request, comment and file that URLs in `text` point to, each once, in order of appearance. */
export function findRepositoryLinks(text: string): readonly RepositoryLink[] {
  const links = Array.from(text.matchAll(MENTIONED), linkOf);
  return [...new Map(links.map((link) => [JSON.stringify(link), link])).values()];
}

function linkOf(match: RegExpExecArray): RepositoryLink {
  const [, repository = '', page, number, ref, path = '', comment, first, last] = match;
  if (ref !== undefined) {
    return {
      kind: 'file',
      repository,
      ref,
      path: plainPath(path),
      ...(first !== undefined && { firstLine: Number(first) }),
      ...(last !== undefined && { lastLine: Number(last) }),
    };
  }
  return {
    kind: page === 'issues' ? 'issue' : 'pull-request',
    repository,
    number: Number(number),
    ...(comment !== undefined && { comment }),
  };
}

/** Without the marks that end a sentence, and as it is in the repository. */
function plainPath(path: string): string {
  const bare = path.replace(/[.,;:!*_`]+$/, '');
  try {
    return decodeURIComponent(bare);
  } catch {
    return bare;
  }
}
