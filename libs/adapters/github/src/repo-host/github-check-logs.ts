import { stripVTControlCharacters } from 'node:util';
import { Fault } from '@swe/domain';
import type { CheckAnnotation, CheckLogs } from '@swe/domain';
import { z } from 'zod';
import type { GithubClient, RepoApi } from '../github-client';
import { readTail } from './read-tail';

const LOG_REF = /^(job|check-run)\/(\d{1,20})$/;

const checkRun = z.object({
  output: z.object({ summary: z.string().nullish(), text: z.string().nullish() }),
});

/** https://docs.github.com/rest/checks/runs#list-check-run-annotations */
const annotation = z
  .object({
    path: z.string(),
    start_line: z.int(),
    annotation_level: z.string().nullish(),
    title: z.string().nullish(),
    message: z.string().nullish(),
  })
  .transform(({ path, start_line: line, annotation_level: level, title, message }): CheckAnnotation => ({
    path,
    line,
    level: level === 'failure' || level === 'warning' ? level : 'notice',
    message: [title, message].filter((words) => words).join(': '),
  }));

const PAGE = 100;

/** What an Actions job printed, or what another app's check says of itself; and what either says of lines. */
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

  async annotations(
    repository: string,
    annotationsRef: string,
    max: number,
  ): Promise<readonly CheckAnnotation[]> {
    const [, kind, id] = LOG_REF.exec(annotationsRef) ?? [];
    if (id === undefined || kind !== 'check-run') {
      throw new Fault('missing', `there are no annotations ${annotationsRef}`);
    }
    const { octokit, name } = this.#client.at(repository);
    let count = 0;
    const found = await octokit.paginate(
      'GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations',
      { ...name, check_run_id: Number(id), per_page: PAGE },
      ({ data }, done) => {
        count += data.length;
        if (count >= max) done();
        return data;
      },
    );
    return z.array(annotation).parse(found.slice(0, max));
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
