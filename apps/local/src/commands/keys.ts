import { EXIT_CODES, keysTable } from '@swe/adapter-local/terminal';
import type { ExitCode, KeyOptions, NewKeyOptions } from '@swe/adapter-local/terminal';
import { createKey as create, listKeys as list, revokeKey as revoke } from '@swe/application/ingress';
import { Fault } from '@swe/domain';
import type { ApiKeys } from '@swe/domain';
import { ApiRefusal } from '@swe/domain/api';
import { openTwin, requester } from '../program';
import type { Program } from '../program';

/** The key goes to standard output, so that a script can take it from there. */
export async function createKey(
  program: Program,
  { name, scope, days, table }: NewKeyOptions,
): Promise<ExitCode> {
  const { clock, random, out, err } = program;
  using of = await openKeys(program, table);
  const request = { name, scopes: [...scope], expiresInDays: days };
  const { id, token, expiresAt } = await create({ ...of, clock, random }, requester(program), request);
  err(`Key ${id}, good until ${expiresAt.slice(0, 10)}. It is shown this once:\n`);
  out(`${token}\n`);
  return EXIT_CODES.done;
}

export async function listKeys(program: Program, { table }: KeyOptions): Promise<ExitCode> {
  using of = await openKeys(program, table);
  const { items } = await list(of);
  program.out(items.length === 0 ? 'No keys. Make one: swe key create\n' : `${keysTable(items)}\n`);
  return EXIT_CODES.done;
}

export async function revokeKey(program: Program, keyId: string, { table }: KeyOptions): Promise<ExitCode> {
  using of = await openKeys(program, table);
  try {
    await revoke(of, keyId);
  } catch (error) {
    throw error instanceof ApiRefusal
      ? new Fault('missing', `${error.message} List them: swe key list`)
      : error;
  }
  program.out(`${keyId} is revoked.\n`);
  return EXIT_CODES.done;
}

interface OpenKeys extends Disposable {
  readonly keys: ApiKeys;
}

/** Of a deployment whoever may write to its table makes the first key. */
async function openKeys(program: Program, tableName: string | undefined): Promise<OpenKeys> {
  const config = program.readConfig();
  if (tableName === undefined) return openTwin(program, config);
  const region = config.modelAccess.awsRegion;
  if (region === undefined) throw new Fault('invalid', 'Set AWS_REGION to where the table is.');
  const [{ DynamoApiKeys }, { openAwsTable }] = await Promise.all([
    import('@swe/adapter-aws/dynamodb'),
    import('@swe/wiring/aws-table'),
  ]);
  const { clock, random } = program;
  const { table } = openAwsTable({ region, tableName, clock, random });
  return { keys: new DynamoApiKeys(table), [Symbol.dispose]: () => undefined };
}
