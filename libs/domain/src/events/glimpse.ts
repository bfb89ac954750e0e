import { z } from 'zod';

/** Of one text of a glimpse, in UTF-16 units. */
export const MAX_GLIMPSE = 4_000;

/** What an agent is in the middle of. A view, never a record: the journal has all of it once it is done. */
export const glimpse = z.object({
  /** The end of an answer that is still being written; `step` is its call's number in the journal. */
  step: z.object({ step: z.int().positive(), text: z.string() }).exactOptional(),
  /** Commands that run and have printed something, with the end of that. */
  running: z.array(z.object({ callId: z.string(), output: z.string() })),
});
export type Glimpse = z.infer<typeof glimpse>;

export const EMPTY_GLIMPSE: Glimpse = { running: [] };

export const isEmptyGlimpse = ({ step, running }: Glimpse): boolean =>
  step === undefined && running.length === 0;
