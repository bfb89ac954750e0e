import { Tags } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import { AgentStack } from './agent/agent-stack';
import { ConsoleStack } from './console/console-stack';
import { CoreStack } from './core/core-stack';
import { IngressStack } from './ingress/ingress-stack';
import { nameOf } from './names';
import type { Settings } from './settings';
import { WorkerManagerStack } from './worker-manager/worker-manager-stack';

export interface DeploymentOptions {
  readonly settings: Settings;
  /** The folder with a bundle for each app. */
  readonly bundles: string;
  readonly bootScript: string;
  readonly installScript: string;
}

/** The stacks of an environment, each named as its app. */
export function deployment(app: App, { settings, bundles, ...scripts }: DeploymentOptions) {
  const { environment } = settings;
  const named = (what: string) => ({ stackName: nameOf(environment, what), settings });
  const core = new CoreStack(app, 'Core', named('core'));
  const ingress = new IngressStack(app, 'Ingress', { ...named('ingress'), core, bundles });
  const console = new ConsoleStack(app, 'Console', { ...named('console'), url: ingress.url });
  const agent = new AgentStack(app, 'Agent', { ...named('agent'), core, ...scripts });
  const workerManager = new WorkerManagerStack(app, 'WorkerManager', {
    ...named('worker-manager'),
    core,
    bundles,
  });
  workerManager.addStackDependency(agent, 'it reads which template the machines have');
  Tags.of(app).add('swe:environment', environment);
  return { core, ingress, console, agent, workerManager };
}
