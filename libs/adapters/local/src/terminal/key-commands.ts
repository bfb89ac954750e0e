import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { apiScope } from '@swe/domain';
import type { ApiScope } from '@swe/domain';
import { DEFAULT_KEY_DAYS, MAX_KEY_DAYS } from '@swe/domain/api';
import type { ExitCode } from './exit-codes';

/** Where keys of the HTTP API lie: the twin's store, or the DynamoDB table of a deployment. */
export interface KeyOptions {
  readonly table?: string;
}

export interface NewKeyOptions extends KeyOptions {
  readonly name: string;
  readonly scope: readonly ApiScope[];
  readonly days: number;
}

export interface KeyHandlers {
  createKey(options: NewKeyOptions): Promise<ExitCode>;
  listKeys(options: KeyOptions): Promise<ExitCode>;
  revokeKey(keyId: string, options: KeyOptions): Promise<ExitCode>;
}

/** Adds `swe key create|list|revoke`. */
export function addKeyCommands(
  program: Command,
  handlers: KeyHandlers,
  onEnd: (exitCode: ExitCode) => void,
): void {
  const key = program.command('key').description('make, list and revoke keys of the HTTP API');
  const table = ['--table <name>', 'a deployment’s DynamoDB table, instead of the twin’s store'] as const;
  key
    .command('create')
    .description('make a key and print it, this once')
    .requiredOption('--name <words>', 'what it is for')
    .requiredOption('--scope <read,run,admin>', 'what it may do: see, have work done, rule', scopes)
    .option('--days <number>', 'how long it is good', days, DEFAULT_KEY_DAYS)
    .option(...table)
    .action(async (options: NewKeyOptions) => onEnd(await handlers.createKey(options)));
  key
    .command('list')
    .description('list keys, oldest first')
    .option(...table)
    .action(async (options: KeyOptions) => onEnd(await handlers.listKeys(options)));
  key
    .command('revoke')
    .argument('<key>', 'its id')
    .description('have a key open nothing any more')
    .option(...table)
    .action(async (keyId: string, options: KeyOptions) => onEnd(await handlers.revokeKey(keyId, options)));
}

function scopes(list: string): readonly ApiScope[] {
  const parsed = apiScope.array().min(1).safeParse(list.split(','));
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError('Say one or more of read, run and admin, with commas between.');
}

function days(number: string): number {
  const value = /^\d{1,3}$/.test(number) ? Number(number) : 0;
  if (value >= 1 && value <= MAX_KEY_DAYS) return value;
  throw new InvalidArgumentError(`Say a number of days, up to ${MAX_KEY_DAYS}.`);
}
