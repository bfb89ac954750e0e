import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import type { S3Client } from '@aws-sdk/client-s3';
import { regionOf } from '../region-of';
import { toFault } from './to-fault';

/** The objects of a bucket below a prefix, by what follows the prefix: of small ones, and no more than a request lists. */
export async function readObjects(
  client: S3Client,
  bucketName: string,
  prefix: string,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const at = { Bucket: bucketName };
  const read = async (Key: string): Promise<[string, Uint8Array]> => {
    const { Body } = await client.send(new GetObjectCommand({ ...at, Key }));
    return [Key.slice(prefix.length), new Uint8Array((await Body?.transformToByteArray()) ?? [])];
  };
  try {
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ ...at, Prefix: prefix }));
    return new Map(await Promise.all(Contents.flatMap(({ Key }) => Key ?? []).map(read)));
  } catch (error) {
    throw toFault(error, { bucketName, region: await regionOf(client) });
  }
}
