import type { CountingJob } from './counting-job';

/** Jobs numbered from 1, so many of them at once. */
export async function runJobs(
  count: number,
  atOnce: number,
  steps: number,
  run: (job: CountingJob) => Promise<void>,
): Promise<void> {
  const line = Array.from({ length: count }, (_, i): CountingJob => ({ number: i + 1, steps }));
  const work = async (): Promise<void> => {
    for (let job = line.shift(); job !== undefined; job = line.shift()) await run(job);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}
