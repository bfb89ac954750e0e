import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CreateTagsCommand,
  DescribeImagesCommand,
  DescribeSnapshotsCommand,
  EC2Client,
  RegisterImageCommand,
} from '@aws-sdk/client-ec2';
import { DescribeParametersCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { openMoto, useEmulator } from '@swe/testing/servers';
import { clearImageParameters, clearImages } from './clear-images';

const emulator = useEmulator(openMoto);
const RECORD = 'arn:aws:imagebuilder:eu-west-1:111122223333:image/swe-main-worker-0123456789ab/1.0.0/1';

let ec2: EC2Client;
let ssm: SSMClient;
let imageBuilder: Server;
let asked: string[];
let status: number;
beforeEach(async () => {
  const options = {
    endpoint: emulator.endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  ec2 = new EC2Client(options);
  ssm = new SSMClient(options);
  [asked, status] = [[], 200];
  imageBuilder = createServer(({ method, url = '', headers }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://127.0.0.1');
    asked.push(`${method} ${pathname} ${searchParams.get('imageBuildVersionArn')}`);
    const isSigned = /Credential=test\/\d+\/eu-west-1\/imagebuilder\//.test(headers.authorization ?? '');
    response.writeHead(isSigned ? status : 403).end('{}');
  });
  await new Promise<void>((resolve) => imageBuilder.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  ec2.destroy();
  ssm.destroy();
  await new Promise((resolve) => imageBuilder.close(resolve));
});

const endpoint = () => `http://127.0.0.1:${(imageBuilder.address() as AddressInfo).port}`;

async function make(environment: string, tags: Readonly<Record<string, string>>): Promise<string> {
  const { ImageId = '' } = await ec2.send(new RegisterImageCommand({ Name: `worker of ${environment}` }));
  const Tags = Object.entries({ 'swe:image': environment, ...tags }).map(([Key, Value]) => ({ Key, Value }));
  await ec2.send(new CreateTagsCommand({ Resources: [ImageId], Tags }));
  return ImageId;
}

it('deletes the images of the environment with their snapshots and records, and no other', async () => {
  const ours = await make('main', { Ec2ImageBuilderArn: RECORD });
  const theirs = await make('canary', { Ec2ImageBuilderArn: `${RECORD}0` });
  const { Images = [] } = await ec2.send(new DescribeImagesCommand({ ImageIds: [ours] }));
  const snapshots = Images.flatMap(({ BlockDeviceMappings = [] }) =>
    BlockDeviceMappings.flatMap(({ Ebs }) => Ebs?.SnapshotId ?? []),
  );
  expect(snapshots).not.toEqual([]);
  expect(await clearImages(ec2, 'main', endpoint())).toEqual([ours]);
  expect(asked).toEqual([`DELETE /DeleteImage ${RECORD}`]);
  const { Images: left = [] } = await ec2.send(new DescribeImagesCommand({ Owners: ['self'] }));
  expect(left.map(({ ImageId }) => ImageId)).toEqual([theirs]);
  const { Snapshots = [] } = await ec2.send(new DescribeSnapshotsCommand({ OwnerIds: ['self'] }));
  expect(Snapshots.map(({ SnapshotId }) => SnapshotId)).not.toEqual(expect.arrayContaining(snapshots));
  expect(await clearImages(ec2, 'main', endpoint())).toEqual([]);
});

it('keeps an image whose record stays, so that the next try finds it', async () => {
  const ours = await make('stuck', { Ec2ImageBuilderArn: RECORD });
  status = 400;
  await expect(clearImages(ec2, 'stuck', endpoint())).rejects.toThrow('400');
  status = 200;
  expect(await clearImages(ec2, 'stuck', endpoint())).toEqual([ours]);
});

it('deletes what says which image is the newest', async () => {
  await clearImageParameters(ssm, 'main');
  const names = ['/imagebuilder/swe-main/worker-arm64', '/imagebuilder/swe-canary/worker-arm64'];
  for (const Name of names) await ssm.send(new PutParameterCommand({ Name, Value: 'ami-1', Type: 'String' }));
  await clearImageParameters(ssm, 'main');
  const { Parameters = [] } = await ssm.send(new DescribeParametersCommand({}));
  expect(Parameters.map(({ Name }) => Name)).toEqual([names[1]]);
});
