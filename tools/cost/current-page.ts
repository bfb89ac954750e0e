import { readFileSync } from 'node:fs';
import { readDeployed } from './deployed';
import { costPage } from './page';

const ROOT = new URL('../../', import.meta.url);

export const PAGE = new URL('docs/cost.md', ROOT);

interface Measured {
  readonly policies: readonly { readonly policy: string; readonly readShare: number }[];
}

/** The page as it follows from what is deployed and measured now. */
export function currentPage(): string {
  const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');
  const { policies } = JSON.parse(read('docs/performance.json')) as Measured;
  const cachedShare = policies.find(({ policy }) => policy === 'compaction')?.readShare;
  if (cachedShare === undefined) throw new Error('docs/performance.json has no share of the cache');
  const deployed = readDeployed(read('infra/test/__snapshots__/templates.spec.ts.snap'));
  return costPage({ deployed, cachedShare });
}
