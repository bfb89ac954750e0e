import { z } from 'zod';
import { vendorError } from './to-fault';

const errors = z.array(vendorError);

/** https://docs.aws.amazon.com/appsync/latest/eventapi/event-api-websocket-protocol.html */
const serverFrame = z.discriminatedUnion('type', [
  z.object({ type: z.literal('connection_ack'), connectionTimeoutMs: z.number().positive() }),
  z.object({ type: z.literal('connection_error'), errors }),
  z.object({ type: z.literal('ka') }),
  z.object({ type: z.literal('subscribe_success'), id: z.string() }),
  z.object({ type: z.literal('subscribe_error'), id: z.string(), errors }),
  // Documented as a string, seen as an array of one too.
  z.object({
    type: z.literal('data'),
    id: z.string(),
    event: z.union([z.string(), z.tuple([z.string()])]),
  }),
]);
export type ServerFrame = z.infer<typeof serverFrame>;

/** A frame of AppSync's; undefined for one that says nothing to a subscriber, such as `unsubscribe_success`. */
export function fromFrame(data: unknown): ServerFrame | undefined {
  try {
    return serverFrame.safeParse(JSON.parse(String(data))).data;
  } catch {
    return undefined;
  }
}
