import { z } from 'zod';
import { SlackRefusal } from './slack-refusal';
import type { SlackMetadata, SlackWords } from './slack-world';

/** What a message may be made of, as it came. */
export interface SlackMessageArgs {
  readonly text?: string | undefined;
  readonly markdown_text?: string | undefined;
  readonly blocks?: unknown;
  readonly attachments?: unknown;
  readonly metadata?: unknown;
}

/** https://docs.slack.dev/reference/methods/chat.postMessage: longer texts are cut, and shown as several messages. */
const MAX_POSTED_TEXT = 40_000;
/** https://docs.slack.dev/reference/methods/chat.update: "The text field cannot exceed 4,000 characters". */
const MAX_UPDATED_TEXT = 4_000;
/** https://docs.slack.dev/reference/block-kit/blocks/markdown-block: of all such blocks of a message together. */
const MAX_MARKDOWN = 12_000;
const MAX_ATTACHMENTS = 100;
/** https://docs.slack.dev/reference/block-kit/blocks */
const MAX_BLOCKS = 50;

/** Slack does not say what a character is: in UTF-16 units, the strictest reading (Zod's `max` counts code points). */
const upTo = (max: number) =>
  z.string().refine((given) => given.length <= max, `must be less than ${max + 1} characters`);
const wordsUpTo = (max: number) => upTo(max).min(1);
const plain = (max: number) => z.object({ type: z.literal('plain_text'), text: wordsUpTo(max) });
const anyText = (max: number) => z.object({ type: z.enum(['plain_text', 'mrkdwn']), text: wordsUpTo(max) });
const id = wordsUpTo(255);

/** https://docs.slack.dev/reference/block-kit/block-elements/button-element */
const button = z.object({
  type: z.literal('button'),
  text: plain(75),
  action_id: id.optional(),
  value: upTo(2_000).optional(),
  url: upTo(3_000).optional(),
  style: z.enum(['primary', 'danger']).optional(),
});
const image = z.object({ type: z.literal('image'), alt_text: wordsUpTo(2_000) });
const cell = z.looseObject({ type: z.enum(['raw_text', 'raw_number', 'rich_text']) });

/** The blocks this project has a use for, each within the limits of its page below the address of `MAX_BLOCKS`. */
const block = z.discriminatedUnion('type', [
  z.object({ type: z.literal('markdown'), block_id: id.optional(), text: z.string().min(1) }),
  z
    .object({
      type: z.literal('section'),
      block_id: id.optional(),
      text: anyText(3_000).optional(),
      fields: z.array(anyText(2_000)).min(1).max(10).optional(),
    })
    .refine(({ text, fields }) => text !== undefined || fields !== undefined),
  z.object({ type: z.literal('header'), block_id: id.optional(), text: plain(150) }),
  z.object({ type: z.literal('divider'), block_id: id.optional() }),
  z.object({
    type: z.literal('context'),
    block_id: id.optional(),
    elements: z
      .array(z.union([anyText(3_000), image]))
      .min(1)
      .max(10),
  }),
  z
    .object({ type: z.literal('actions'), block_id: id.optional(), elements: z.array(button).min(1).max(25) })
    .refine(({ elements }) => areUnique(elements.map(({ action_id }) => action_id))),
  z.object({
    type: z.literal('rich_text'),
    block_id: id.optional(),
    elements: z
      .array(
        z.looseObject({
          type: z.enum(['rich_text_section', 'rich_text_list', 'rich_text_preformatted', 'rich_text_quote']),
          elements: z.array(z.looseObject({ type: z.string() })),
        }),
      )
      .min(1),
  }),
  z.object({
    type: z.literal('table'),
    block_id: id.optional(),
    rows: z.array(z.array(cell).min(1).max(20)).min(1).max(100),
  }),
  image.extend({ block_id: id.optional() }),
]);

