import { DeleteSnapshotCommand, DeregisterImageCommand, DescribeImagesCommand } from '@aws-sdk/client-ec2';
import type { EC2Client, Image } from '@aws-sdk/client-ec2';
import { DeleteParameterCommand, ParameterNotFound } from '@aws-sdk/client-ssm';
import type { SSMClient } from '@aws-sdk/client-ssm';
import { SignatureV4 } from '@smithy/signature-v4';

/** What Image Builder puts on what it makes: which of its records it is of. */
const RECORD = 'Ec2ImageBuilderArn';

const ARCHITECTURES = ['arm64', 'x86_64'];

/** Deletes the images that were made for an environment, their snapshots and records, and gives their ids. */
export async function clearImages(
  ec2: EC2Client,
  environment: string,
  imageBuilder?: string,
): Promise<string[]> {
  const Filters = [{ Name: 'tag:swe:image', Values: [environment] }];
  const { Images = [] } = await ec2.send(new DescribeImagesCommand({ Owners: ['self'], Filters }));
  for (const image of Images) {
    const record = image.Tags?.find(({ Key }) => Key === RECORD)?.Value;
    // First, since the image tells where it is.
    if (record !== undefined) await deleteRecord(ec2, record, imageBuilder);
    await ec2.send(new DeregisterImageCommand({ ImageId: image.ImageId }));
    for (const SnapshotId of snapshotsOf(image)) await ec2.send(new DeleteSnapshotCommand({ SnapshotId }));
  }
  return Images.flatMap(({ ImageId }) => ImageId ?? []);
}

/** Deletes what says which image is the newest; no stack has made it. */
export async function clearImageParameters(ssm: SSMClient, environment: string): Promise<void> {
  for (const architecture of ARCHITECTURES) {
    // As `infra/src/names.ts` has it.
    const Name = `/imagebuilder/swe-${environment}/worker-${architecture}`;
    try {
      await ssm.send(new DeleteParameterCommand({ Name }));
    } catch (error) {
      if (!(error instanceof ParameterNotFound)) throw error;
    }
  }
}

function snapshotsOf({ BlockDeviceMappings = [] }: Image): readonly string[] {
  return BlockDeviceMappings.flatMap(({ Ebs }) => Ebs?.SnapshotId ?? []);
}

/**
 * One call, for which the service's client is 17 packages:
 * https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_DeleteImage.html
 */
async function deleteRecord(
  { config }: EC2Client,
  imageBuildVersionArn: string,
  endpoint?: string,
): Promise<void> {
  const region = await config.region();
  const { credentials, sha256 } = config;
  const signer = new SignatureV4({ service: 'imagebuilder', region, credentials, sha256 });
  const url = new URL('/DeleteImage', endpoint ?? `https://imagebuilder.${region}.amazonaws.com`);
  const { protocol, hostname, host, pathname: path } = url;
  const query = { imageBuildVersionArn };
  const { headers } = await signer.sign({
    ...{ method: 'DELETE', protocol, hostname, path, query },
    headers: { host },
  });
  const { host: _, ...signed } = headers;
  url.searchParams.set('imageBuildVersionArn', imageBuildVersionArn);
  const response = await fetch(url, { method: 'DELETE', headers: signed });
  if (!response.ok) {
    throw new Error(
      `${imageBuildVersionArn} could not be deleted: ${response.status} ${await response.text()}`,
    );
  }
}
