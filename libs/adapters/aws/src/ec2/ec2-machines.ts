import {
  CreateTagsCommand,
  DescribeInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import type { EC2Client, Filter } from '@aws-sdk/client-ec2';
import { TAGS, tagsOf, toMachine } from './machine';
import type { Machine } from './machine';
import { regionOf } from '../region-of';
import { codeOf, toFault } from './to-fault';

export interface Ec2MachinesOptions {
  readonly client: EC2Client;
  readonly environment: string;
  /** Named in failures. */
  readonly launchTemplateName: string;
}

/** What one request lists: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html */
const BATCH = 1_000;

/** The instances with an environment's tag; others are neither seen nor touched. */
export class Ec2Machines {
  readonly #options: Ec2MachinesOptions;

  constructor(options: Ec2MachinesOptions) {
    this.#options = options;
  }

  ofSession(sessionId: string): Promise<readonly Machine[]> {
    return this.#find([{ Name: `tag:${TAGS.session}`, Values: [sessionId] }]);
  }

  /** A filter, because an unknown id would be an error. */
  async byId(instanceId: string): Promise<Machine | undefined> {
    const [machine] = await this.#find([{ Name: 'instance-id', Values: [instanceId] }]);
    return machine;
  }

  /** All but those that are gone. */
  living(): Promise<readonly Machine[]> {
    const states = ['pending', 'running', 'stopping', 'stopped', 'shutting-down'];
    return this.#find([{ Name: 'instance-state-name', Values: states }]);
  }

  async setGeneration({ instanceId, sessionId }: Machine, generation: number): Promise<void> {
    const Tags = tagsOf(this.#options.environment, sessionId, generation);
    const command = new CreateTagsCommand({ Resources: [instanceId], Tags });
    await this.call('CreateTags', (client) => client.send(command));
  }

  /** Throws EC2's own error when there is no room for it. */
  async start(instanceId: string): Promise<void> {
    await this.#options.client.send(new StartInstancesCommand({ InstanceIds: [instanceId] }));
  }

  /**
   * `force`: without waiting for its system, also when it hangs while it stops. What cannot be stopped is terminated: so
   * is what never came up, which EC2 refuses to stop (https://github.com/flatcar/mantle/pull/315) and has nothing to lose.
   */
  async stop({ instanceId, canStop, state }: Machine, force: boolean): Promise<void> {
    if (!canStop) return this.terminate([instanceId]);
    const command = new StopInstancesCommand({ InstanceIds: [instanceId], Force: force });
    try {
      await this.#options.client.send(command);
    } catch (error) {
      if (state === 'pending' && codeOf(error) === 'IncorrectInstanceState')
        return this.terminate([instanceId]);
      throw await this.faultOf('StopInstances', error);
    }
  }

  async terminate(instanceIds: readonly string[]): Promise<void> {
    const command = new TerminateInstancesCommand({ InstanceIds: [...instanceIds] });
    await this.call('TerminateInstances', (client) => client.send(command));
  }

  async call<T>(action: string, send: (client: EC2Client) => Promise<T>): Promise<T> {
    try {
      return await send(this.#options.client);
    } catch (error) {
      throw await this.faultOf(action, error);
    }
  }

  async faultOf(action: string, error: unknown): Promise<unknown> {
    const { client, launchTemplateName } = this.#options;
    return toFault(error, { action, region: await regionOf(client), launchTemplateName });
  }

  async #find(filters: readonly Filter[]): Promise<readonly Machine[]> {
    const Filters = [{ Name: `tag:${TAGS.environment}`, Values: [this.#options.environment] }, ...filters];
    const found: Machine[] = [];
    let NextToken: string | undefined;
    do {
      const command = new DescribeInstancesCommand({ Filters, MaxResults: BATCH, NextToken });
      const page = await this.call('DescribeInstances', (client) => client.send(command));
      const instances = (page.Reservations ?? []).flatMap(({ Instances = [] }) => Instances);
      found.push(...instances.flatMap((each) => toMachine(each) ?? []));
      // Also a page with nothing of what is looked for may be followed by others.
      NextToken = page.NextToken;
    } while (NextToken !== undefined && NextToken !== '');
    return found;
  }
}
