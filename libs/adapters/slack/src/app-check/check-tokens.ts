import type { WebClient } from '@slack/web-api';
import { Fault } from '@swe/domain';
import { z } from 'zod';
import { toFault } from '../slack-fault';

/** https://docs.slack.dev/reference/methods/auth.test; the scopes come in the header `x-oauth-scopes`. */
const answer = z.object({
  user: z.string(),
  team: z.string(),
  bot_id: z.string().optional(),
  response_metadata: z.object({ scopes: z.array(z.string()).optional() }).optional(),
});

/** As whom a bot's token speaks. Throws a fault where it doesn't, or lacks one of `scopes`. */
export async function checkBotToken(client: WebClient, scopes: readonly string[]): Promise<string> {
  const said = await asFault(client.auth.test());
  const { user, team, bot_id: bot, response_metadata: metadata } = answer.parse(said);
  if (bot === undefined) throw new Fault('invalid', `it is the token of the person ${user}, not a bot's`);
  const given = metadata?.scopes;
  const missing = given === undefined ? [] : scopes.filter((scope) => !given.includes(scope));
  if (missing.length === 0) return `@${user} in ${team}`;
  throw new Fault(
    'denied',
    `@${user} in ${team} lacks ${missing.join(', ')}: add that to the app as its manifest has it, and install it again`,
  );
}

/** Whether an app's token may open WebSockets; throws a fault where it may not. */
export async function checkAppToken(client: WebClient): Promise<void> {
  await asFault(client.apps.connections.open());
}

async function asFault<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw toFault(error);
  }
}
