import { z } from 'zod';

/** Some servers stream the arguments of a call as an object, where the API says text and the SDK insists on it. */
export function withTextArguments(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    if (!response.ok || response.body === null) return response;
    const body = response.body
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(byLine(repairedLine))
      .pipeThrough(new TextEncoderStream());
    return new Response(body, { status: response.status, headers: response.headers });
  };
}

function byLine(change: (line: string) => string): TransformStream<string, string> {
  let rest = '';
  return new TransformStream({
    transform(chunk, controller) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      if (lines.length > 0) controller.enqueue(lines.map((line) => `${change(line)}\n`).join(''));
    },
    flush(controller) {
      if (rest !== '') controller.enqueue(change(rest));
    },
  });
}

const DATA = 'data:';
/** In a text the quotes would be escaped, so this is a key. */
const OBJECT_ARGUMENTS = /"arguments"\s*:\s*\{/;

const chunk = z.looseObject({
  choices: z.array(
    z.looseObject({
      delta: z.looseObject({
        tool_calls: z.array(
          z.looseObject({
            function: z.looseObject({
              arguments: z
                .unknown()
                .transform((given) => (typeof given === 'object' ? JSON.stringify(given) : given)),
            }),
          }),
        ),
      }),
    }),
  ),
});

export function repairedLine(line: string): string {
  if (!line.startsWith(DATA) || !OBJECT_ARGUMENTS.test(line)) return line;
  try {
    return `${DATA} ${JSON.stringify(chunk.parse(JSON.parse(line.slice(DATA.length))))}`;
  } catch {
    return line;
  }
}
