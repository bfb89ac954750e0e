// Deploys the stack `Console`: the page's files are put into the environment's bucket, and named to the stack.
import { S3Client } from '@aws-sdk/client-s3';
import { exitWith } from '../run-child.mjs';
import { cdk } from './cdk';
import { readCore } from './core-outputs';
import { pageFiles } from './page-files';
import { storeObject } from './store-object';

await exitWith(async () => {
  const { BucketName, Region } = readCore();
  const { prefix, objects } = await pageFiles();
  const s3 = new S3Client({ region: Region });
  const areNew = await Promise.all(objects.map((object) => storeObject(s3, BucketName, object)));
  console.log(
    `${prefix}: ${areNew.filter(Boolean).length} of ${objects.length} files were put into ${BucketName}`,
  );
  await cdk('deploy', 'Console', '--parameters', `ConsoleFiles=${prefix}`);
  return 0;
});
