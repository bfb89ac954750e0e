// Deploys the stack `Agent`: what was built is packed, put into the environment's bucket, and named to the stack.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { repositoryRoot } from '../ensure-installed.mjs';
import { exitWith } from '../run-child.mjs';
import { agentArchive } from './agent-archive';
import type { Architecture } from './agent-archive';
import { cdk } from './cdk';
import { storeArchive } from './store-archive';

/** What the deployment of `Core` said. */
interface CoreOutputs {
  readonly BucketName: string;
  readonly Region: string;
  readonly AgentArchitecture: Architecture;
}

function readCore(): CoreOutputs {
  const outputs = JSON.parse(readFileSync(join(repositoryRoot, 'dist/infra/core.json'), 'utf8')) as Readonly<
    Record<string, CoreOutputs>
  >;
  const [core] = Object.values(outputs);
  if (core === undefined) throw new Error('Core said nothing of its deployment');
  return core;
}

await exitWith(async () => {
  const { BucketName, Region, AgentArchitecture } = readCore();
  const archive = agentArchive(AgentArchitecture);
  const s3 = new S3Client({ region: Region });
  const isNew = await storeArchive(s3, BucketName, archive);
  console.log(`${archive.key} ${isNew ? 'was put into' : 'is already in'} ${BucketName}`);
  await cdk('deploy', 'Agent', '--parameters', `AgentArchive=${archive.key}`);
  return 0;
});
