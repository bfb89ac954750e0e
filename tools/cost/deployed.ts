/** What is deployed, as far as it costs something while nobody works, and what a machine has. */
export interface Deployed {
  readonly alarms: number;
  readonly dashboards: number;
  readonly imagePipelines: number;
  readonly metrics: number;
  readonly diskGigabytes: number;
  readonly managerMegabytes: number;
}

/** Reads it from the snapshot that the tests of `infra` hold the templates to. */
export function readDeployed(snapshot: string): Deployed {
  const count = (type: string): number => snapshot.split(`"Type": "${type}",`).length - 1;
  const number = (property: string, among = snapshot): number => {
    const found = new RegExp(`"${property}": (\\d+)`).exec(among)?.[1];
    if (found === undefined) throw new Error(`No template has ${property}`);
    return Number(found);
  };
  const manager = snapshot.slice(snapshot.indexOf('exports[`WorkerManager is as it was'));
  return {
    alarms: count('AWS::CloudWatch::Alarm'),
    dashboards: count('AWS::CloudWatch::Dashboard'),
    imagePipelines: count('AWS::ImageBuilder::ImagePipeline'),
    metrics: count('AWS::Logs::MetricFilter'),
    diskGigabytes: number('VolumeSize'),
    managerMegabytes: number('MemorySize', manager),
  };
}
