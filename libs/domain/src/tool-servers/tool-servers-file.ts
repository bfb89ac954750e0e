import { z } from 'zod';
import { jsonText } from '../json';
import { secretsNamedIn, unknownReferenceIn } from './secret-reference';

const DEFAULT_START_TIMEOUT_MS = 20_000;
const DEFAULT_CALL_TIMEOUT_MS = 120_000;
const LONGEST_TIMEOUT_MS = 30 * 60_000;

const timeoutMs = z.int().min(100).max(LONGEST_TIMEOUT_MS);
const NO_REFERENCE = 'may hold ${secret:NAME} and ${workspaceFolder}, and no other ${...}';
const NO_SECRET = 'must not name a secret: others can see it. Secrets go into env or headers';

const setting = z.string().refine((value) => unknownReferenceIn(value) === undefined, NO_REFERENCE);
const plainSetting = setting.refine((value) => secretsNamedIn(value).length === 0, NO_SECRET);

const ofEveryServer = {
  disabled: z.boolean().default(false),
  /** Names of its tools, `*` for any characters. Absent: all of them. */
  allowTools: z.array(z.string()).optional(),
  denyTools: z.array(z.string()).default([]),
  startTimeoutMs: timeoutMs.default(DEFAULT_START_TIMEOUT_MS),
  callTimeoutMs: timeoutMs.default(DEFAULT_CALL_TIMEOUT_MS),
};

const program = z
  .object({
    type: z.literal('stdio').default('stdio'),
    command: plainSetting.min(1),
    args: z.array(plainSetting).default([]),
    env: z.record(z.string().regex(/^[^=\0]+$/), setting).default({}),
    /** Absolute; where a program that is shut in has to read what lies in the person's files: its own code, say. */
    readableFolders: z.array(z.string().startsWith('/')).default([]),
    ...ofEveryServer,
  })
  .readonly();

const remote = z
  .object({
    /** `http` is streamable HTTP, and where a server knows none, SSE; `sse` is that at once. */
    type: z
      .enum(['http', 'streamable-http', 'sse'])
      .default('http')
      .transform((type) => (type === 'sse' ? type : 'http')),
    url: z.url({ protocol: /^https?$/ }).refine((url) => secretsNamedIn(url).length === 0, NO_SECRET),
    headers: z.record(z.string(), setting).default({}),
    ...ofEveryServer,
  })
  .readonly();

/** A program that is started, and spoken to over its standard input and output. */
export type ProgramServer = z.infer<typeof program>;
/** One that is spoken to over HTTP. */
export type RemoteServer = z.infer<typeof remote>;
export type ToolServer = ProgramServer | RemoteServer;

/** By what it has, so that what is wrong with it is told of the right kind. */
const toolServer = z.unknown().transform((value, context): ToolServer => {
  const isRemote = typeof value === 'object' && value !== null && 'url' in value;
  const parsed = (isRemote ? remote : program).safeParse(value);
  if (parsed.success) return parsed.data;
  for (const { path, message } of parsed.error.issues) {
    context.addIssue({ code: 'custom', path: [...path], message });
  }
  return z.NEVER;
});

/**
 * The file that names tool servers, as other programs have it, under `mcpServers`; what else is in it is theirs. Those
 * that are disabled are left out; the others are in the order of their names.
 */
export const toolServersFile = z
  .object({ mcpServers: z.record(z.string().min(1).max(100), toolServer) })
  .transform(
    ({ mcpServers }): ReadonlyMap<string, ToolServer> =>
      new Map(
        Object.entries(mcpServers)
          .filter(([, { disabled }]) => !disabled)
          .toSorted(([a], [b]) => (a < b ? -1 : 1)),
      ),
  );

export const toolServersText = jsonText(toolServersFile);

/** Whether a server's tool may be used, by what its configuration lists. What is denied is never allowed. */
export function isToolAllowed(
  { allowTools, denyTools }: Pick<ToolServer, 'allowTools' | 'denyTools'>,
  tool: string,
): boolean {
  const isIn = (list: readonly string[]): boolean => list.some((pattern) => matches(pattern, tool));
  return !isIn(denyTools) && (allowTools === undefined || isIn(allowTools));
}

/** Part by part, since a pattern is no regular expression that could take for ever. */
function matches(pattern: string, name: string): boolean {
  const [first = '', ...others] = pattern.split('*');
  const last = others.pop();
  if (last === undefined) return pattern === name;
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const part of others) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}

/** The names of all secrets that a server's settings refer to. */
export function secretsOf(server: ToolServer): readonly string[] {
  const settings = 'url' in server ? server.headers : server.env;
  return [...new Set(Object.values(settings).flatMap(secretsNamedIn))];
}
