import { z } from 'zod';
import type { ToolCallContent } from '@swe/domain';
import { defineTool, said } from '../agent/tool';
import type { Tool } from '../agent/tool';

const MAX_ITEMS = 50;
const MAX_CHARACTERS = 200;
const MAX_DECISIONS = 30;
const MARKS = { open: ' ', doing: '>', done: 'x' } as const;

const todoItem = z.object({
  text: z.string().trim().min(1).max(MAX_CHARACTERS),
  status: z.enum(['open', 'doing', 'done']),
});
export type TodoItem = z.infer<typeof todoItem>;

const todoInput = z.object({
  items: z
    .array(todoItem)
    .max(MAX_ITEMS)
    .refine((items) => items.filter(({ status }) => status === 'doing').length <= 1, {
      message: 'At most one item can be `doing`.',
    }),
  decisions: z.array(z.string().max(MAX_CHARACTERS)).max(MAX_DECISIONS).optional(),
});

const NAME = 'todo';

/**
 * Writes the plan down, each time the whole of it. It is kept nowhere but in the conversation, which is where it is
 * needed: what is left out of that to make room leaves the last plan and the last decisions. Limits: 50 items and 30
 * decisions of 200 characters, at most one item being done now.
 */
export function todo(): Tool {
  return defineTool({
    name: NAME,
    description:
      'Write down the steps of a longer task, where you are, what was decided. Replaces the whole list. At most one item is `doing`.',
    access: 'acts',
    resume: 'repeat',
    input: todoInput,
    async run({ items }) {
      const done = items.filter(({ status }) => status === 'done').length;
      const lines = items.map(({ text, status }) => `[${MARKS[status]}] ${text.replace(/\s+/g, ' ')}`);
      return said([...lines, `(${done} of ${items.length} done)`].join('\n'));
    },
  });
}

/** The plan that a call of the tool writes down; undefined for any other call. */
export function planOf({ name, input }: ToolCallContent): readonly TodoItem[] | undefined {
  return name === NAME ? todoInput.safeParse(input).data?.items : undefined;
}

/** What calls of the tool keep in mind. */
export interface WorkNotes {
  readonly plan: readonly TodoItem[];
  readonly decisions: readonly string[];
}

/** The notes after a call; the same ones for a call of any other tool. */
export function notesOf({ name, input }: ToolCallContent, before: WorkNotes): WorkNotes {
  const { items, decisions } = (name === NAME ? todoInput.safeParse(input).data : undefined) ?? {};
  return { plan: items ?? before.plan, decisions: decisions ?? before.decisions };
}
