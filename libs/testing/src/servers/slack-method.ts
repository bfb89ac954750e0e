import { z } from 'zod';
import type { SlackFiles } from './slack-files';
import { messageObject } from './slack-objects';
import { SlackRefusal } from './slack-refusal';
import type { SlackPost, SlackWorld } from './slack-world';

export interface SlackContext {
  readonly world: SlackWorld;
  readonly files: SlackFiles;
  readonly baseUrl: string;
  /** The address of a new WebSocket for an app. */
  openSocket(): string;
}

export interface SlackMethod {
  /** The scope it takes, which may depend on the kind of channel; none where everybody may. */
  readonly scope?: string | ((world: SlackWorld, args: Readonly<Record<string, unknown>>) => string);
  readonly tokenType: 'bot' | 'app' | 'any';
  /** Counts for the limit of about one message a second in a channel. */
  readonly isMessage?: boolean;
  run(args: unknown, context: SlackContext): object;
}

export type SlackMethods = Readonly<Record<string, SlackMethod>>;

export const optional = z.string().optional();
export const required = z.string().min(1);

/** A method whose arguments are `schema`; what does not fit is refused. */
export function method<T>(
  schema: z.ZodType<T>,
  run: (args: T, context: SlackContext) => object,
  rest: Omit<SlackMethod, 'run' | 'tokenType'> & Partial<Pick<SlackMethod, 'tokenType'>>,
): SlackMethod {
  return {
    tokenType: 'bot',
    ...rest,
    run: (args, context) => {
      const given = schema.safeParse(args);
      if (given.success) return run(given.data, context);
      const messages = given.error.issues.map(
        ({ path, message }) => `[ERROR] ${message} [json-pointer:/${path.join('/')}]`,
      );
      throw new SlackRefusal('invalid_arguments', { messages });
    },
  };
}

/** An answer to an answer goes into the same thread. */
export function rootOf(world: SlackWorld, channel: string, ts: string): string {
  return world.find(channel, ts)?.threadTs ?? ts;
}

export function asMessage(post: SlackPost, { world, baseUrl }: SlackContext): object {
  return messageObject(world, post, { baseUrl, withMetadata: true });
}
