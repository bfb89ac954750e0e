import { deployedNames } from '@swe/config/deployment';
import { ingressConfig } from '@swe/config/ingress';
import { workerManagerConfig } from '@swe/config/worker-manager';
import { loadConfig } from '@swe/runtime';
import { Fault } from '@swe/domain';
import type { Deployment, ManagedMachines } from '@swe/wiring/deployment';
import { stackInOrder } from '@swe/adapter-aws/deployment';
import type { Stack } from '@swe/adapter-aws/deployment';
import type { z } from 'zod';

/**
 * What of an environment is deployed, found out step by step: what a later step goes by, an earlier one has read. A
 * function's variables are read by the schema that the function itself reads them by.
 */
export class Deployed {
  readonly names: ReturnType<typeof deployedNames>;
  readonly #deployment: () => Deployment;
  readonly #environment: string;
  readonly #region: () => string;
  readonly #stacks = new Map<string, Stack>();
  #ingress: z.infer<typeof ingressConfig> | undefined;
  #workerManager: z.infer<typeof workerManagerConfig> | undefined;
  #streamArn: string | undefined;

  constructor(deployment: () => Deployment, environment: string, region: () => string) {
    this.names = deployedNames(environment);
    this.#deployment = deployment;
    this.#environment = environment;
    this.#region = region;
  }

  async readStack(name: string, signal: AbortSignal): Promise<string> {
    const stack = await this.#deployment().stack(name, signal);
    const status = stackInOrder(name, stack);
    if (stack !== undefined) this.#stacks.set(name, stack);
    return `${name}: ${status}`;
  }

  async readIngress(signal: AbortSignal): Promise<string> {
    const { ingress: name } = this.names;
    const variables = await this.#deployment().variablesOf(name, signal);
    this.#ingress = loadConfig(ingressConfig, { AWS_REGION: this.#region(), ...variables });
    return `${name} is there, and configured`;
  }

  async readWorkerManager(signal: AbortSignal): Promise<string> {
    const { workerManager: name } = this.names;
    const variables = await this.#deployment().variablesOf(name, signal);
    this.#workerManager = loadConfig(workerManagerConfig, { AWS_REGION: this.#region(), ...variables });
    return `${name} is there, and configured`;
  }

  async readTable(signal: AbortSignal): Promise<string> {
    const { detail, streamArn } = await this.#deployment().table(this.workerManager.SWE_TABLE_NAME, signal);
    this.#streamArn = streamArn;
    return detail;
  }

  get ingress(): z.infer<typeof ingressConfig> {
    return known(this.#ingress);
  }

  get workerManager(): z.infer<typeof workerManagerConfig> {
    return known(this.#workerManager);
  }

  get streamArn(): string {
    return known(this.#streamArn);
  }

  get machines(): ManagedMachines {
    const config = this.workerManager;
    return {
      environment: this.#environment,
      template: { name: config.SWE_LAUNCH_TEMPLATE_NAME, version: config.SWE_LAUNCH_TEMPLATE_VERSION },
      instanceTypes: config.SWE_INSTANCE_TYPES,
      subnetIds: config.SWE_SUBNET_IDS,
      spot: config.SWE_SPOT === 'true',
      tableName: config.SWE_TABLE_NAME,
      bucketName: config.SWE_BUCKET_NAME,
    };
  }

  /** What the ingress's stack says of itself. */
  output(key: 'SlackBoltEndpointUrl' | 'GithubWebhookUrl'): string {
    const { ingress: name } = this.names.stacks;
    const value = this.#stacks.get(name)?.outputs[key];
    if (value !== undefined) return value;
    throw new Fault('missing', `stack ${name} has no output ${key}: deploy it again`);
  }
}

function known<T>(fact: T | undefined): T {
  if (fact === undefined) throw new Error('it is asked for before it was read');
  return fact;
}
