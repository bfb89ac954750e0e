import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import type { GetCommandInput, QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { Fault } from '@swe/domain';
import type { Clock, Random } from '@swe/domain';
import { toTransactItem } from './action';
import type { Action, Item } from './action';
import type { ItemKey } from './item-key';
import { storedItem } from './stored-item';
import { cancellationOf, toFault } from './to-fault';
import type { Cancellation } from './to-fault';
import { regionOf } from '../region-of';

export interface DynamoTableOptions {
  /** Its retries are used for what fails on the way, as its `maxAttempts` says. */
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly random: Random;
  /**
   * Over how many partitions of an index sessions are spread. A partition takes 1,000 writes a second. The number may
   * be raised for a table in use, never lowered.
   */
  readonly shards?: number;
}

/** What somebody read and decided: what to write, and what came of it once that is written. */
export interface Decision<T> {
  readonly result: T;
  readonly actions: readonly Action[];
}

/** Limits of one request: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const MAX_ACTIONS = 100;
const MAX_KEYS = 100;

/** About half a minute of others being faster: what is tried that often without success will not succeed soon. */
const ATTEMPTS = 60;
const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 1_000;

/** The store's table. Reads by key are strongly consistent. */
export class DynamoTable {
  readonly shards: number;
  readonly #client: DynamoDBDocumentClient;
  readonly #name: string;
  readonly #clock: Pick<Clock, 'sleep'>;
  readonly #random: Random;

  constructor({ client, tableName, clock, random, shards = 16 }: DynamoTableOptions) {
    this.#client = DynamoDBDocumentClient.from(client);
    this.#name = tableName;
    this.#clock = clock;
    this.#random = random;
    this.shards = shards;
  }

  get(key: ItemKey): Promise<Item | undefined> {
    return this.#get(key);
  }

  /** Of the item no more than its key and one attribute, which a role may be allowed where the rest is none of its business. */
  getPart(key: ItemKey, attribute: string): Promise<Item | undefined> {
    return this.#get(key, {
      ProjectionExpression: '#0, #1, #2',
      ExpressionAttributeNames: { '#0': 'pk', '#1': 'sk', '#2': attribute },
    });
  }

  async #get({ pk, sk }: ItemKey, part: Partial<GetCommandInput> = {}): Promise<Item | undefined> {
    const command = new GetCommand({
      TableName: this.#name,
      Key: { pk, sk },
      ConsistentRead: true,
      ...part,
    });
    const { Item: found } = await this.#call(() => this.#client.send(command));
    return found && storedItem.parse(found);
  }

  /** The items that exist, in the order of `keys`: each is consistent, all of them together need not be. */
  async getAll(keys: readonly ItemKey[]): Promise<readonly (Item | undefined)[]> {
    const found = new Map<string, Item>();
    let left = [...new Map(keys.map(({ pk, sk }) => [nameOf({ pk, sk }), { pk, sk }])).values()];
    for (let idle = 0; left.length > 0;) {
      const asked = left.slice(0, MAX_KEYS);
      const { items, missed } = await this.#getBatch(asked);
      for (const item of items) found.set(nameOf(item), item);
      left = [...missed, ...left.slice(MAX_KEYS)];
      idle = missed.length < asked.length ? 0 : idle + 1;
      if (idle === ATTEMPTS) throw this.#givenUp('throttled');
      if (missed.length > 0) await this.#pause(idle);
    }
    return keys.map((key) => found.get(nameOf(key)));
  }

  /**
   * Items of a partition with sort keys from `from` to `to`, in order. Not a snapshot: a write that is committed
   * meanwhile may show in part.
   */
  query(
    pk: string,
    from: string,
    to: string,
    order: 'up' | 'down' = 'up',
    limit?: number,
  ): AsyncIterable<Item> {
    return this.#query({
      ConsistentRead: true,
      ScanIndexForward: order === 'up',
      ...(limit !== undefined && { Limit: limit }),
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
      ExpressionAttributeValues: { ':pk': pk, ':from': from, ':to': to },
    });
  }

  /** Keys in a shard of an index. Indexes follow the table within moments. */
  async *queryIndex(
    index: string,
    condition: string,
    values: Readonly<Record<string, unknown>>,
    order: 'up' | 'down' = 'up',
    limit?: number,
  ): AsyncIterable<Item> {
    yield* this.#query({
      IndexName: index,
      ScanIndexForward: order === 'up',
      ...(limit !== undefined && { Limit: limit }),
      KeyConditionExpression: condition,
      ExpressionAttributeValues: { ...values },
    });
  }

  /**
   * Reads, decides and writes, again for as long as somebody else was faster: `decide` sees the state anew each time,
   * and what it throws ends it. Its actions are written all or none.
   */
  async transact<T>(decide: () => Promise<Decision<T>>): Promise<T> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const { result, actions } = await decide();
      if (actions.length === 0 || (await this.#write(actions))) return result;
      await this.#pause(attempt);
    }
    throw this.#givenUp('transient');
  }

  /** `missed` are keys that the table left out: more than 16 MB, or than it gives at the moment. */
  async #getBatch(
    keys: readonly ItemKey[],
  ): Promise<{ readonly items: readonly Item[]; readonly missed: readonly ItemKey[] }> {
    const wanted = { Keys: [...keys], ConsistentRead: true };
    const command = new BatchGetCommand({ RequestItems: { [this.#name]: wanted } });
    const { Responses, UnprocessedKeys } = await this.#call(() => this.#client.send(command));
    const items = (Responses?.[this.#name] ?? []).map((item) => storedItem.parse(item));
    const missed = (UnprocessedKeys?.[this.#name]?.Keys ?? []).map((key) => storedItem.parse(key));
    return { items, missed };
  }

  /** False, and nothing written, when a condition does not hold. */
  async #write(actions: readonly Action[]): Promise<boolean> {
    if (actions.length > MAX_ACTIONS) {
      throw new Fault('invalid', `a write of ${actions.length} items is more than table ${this.#name} takes`);
    }
    const command = new TransactWriteCommand({
      TransactItems: actions.map((action) => toTransactItem(action, this.#name)),
      // With it a write that is sent again, because its answer was lost, is not done again (for ten minutes).
      ClientRequestToken: this.#random.id(),
    });
    let cancellation: Cancellation | undefined;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      cancellation = await this.#cancellation(command);
      if (cancellation === undefined) return true;
      if (cancellation === 'stale') return false;
      await this.#pause(attempt);
    }
    throw this.#givenUp(cancellation === 'throttled' ? 'throttled' : 'transient');
  }

  async #cancellation(command: TransactWriteCommand): Promise<Cancellation | undefined> {
    try {
      await this.#client.send(command);
      return undefined;
    } catch (error) {
      const cancellation = cancellationOf(error);
      if (cancellation === undefined) throw await this.#faultOf(error);
      return cancellation;
    }
  }

  async *#query(input: Omit<QueryCommandInput, 'TableName'>): AsyncIterable<Item> {
    let after: Record<string, unknown> | undefined;
    let left = input.Limit ?? Number.POSITIVE_INFINITY;
    do {
      const start = after && { ExclusiveStartKey: after };
      const command = new QueryCommand({ TableName: this.#name, ...input, ...start });
      const { Items = [], LastEvaluatedKey } = await this.#call(() => this.#client.send(command));
      for (const item of Items) yield storedItem.parse(item);
      left -= Items.length;
      after = left > 0 ? LastEvaluatedKey : undefined;
    } while (after !== undefined);
  }

  async #call<T>(send: () => Promise<T>): Promise<T> {
    try {
      return await send();
    } catch (error) {
      throw await this.#faultOf(error);
    }
  }

  async #faultOf(error: unknown): Promise<unknown> {
    return toFault(error, { tableName: this.#name, region: await regionOf(this.#client) });
  }

  /** Full jitter, so that rivals part: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ */
  #pause(attempt: number): Promise<void> {
    const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(attempt, 10));
    return this.#clock.sleep(longest * this.#random.fraction());
  }

  #givenUp(kind: 'transient' | 'throttled'): Fault {
    return new Fault(kind, `table ${this.#name} is too busy`);
  }
}

function nameOf({ pk, sk }: ItemKey): string {
  return `${pk}\n${sk}`;
}
