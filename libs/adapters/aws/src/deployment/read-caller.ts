import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { STSClient } from '@aws-sdk/client-sts';
import { z } from 'zod';
import { asked } from './asked';

const caller = z.object({ Account: z.string(), Arn: z.string() });

/** As whom the credentials speak. Everybody may ask: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
export async function readCaller(client: STSClient, signal: AbortSignal) {
  const call = client.send(new GetCallerIdentityCommand({}), { abortSignal: signal });
  const { Account: account, Arn: arn } = caller.parse(await asked(call, 'check the credentials'));
  return { account, arn };
}
