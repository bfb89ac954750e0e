import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../ensure-installed.mjs';
import type { Architecture } from './agent-archive';

/** What the deployment of `Core` said. */
export interface CoreOutputs {
  readonly BucketName: string;
  readonly Region: string;
  readonly AgentArchitecture: Architecture;
}

export function readCore(): CoreOutputs {
  const outputs = JSON.parse(readFileSync(join(repositoryRoot, 'dist/infra/core.json'), 'utf8')) as Readonly<
    Record<string, CoreOutputs>
  >;
  const [core] = Object.values(outputs);
  if (core === undefined) throw new Error('Core said nothing of its deployment');
  return core;
}
