import { stat } from 'node:fs/promises';
import { z } from 'zod';

const nodeError = z.object({ code: z.string() });

/** The `code` of an error that the operating system or Node raised. */
export function codeOf(error: unknown): string | undefined {
  return nodeError.safeParse(error).data?.code;
}

/** Whether there is something at `path`, as far as this process may look. */
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