/** https://docs.slack.dev/messaging/message-metadata: values are plain, or objects and lists of objects of plain ones. */
const plainValue = z.union([z.string(), z.number(), z.boolean()]);
const flat = z.record(z.string(), plainValue);
const metadataFormat = z.object({ event_type: z.string(), event_payload: z.looseObject({}) });
const metadataSchema = z.strictObject({
  event_type: z.string().regex(/^\w{1,255}$/),
  event_payload: z.record(z.string(), z.union([plainValue, flat, z.array(z.union([plainValue, flat]))])),
});

/** What is shown of a message within every limit; refuses, as Slack does, what breaks one. */
export function checkSlackMessage(args: SlackMessageArgs, purpose: 'post' | 'update'): SlackWords {
  const blocks = args.blocks === undefined ? undefined : checkedBlocks(args.blocks);
  checkAttachments(args.attachments);
  const text = checkedText(args, blocks, purpose);
  const metadata = args.metadata === undefined ? undefined : checkedMetadata(args.metadata);
  return {
    text,
    ...(blocks !== undefined && { blocks }),
    ...(args.markdown_text !== undefined && { blocks: [{ type: 'markdown', text: args.markdown_text }] }),
    ...(metadata !== undefined && { metadata }),
  };
}

function checkedText(
  { text = '', markdown_text: markdown, attachments }: SlackMessageArgs,
  blocks: readonly object[] | undefined,
  purpose: 'post' | 'update',
): string {
  if (markdown !== undefined) {
    if (text !== '' || blocks !== undefined) throw new SlackRefusal('markdown_text_conflict');
    if (markdown.length > MAX_MARKDOWN) throw new SlackRefusal('msg_too_long');
    return markdown;
  }
  const hasAttachments = Array.isArray(attachments) && attachments.length > 0;
  if (text === '' && (blocks ?? []).length === 0 && !hasAttachments) throw new SlackRefusal('no_text');
  const isTooLong = text.length > (purpose === 'update' ? MAX_UPDATED_TEXT : MAX_POSTED_TEXT);
  if (isTooLong) throw new SlackRefusal('msg_too_long');
  return text;
}

function checkedBlocks(given: unknown): readonly object[] {
  if (!Array.isArray(given)) throw new SlackRefusal('invalid_blocks_format');
  if (given.length > MAX_BLOCKS) {
    throw invalidBlocks(`no more than ${MAX_BLOCKS} items allowed`, ['blocks']);
  }
  const blocks = z.array(block).safeParse(given);
  if (!blocks.success) {
    const [issue] = blocks.error.issues;
    throw invalidBlocks(issue?.message ?? 'invalid', ['blocks', ...(issue?.path ?? [])]);
  }
  if (!areUnique(blocks.data.map(({ block_id }) => block_id))) {
    throw invalidBlocks('block_id already exists', ['blocks']);
  }
  const markdown = blocks.data.reduce(
    (sum, each) => sum + (each.type === 'markdown' ? each.text.length : 0),
    0,
  );
  // As https://github.com/slackapi/bolt-js/issues/2509 met it, at the documented limit.
  if (markdown > MAX_MARKDOWN) throw new SlackRefusal('msg_blocks_too_long');
  return given as readonly object[];
}

function invalidBlocks(message: string, path: readonly PropertyKey[]): SlackRefusal {
  const pointer = path.map((key) => `/${String(key)}`).join('');
  return new SlackRefusal('invalid_blocks', { messages: [`[ERROR] ${message} [json-pointer:${pointer}]`] });
}

function checkAttachments(given: unknown): void {
  if (given === undefined) return;
  if (!Array.isArray(given)) throw new SlackRefusal('invalid_attachments');
  if (given.length > MAX_ATTACHMENTS) throw new SlackRefusal('too_many_attachments');
}

function checkedMetadata(given: unknown): SlackMetadata {
  if (!metadataFormat.safeParse(given).success) throw new SlackRefusal('invalid_metadata_format');
  const metadata = metadataSchema.safeParse(given);
  if (!metadata.success) throw new SlackRefusal('invalid_metadata_schema');
  return metadata.data;
}

function areUnique(ids: readonly (string | undefined)[]): boolean {
  const given = ids.filter((each) => each !== undefined);
  return new Set(given).size === given.length;
}
