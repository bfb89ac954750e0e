/** https://docs.github.com/en/issues/tracking-your-work-with-issues/using-issues/linking-a-pull-request-to-an-issue */
const CLOSING = /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+#([1-9][0-9]{0,9})\b/gi;

/** The issues of the same repository that a pull request's text says it closes, each once, in order. */
export function closedIssues(body: string): readonly number[] {
  return [...new Set([...body.matchAll(CLOSING)].map(([, number]) => Number(number)))];
}
