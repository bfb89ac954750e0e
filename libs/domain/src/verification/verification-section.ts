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
 * A pull request's body with the harness's section before it, instead of one that it has already: Markdown and HTML
 * hide what stands behind something that is left open (https://spec.commonmark.org/0.31.2/#html-blocks, `<details>`),
 * never what stands before. A rule keeps what the agent says from reading on as the harness's. A section of the agent's
 * with the same heading stays, under a heading that tells whose it is.
 */
export function withVerification(body: string, verification: Verification): string {
  const own = withoutVerification(body).replace(
    SAME_HEADING,
    (_whole, heading: string) => `${heading}, as the agent tells it`,
  );
  const section = [
    START,
    '## Verification',
    '*Written by the harness from what it recorded, not by the agent.*',
    verificationText(verification),
    '---',
    END,
  ];
  return [...section, own].join('\n\n').trimEnd();
}

export function withoutVerification(body: string): string {
  return body
    .replace(SECTION, () => '\n\n')
    .replace(/^\s*\n/, '')
    .trimEnd();
}
