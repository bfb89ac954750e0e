import {
  DeleteParameterCommand,
  GetParameterCommand,
  HierarchyTypeMismatchException,
  PutParameterCommand,
} from '@aws-sdk/client-ssm';
import type { SSMClient } from '@aws-sdk/client-ssm';
import { isFault } from '@swe/domain';
import { regionOf } from '../region-of';
import { toFault } from '../ssm-fault';

export interface StoredParameter {
  readonly value: string;
  /** Whether it is a SecureString: others are stored in clear. */
  readonly isSecret: boolean;
}

/** Secrets as whoever sets a deployment up has them: SecureString parameters that can be written. Nothing is kept here. */
export class SsmParameters {
  readonly #client: SSMClient;

  constructor(client: SSMClient) {
    this.#client = client;
  }

  /** Undefined where there is none. */
  async find(name: string, signal: AbortSignal): Promise<StoredParameter | undefined> {
    const command = new GetParameterCommand({ Name: name, WithDecryption: true });
    try {
      const { Parameter } = await this.#ask(name, this.#client.send(command, { abortSignal: signal }));
      return { value: Parameter?.Value ?? '', isSecret: Parameter?.Type === 'SecureString' };
    } catch (error) {
      if (isFault(error, 'missing')) return undefined;
      throw error;
    }
  }

  /** Throws `conflict`, and changes nothing, where there is one already. */
  async create(name: string, value: string): Promise<void> {
    await this.#put(name, value, false);
  }

  /** One that lies in clear can't become a SecureString: it is deleted with all its versions, and made anew. */
  async replace(name: string, value: string): Promise<void> {
    try {
      await this.#put(name, value, true);
    } catch (error) {
      if (!isOtherType(error)) throw error;
      await this.#ask(name, this.#client.send(new DeleteParameterCommand({ Name: name })));
      await this.create(name, value);
    }
  }

  /** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html */
  async #put(Name: string, Value: string, Overwrite: boolean): Promise<void> {
    const command = new PutParameterCommand({ Name, Value, Type: 'SecureString', Overwrite });
    await this.#ask(Name, this.#client.send(command));
  }

  async #ask<T>(name: string, call: Promise<T>): Promise<T> {
    try {
      return await call;
    } catch (error) {
      throw toFault(error, { name, region: await regionOf(this.#client) });
    }
  }
}

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html#API_PutParameter_Errors */
function isOtherType(error: unknown): boolean {
  return isFault(error, 'invalid') && error.cause instanceof HierarchyTypeMismatchException;
}
