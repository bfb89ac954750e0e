import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import { Fault } from '@swe/domain';
import { asked } from './asked';

/**
 * The environment that a function runs with. Throws where it can't run, or its last update failed:
 * https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html. One that is `Inactive` wakes up when it is called.
 */
export async function readFunction(
  client: LambdaClient,
  FunctionName: string,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  const call = client.send(new GetFunctionConfigurationCommand({ FunctionName }), { abortSignal: signal });
  const found = await asked(
    call,
    `there is no function ${FunctionName}, deploy it: npx nx run-many -t deploy`,
  );
  const { State, StateReason, LastUpdateStatus, LastUpdateStatusReason, Environment } = found;
  if (State === 'Failed') throw unfit(FunctionName, 'cannot run', StateReason);
  if (LastUpdateStatus === 'Failed')
    throw unfit(FunctionName, 'could not be updated', LastUpdateStatusReason);
  return Environment?.Variables ?? {};
}

function unfit(name: string, what: string, reason = 'no reason given'): Fault {
  return new Fault('invalid', `function ${name} ${what} (${reason}): mend that, then deploy it again`);
}
