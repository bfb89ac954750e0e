import { ListEventSourceMappingsCommand } from '@aws-sdk/client-lambda';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import { Fault } from '@swe/domain';
import { asked } from './asked';

export interface Wake {
  readonly functionName: string;
  /** The table's stream. */
  readonly streamArn: string;
}

const DEPLOY = 'deploy it again: npx nx run-many -t deploy';

/**
 * That a function is called with a stream's records: its mapping is enabled, and its last call went well.
 * https://docs.aws.amazon.com/lambda/latest/api/API_EventSourceMappingConfiguration.html
 */
export async function checkWake(
  client: LambdaClient,
  { functionName, streamArn }: Wake,
  signal: AbortSignal,
): Promise<string> {
  const command = new ListEventSourceMappingsCommand({ FunctionName: functionName });
  const { EventSourceMappings = [] } = await asked(client.send(command, { abortSignal: signal }), DEPLOY);
  const mapping = EventSourceMappings.find(({ EventSourceArn }) => EventSourceArn === streamArn);
  if (mapping === undefined) {
    throw new Fault('missing', `nothing calls ${functionName} for what is written into the table: ${DEPLOY}`);
  }
  const { UUID, State = 'unknown', StateTransitionReason: why, LastProcessingResult: last = 'OK' } = mapping;
  if (State === 'Disabled' || State === 'Disabling') {
    const enable = `aws lambda update-event-source-mapping --uuid ${UUID} --enabled`;
    throw new Fault(
      'invalid',
      `the mapping of the table's stream is ${State} (${why ?? 'no reason given'}): ${enable}`,
    );
  }
  if (last.startsWith('PROBLEM')) {
    throw new Fault(
      'invalid',
      `${functionName} fails on the table's stream (${last}): its log /swe/${functionName} says why`,
    );
  }
  return `${State}, last result: ${last}`;
}
