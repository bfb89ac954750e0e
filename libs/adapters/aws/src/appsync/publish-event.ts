import { Fault } from '@swe/domain';
import type { Clock } from '@swe/domain';
import { z } from 'zod';
import type { SignBody } from './sign-body';
import { clockFault, fromRefusal, toFault, vendorError } from './to-fault';
import { within } from './within';

export interface PublishOptions {
  readonly httpUrl: string;
  readonly sign: SignBody;
  readonly clock: Pick<Clock, 'nowMs' | 'sleep'>;
  readonly timeoutMs: number;
}

const refused = z.object({ errors: z.array(vendorError) });
const answered = z.object({ failed: z.array(z.object({ message: z.string().optional() })) });

/**
 * Publishes one event (a request takes five) over HTTP. It is over after `timeoutMs`, signing included; what has been
 * sent by then may still arrive. https://docs.aws.amazon.com/appsync/latest/eventapi/publish-http.html
 */
export async function publishEvent(options: PublishOptions, channel: string, event: object): Promise<void> {
  const { httpUrl, sign, clock, timeoutMs } = options;
  try {
    await within({ clock, ms: timeoutMs, what: `publishing to ${channel}` }, async (signal) => {
      const body = JSON.stringify({ channel, events: [JSON.stringify(event)] });
      const { host: _, ...headers } = await sign(body, { 'content-type': 'application/json' });
      const request = { method: 'POST', headers, body, signal, redirect: 'manual' } as const;
      const response = await fetch(new URL('/event', httpUrl), request);
      await check(response, channel, clock.nowMs());
    });
  } catch (error) {
    throw toFault(error);
  }
}

/** The request succeeds also when the event did not. */
async function check(response: Response, channel: string, nowMs: number): Promise<void> {
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) {
    const clock = response.status < 500 ? clockFault(response.headers.get('date'), nowMs) : undefined;
    throw clock ?? fromRefusal(refused.safeParse(body).data?.errors ?? [], response.status);
  }
  const outcome = answered.safeParse(body);
  if (!outcome.success) throw new Fault('transient', `no answer of AppSync's to publishing to ${channel}`);
  const [failed] = outcome.data.failed;
  if (failed !== undefined) {
    throw new Fault('transient', `the event for ${channel} failed: ${failed.message ?? 'no reason given'}`);
  }
}
