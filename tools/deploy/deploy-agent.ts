// Deploys the stack `Agent`: what was built is packed, put into the environment's bucket, and named to the stack.
import { S3Client } from '@aws-sdk/client-s3';
import { exitWith } from '../run-child.mjs';
import { agentArchive } from './agent-archive';
import { cdk } from './cdk';
import { readCore } from './core-outputs';
import { storeObject } from './store-object';

await exitWith(async () => {
  const { BucketName, Region, AgentArchitecture } = readCore();
  const archive = agentArchive(AgentArchitecture);
  const s3 = new S3Client({ region: Region });
  const isNew = await storeObject(s3, BucketName, archive);
  console.log(`${archive.key} ${isNew ? 'was put into' : 'is already in'} ${BucketName}`);
  await cdk('deploy', 'Agent', '--parameters', `AgentArchive=${archive.key}`);
  return 0;
});
