import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { nameOf } from '../names';

export interface ActionableAlarm {
  readonly environment: string;
  /** Of the alarm, and of the section of docs/operations.md that says what to do. */
  readonly name: string;
  /** What it tells, in a sentence. */
  readonly says: string;
  readonly metric: IMetric;
  /** From which value on; `below`: the value may not be less. */
  readonly threshold: number | { readonly below: number };
  /** In so many periods, of the last so many. */
  readonly periods?: readonly [reached: number, of: number];
  readonly topic: ITopic;
}

/** An alarm that somebody has to do something about: what, is in the section of its name. */
export function actionableAlarm(scope: Construct, id: string, options: ActionableAlarm): void {
  const { environment, name, says, metric, threshold, periods = [1, 1], topic } = options;
  const isBelow = typeof threshold !== 'number';
  new Alarm(scope, id, {
    alarmName: nameOf(environment, name),
    alarmDescription: `${says} What to do: docs/operations.md, ${name}.`,
    metric,
    threshold: isBelow ? threshold.below : threshold,
    datapointsToAlarm: periods[0],
    evaluationPeriods: periods[1],
    comparisonOperator: isBelow
      ? ComparisonOperator.LESS_THAN_THRESHOLD
      : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    // Nothing is logged where nothing happens, but what has to happen is missed.
    treatMissingData: isBelow ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
  }).addAlarmAction(new SnsAction(topic));
}
