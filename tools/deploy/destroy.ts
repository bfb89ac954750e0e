// Deletes an environment with all that is in it: sessions, working copies, machines.
import { EC2Client } from '@aws-sdk/client-ec2';
import { S3Client } from '@aws-sdk/client-s3';
import { exitWith } from '../run-child.mjs';
import { cdk } from './cdk';
import { emptyBucket, endMachines } from './clear-environment';

await exitWith(async () => {
  const environment = process.env['SWE_ENV'] || 'main';
  const ec2 = new EC2Client({});
  const s3 = new S3Client({});
  const region = await ec2.config.region();
  // First who hears and who starts machines.
  await cdk('destroy', 'Ingress', 'WorkerManager', '--force');
  const ended = await endMachines(ec2, environment);
  console.log(`${ended.length} machines were ended`);
  await cdk('destroy', 'Agent', '--force');
  const bucket = await emptyBucket(s3, environment, region);
  console.log(bucket === undefined ? 'There is no bucket' : `${bucket} was emptied`);
  await cdk('destroy', 'Core', '--force');
  return 0;
});
