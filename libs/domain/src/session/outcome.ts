import { z } from 'zod';

/** How a message ended. Every accepted message reaches exactly one outcome, visible where it was sent. */
export const outcome = z.discriminatedUnion('kind', [
  /** `replyKey` is the effect key of the post that answers; several messages may share one. `asksBack`: it is a question. */
  z.object({ kind: z.literal('answered'), replyKey: z.string(), asksBack: z.boolean().optional() }),
  z.object({ kind: z.literal('refused'), reason: z.string() }),
  z.object({ kind: z.literal('command-result'), text: z.string() }),
  z.object({ kind: z.literal('stopped') }),
  /** Deleted by its sender before it was admitted. */
  z.object({ kind: z.literal('cancelled') }),
  z.object({ kind: z.literal('failed'), cause: z.string() }),
]);
export type Outcome = z.infer<typeof outcome>;
