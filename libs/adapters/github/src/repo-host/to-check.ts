import type { Check } from '@swe/domain';
import { z } from 'zod';
import { githubId } from '../github-id';

/** https://docs.github.com/rest/checks/runs#get-a-check-run, as far as it is read. */
const checkRun = z.object({
  id: githubId,
  name: z.string(),
  status: z.string(),
  conclusion: z.string().nullish(),
  html_url: z.string().nullish(),
  details_url: z.string().nullish(),
  app: z.object({ slug: z.string().nullish() }).nullish(),
  output: z
    .object({
      title: z.string().nullish(),
      summary: z.string().nullish(),
      annotations_count: z.int().nullish(),
    })
    .nullish(),
});

/** https://docs.github.com/rest/commits/statuses#list-commit-statuses-for-a-reference */
const commitStatus = z.object({
  context: z.string(),
  state: z.string(),
  description: z.string().nullish(),
  target_url: z.string().nullish(),
});

interface Meaning {
  readonly state: Check['state'];
  /** Put before the summary where the state does not tell it all. */
  readonly words?: string;
}

/** https://docs.github.com/pull-requests/collaborating-with-pull-requests/collaborating-on-repositories-with-code-quality-features/about-status-checks#check-statuses-and-conclusions */
const CONCLUSIONS: Readonly<Record<string, Meaning>> = {
  success: { state: 'success' },
  failure: { state: 'failure' },
  neutral: { state: 'neutral' },
  skipped: { state: 'neutral', words: 'skipped' },
  cancelled: { state: 'cancelled' },
  stale: { state: 'cancelled', words: 'given up by GitHub: it took too long' },
  timed_out: { state: 'failure', words: 'timed out' },
  startup_failure: { state: 'failure', words: 'did not start' },
  action_required: { state: 'failure', words: 'somebody has to do something on its page first' },
};

const STATUSES: Readonly<Record<string, Meaning>> = {
  success: { state: 'success' },
  pending: { state: 'pending' },
  failure: { state: 'failure' },
  error: { state: 'failure', words: 'error' },
};

/** A check with what tells a later run of it from another app's check of that name. */
export interface NamedCheck {
  readonly check: Check;
  readonly identity: string;
}

export function fromCheckRun(data: unknown): NamedCheck {
  const { id, name, status, conclusion, html_url, details_url, app, output } = checkRun.parse(data);
  const { state, words }: Meaning =
    status === 'completed' ? meaningOf(CONCLUSIONS, conclusion ?? '') : { state: 'pending' };
  const url = html_url ?? details_url ?? undefined;
  const slug = app?.slug ?? '';
  return {
    identity: `${slug}/${name}`,
    check: {
      name,
      state,
      summary: summaryOf(words, output?.summary || output?.title),
      ...(url !== undefined && { url }),
      logRef: slug === ACTIONS ? `job/${jobOf(details_url) ?? id}` : `check-run/${id}`,
      ...((output?.annotations_count ?? 0) > 0 && { annotationsRef: `check-run/${id}` }),
    },
  };
}

export function fromCommitStatus(data: unknown): NamedCheck {
  const { context: name, state: given, description, target_url: url } = commitStatus.parse(data);
  const { state, words } = meaningOf(STATUSES, given);
  return {
    identity: `status/${name}`,
    check: { name, state, summary: summaryOf(words, description), ...(url && { url }) },
  };
}

/** What GitHub may say one day is not taken for a success. */
function meaningOf(meanings: Readonly<Record<string, Meaning>>, word: string): Meaning {
  return meanings[word] ?? { state: 'failure', words: word };
}

function summaryOf(words: string | undefined, given: string | null | undefined): string {
  return [words, given].filter((each) => each).join(': ');
}

const ACTIONS = 'github-actions';

/** The job whose log Actions keeps: `https://github.com/<owner>/<name>/actions/runs/<run>/job/<job>`. */
function jobOf(detailsUrl: string | null | undefined): string | undefined {
  return /\/actions\/runs\/\d+\/job\/(\d+)$/.exec(detailsUrl ?? '')?.[1];
}
