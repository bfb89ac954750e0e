import type { Shadow } from './shadow';
import { linesIn } from '../git';

const ANSWER_TIMEOUT_MS = 20_000;
const MAX_TIPS = 256;

/**
 * Commits that `source` has and a restorer can fetch by name, so that a snapshot need not hold them. The source says
 * so itself (https://git-scm.com/docs/git-fetch#Documentation/git-fetch.txt---negotiate-only); a server that does not
 * know that question is asked for its refs. None when it does not answer: the snapshot is then a full one.
 */
export async function fetchableBase(
  shadow: Shadow,
  source: string,
  tips: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  if (tips.length === 0) return [];
  const call = { signal, timeoutMs: ANSWER_TIMEOUT_MS };
  const negotiation = tips.slice(0, MAX_TIPS).map((tip) => `--negotiation-tip=${tip}`);
  const common = await shadow.attempt(['fetch', '--negotiate-only', ...negotiation, '--', source], call);
  if (common.exitCode === 0) return linesIn(common.stdout);
  const refs = await shadow.attempt(['ls-remote', '--', source], call);
  if (refs.exitCode !== 0) return [];
  return shadow.present(
    linesIn(refs.stdout).map((line) => line.split('\t', 1)[0]!),
    signal,
  );
}
