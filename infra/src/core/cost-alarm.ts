import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

export interface CostAlarmOptions {
  readonly name: string;
  readonly environment: string;
  readonly monthUsd: number;
  readonly topic: Topic;
}

/**
 * Tells of a bill that is at four fifths of its limit, or will pass it. Only what bears the environment's tag counts,
 * once `swe:environment` is a cost allocation tag of the account:
 * https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/activating-tags.html
 */
export function costAlarm(scope: Construct, { name, environment, monthUsd, topic }: CostAlarmOptions): void {
  const subscribers = [{ subscriptionType: 'SNS', address: topic.topicArn }];
  const above = (notificationType: 'ACTUAL' | 'FORECASTED', threshold: number) => ({
    notification: { notificationType, comparisonOperator: 'GREATER_THAN', threshold },
    subscribers,
  });
  const budget = new CfnBudget(scope, 'Budget', {
    budget: {
      budgetName: name,
      budgetType: 'COST',
      timeUnit: 'MONTHLY',
      budgetLimit: { amount: monthUsd, unit: 'USD' },
      costFilters: { TagKeyValue: [`user:swe:environment$${environment}`] },
    },
    notificationsWithSubscribers: [above('ACTUAL', 80), above('FORECASTED', 100)],
  });
  // A notification is only accepted when the topic takes it.
  budget.node.addDependency(topic.node.findChild('Policy'));
}
