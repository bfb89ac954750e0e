import { stripVTControlCharacters } from 'node:util';
import { Fault } from '@swe/domain';
import type { CheckLogs } from '@swe/domain';
import { z } from 'zod';
import type { GithubClient, RepoApi } from '../github-client';
import { readTail } from './read-tail';

const LOG_REF = /^(job|check-run)\/(\d{1,20})$/;

const checkRun = z.object({
  output: z.object({ summary: z.string().nullish(), text: z.string().nullish() }),
});

/** What an Actions job printed, or what another app's check says of itself. */
export class GithubCheckLogs implements CheckLogs {
  readonly #client: GithubClient;

  constructor(client: GithubClient) {
    this.#client = client;
  }

  async log(repository: string, logRef: string, maxBytes: number): Promise<string> {
    const [, kind, id] = LOG_REF.exec(logRef) ?? [];
    if (id === undefined) throw new Fault('missing', `there is no log ${logRef}`);
    const api = this.#client.at(repository);
    const bytes = kind === 'job' ? await jobLog(api, Number(id)) : await outputOf(api, Number(id));
    return stripVTControlCharacters(await readTail(bytes, maxBytes));
  }
}

/** https://docs.github.com/rest/actions/workflow-jobs#download-job-logs-for-a-workflow-run */
async function jobLog({ octokit, name }: RepoApi, id: number): Promise<AsyncIterable<Uint8Array>> {
  const { data } = await octokit.request('GET /repos/{owner}/{repo}/actions/jobs/{job_id}/logs', {
    ...name,
    job_id: id,
    request: { parseSuccessResponseBody: false },
  });
  return z.instanceof(ReadableStream<Uint8Array>).parse(data);
}

/** https://docs.github.com/rest/checks/runs#get-a-check-run */
async function outputOf({ octokit, name }: RepoApi, id: number): Promise<AsyncIterable<Uint8Array>> {
  const of = { ...name, check_run_id: id };
  const { data } = await octokit.request('GET /repos/{owner}/{repo}/check-runs/{check_run_id}', of);
  const { text, summary } = checkRun.parse(data).output;
  if (!text && !summary) throw new Fault('missing', 'the check says nothing of itself');
  return ReadableStream.from([Buffer.from(text || (summary ?? ''))]);
}
