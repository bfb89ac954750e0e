// Deletes an environment with all that is in it: sessions, working copies, machines, images.
import { EC2Client } from '@aws-sdk/client-ec2';
import { S3Client } from '@aws-sdk/client-s3';
import { SSMClient } from '@aws-sdk/client-ssm';
import { exitWith } from '../run-child.mjs';
import { cdk } from './cdk';
import { emptyBucket, endMachines } from './clear-environment';
import { clearImageParameters, clearImages } from './clear-images';

await exitWith(async () => {
  const environment = process.env['SWE_ENV'] || 'main';
  const ec2 = new EC2Client({});
  const s3 = new S3Client({});
  const region = await ec2.config.region();
  // First who hears and who starts machines; what the ingress says where it is, the console's stack uses.
  await cdk('destroy', 'Console', '--force');
  await cdk('destroy', 'Ingress', 'WorkerManager', '--force');
  const ended = await endMachines(ec2, environment);
  console.log(`${ended.length} machines were ended`);
  const images = await clearImages(ec2, environment);
  await cdk('destroy', 'Agent', '--force');
  // What makes them is gone by now, and what was being made meanwhile is there.
  images.push(...(await clearImages(ec2, environment)));
  await clearImageParameters(new SSMClient({}), environment);
  console.log(`${images.length} images were deleted`);
  const bucket = await emptyBucket(s3, environment, region);
  console.log(bucket === undefined ? 'There is no bucket' : `${bucket} was emptied`);
  await cdk('destroy', 'Core', '--force');
  return 0;
});
