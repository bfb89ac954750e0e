import { EC2Client } from '@aws-sdk/client-ec2';
import { Ec2Compute } from './ec2-compute';
import type { Ec2ComputeOptions } from './ec2-compute';
import { NO_WORKER, withClaim, withGrave } from '../worker-register';
import type { WorkerClaim, WorkerEntry, WorkerRegister } from '../worker-register';

/** A register of the process itself. */
export class MemoryWorkerRegister implements WorkerRegister {
  readonly #entries = new Map<string, WorkerEntry>();

  async read(sessionId: string): Promise<WorkerEntry> {
    return this.#entries.get(sessionId) ?? NO_WORKER;
  }

  async enter(sessionId: string, claim: WorkerClaim): Promise<WorkerEntry> {
    return this.#keep(sessionId, withClaim(await this.read(sessionId), claim));
  }

  async bury(sessionId: string, generation: number): Promise<WorkerEntry> {
    return this.#keep(sessionId, withGrave(await this.read(sessionId), generation));
  }

  #keep(sessionId: string, entry: WorkerEntry): WorkerEntry {
    this.#entries.set(sessionId, entry);
    return entry;
  }
}

export function ec2ClientOf(endpoint: string): EC2Client {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return new EC2Client({ endpoint, region: 'eu-west-1', credentials, maxAttempts: 1 });
}

export const TEMPLATE = { name: 'swe-test-worker', version: '3' };

export function ec2ComputeOf(client: EC2Client, options: Partial<Ec2ComputeOptions> = {}): Ec2Compute {
  return new Ec2Compute({
    client,
    register: new MemoryWorkerRegister(),
    clock: { nowMs: () => 0 },
    logger: { warn: () => undefined },
    environment: 'test',
    template: TEMPLATE,
    instanceTypes: ['m7i.large', 'm6i.large'],
    subnetIds: ['subnet-1', 'subnet-2'],
    ...options,
  });
}
