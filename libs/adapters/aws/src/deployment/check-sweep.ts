import { DescribeRuleCommand } from '@aws-sdk/client-eventbridge';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { Fault } from '@swe/domain';
import { asked } from './asked';

/** How often a rule calls. Throws where it is off: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeRule.html */
export async function checkSweep(
  client: EventBridgeClient,
  Name: string,
  signal: AbortSignal,
): Promise<string> {
  const call = client.send(new DescribeRuleCommand({ Name }), { abortSignal: signal });
  const missing = `there is no rule ${Name}, deploy it: npx nx run-many -t deploy`;
  const { State, ScheduleExpression = 'by events' } = await asked(call, missing);
  if (State !== 'DISABLED') return ScheduleExpression;
  throw new Fault('invalid', `rule ${Name} is off: aws events enable-rule --name ${Name}`);
}
