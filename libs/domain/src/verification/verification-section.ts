import type { Verification } from './verification-policy';

const START = '<!-- verification by the harness -->';
const END = '<!-- end of verification -->';
const SECTION = /\n*<!-- verification by the harness -->[\s\S]*?(?:<!-- end of verification -->\n*|$)/g;
/** The agent's own account, which anybody would take for ours. */
const SAME_HEADING = /^( {0,3}#{1,6}[ \t]+verification)[ \t:#]*$/gim;

/** A verification as its lines, the way people and models read it. */
export function verificationText({ gaps, ran, changes }: Verification): string {
  const list = (heading: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : [`${heading}\n${lines.map((line) => `- ${line}`).join('\n')}`];
  return [
    ...(gaps.length === 0 ? [] : [gaps.map((gap) => `**${gap}**`).join('\n')]),
    ...list('Checks that were run, each as it ended last:', ran),
    ...list('What this change does to tests and workflows:', changes),
  ].join('\n\n');
}

/**
 * A pull request's body with the harness's section at its end, instead of one that it has already. A section of the
 * agent's with the same heading stays, under a heading that tells whose it is; a comment or code block that the body
 * leaves open is closed, since the section would be hidden in it.
 */
export function withVerification(body: string, verification: Verification): string {
  const own = closed(withoutVerification(body))
    .replace(SAME_HEADING, (_whole, heading: string) => `${heading}, as the agent tells it`)
    .trimEnd();
  const section = [
    START,
    '## Verification',
    '*Written by the harness from what it recorded, not by the agent.*',
    verificationText(verification),
    END,
  ].join('\n\n');
  return `${own}\n\n${section}`;
}

export function withoutVerification(body: string): string {
  return body.replace(SECTION, () => '\n\n').trimEnd();
}

function closed(body: string): string {
  const isCommentOpen = body.lastIndexOf('<!--') > body.lastIndexOf('-->');
  const commented = isCommentOpen ? `${body}\n-->` : body;
  let fence = '';
  for (const line of commented.split('\n')) {
    const [, marks = '', info = ''] = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line) ?? [];
    if (marks === '') continue;
    if (fence === '') fence = marks.startsWith('`') && info.includes('`') ? '' : marks;
    else if (marks.startsWith(fence) && info.trim() === '') fence = '';
  }
  return fence === '' ? commented : `${commented}\n${fence}`;
}
