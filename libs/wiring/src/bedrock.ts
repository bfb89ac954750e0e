import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { BedrockLanguageModel } from '@swe/adapter-aws/bedrock';
import type { BedrockOptions } from '@swe/adapter-aws/bedrock';
import type { LanguageModel } from '@swe/domain';
import type { AwsAccess } from './aws-client';

const CONNECT_MS = 10_000;

/**
 * A model on Bedrock in a region, at the endpoint that `AWS_ENDPOINT_URL_BEDROCK_RUNTIME` names or the region's own. The handler keeps its connections; the SDK's default
 * one doesn't.
 */
export function openBedrock({ region, credentials }: AwsAccess, options: BedrockOptions): LanguageModel {
  const client = new BedrockRuntimeClient({
    region,
    ...(credentials && { credentials }),
    // The agent has patience of its own, journalled.
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({ connectionTimeout: CONNECT_MS }),
  });
  return new BedrockLanguageModel(client, options);
}
