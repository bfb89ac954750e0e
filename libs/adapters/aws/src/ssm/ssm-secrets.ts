import { GetParameterCommand } from '@aws-sdk/client-ssm';
import type { SSMClient } from '@aws-sdk/client-ssm';
import { Fault, SECRET_MAX_AGE_MS } from '@swe/domain';
import type { Clock, Secrets } from '@swe/domain';
import { regionOf } from '../region-of';
import { toFault } from '../ssm-fault';

export interface SsmSecretsOptions {
  readonly client: SSMClient;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /** How long a value is kept in memory; what the port allows at most. */
  readonly maxAgeMs?: number;
}

interface Reading {
  readonly startedMs: number;
  readonly value: Promise<string>;
}

/**
 * Secrets as SecureString parameters of Systems Manager, by their full name (`/remote-swe/slack/bot-token`). Callers at
 * the same time share one request, and a value is kept for a minute: an account reads 40 parameters a second
 * (https://docs.aws.amazon.com/general/latest/gr/ssm.html). A failure is not kept.
 */
export class SsmSecrets implements Secrets {
  readonly #client: SSMClient;
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #maxAgeMs: number;
  readonly #readings = new Map<string, Reading>();

  constructor({ client, clock, maxAgeMs = 60_000 }: SsmSecretsOptions) {
    if (maxAgeMs > SECRET_MAX_AGE_MS) {
      throw new Fault('invalid', `secrets may be kept for ${SECRET_MAX_AGE_MS} ms, not for ${maxAgeMs}`);
    }
    this.#client = client;
    this.#clock = clock;
    this.#maxAgeMs = maxAgeMs;
  }

  read(name: string): Promise<string> {
    // Counted from the request on: what it reads may be replaced before its answer arrives.
    const startedMs = this.#clock.monotonicMs();
    const kept = this.#readings.get(name);
    if (kept !== undefined && startedMs - kept.startedMs < this.#maxAgeMs) return kept.value;
    const reading = { startedMs, value: this.#fetch(name) };
    this.#readings.set(name, reading);
    reading.value.catch(() => {
      if (this.#readings.get(name) === reading) this.#readings.delete(name);
    });
    return reading.value;
  }

  async #fetch(name: string): Promise<string> {
    try {
      const command = new GetParameterCommand({ Name: name, WithDecryption: true });
      const { Parameter } = await this.#client.send(command);
      if (Parameter?.Value === undefined)
        throw new Fault('invalid', `parameter ${name} came without a value`);
      return Parameter.Value;
    } catch (error) {
      throw toFault(error, { name, region: await regionOf(this.#client) });
    }
  }
}
