import { z } from 'zod';
import type { ToolCallContent } from '@swe/domain';
import { defineTool, said } from '../agent/tool';
import type { Tool } from '../agent/tool';

const MAX_ITEMS = 50;
const MAX_CHARACTERS = 200;
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
});

const NAME = 'todo';

/**
 * Writes the plan down, each time the whole of it. It is kept nowhere but in the conversation, which is where it is
 * needed. Limits: 50 items of 200 characters, at most one of them being done now.
 */
export function todo(): Tool {
  return defineTool({
    name: NAME,
    description:
      'Write down the steps of a longer task and where you are. Replaces the whole list. At most one item is `doing`.',
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
