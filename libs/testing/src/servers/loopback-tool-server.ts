import { PassThrough } from 'node:stream';
import { jsonObject } from '@swe/domain';
import type { JsonObject, JsonValue, OutsideFile, OutsideResult } from '@swe/domain';
import { z } from 'zod';
import type { ScriptedToolServer } from '../memory/scripted-tool-server';

const message = z.object({
  id: z.union([z.string(), z.number()]).optional(),
  method: z.string().optional(),
  params: jsonObject.optional(),
});
const callParams = z.object({
  name: z.string(),
  arguments: jsonObject.default({}),
  _meta: z.object({ progressToken: z.union([z.string(), z.number()]).optional() }).optional(),
});

/**
 * A scripted tool server as a program that speaks MCP over its standard input and output, without a process. Messages
 * are as in https://modelcontextprotocol.io/specification/2025-06-18: `basic/lifecycle`, `basic/utilities/progress`,
 * `basic/utilities/cancellation`, `server/tools`.
 */
export function openLoopbackToolServer(server: ScriptedToolServer) {
  const output = new PassThrough();
  const cancels = new Map<string | number, () => void>();
  const send = (sent: JsonObject): void => {
    if (!output.writableEnded) output.write(`${JSON.stringify({ jsonrpc: '2.0', ...sent })}\n`);
  };
  const notify = (method: string, params: JsonObject = {}): void => send({ method, params });
  const running = server.start({
    onToolsChanged: () => notify('notifications/tools/list_changed'),
    onEnd: () => output.end(),
  });

  function receive(line: string): void {
    const { id, method, params = {} } = message.parse(JSON.parse(line));
    if (server.isMute) return;
    const answer = (result: JsonObject): void => {
      if (id !== undefined) send({ id, result });
    };
    switch (method) {
      case 'initialize': {
        const { protocolVersion = null } = params;
        const serverInfo = { name: 'loopback', version: '1' };
        return answer({ protocolVersion, capabilities: { tools: { listChanged: true } }, serverInfo });
      }
      case 'ping':
        return answer({});
      case 'tools/list':
        return answer({ tools: running.tools().map(toTool) });
      case 'notifications/cancelled':
        return cancels.get(String(params['requestId']))?.();
      case 'tools/call': {
        const { name, arguments: input, _meta } = callParams.parse(params);
        let progress = 0;
        const cancel = running.call(name, input, {
          onProgress: () =>
            notify('notifications/progress', {
              progressToken: _meta?.progressToken ?? null,
              progress: ++progress,
            }),
          onAnswer: (result) => answer(toResult(result)),
        });
        cancels.set(String(id), cancel);
      }
    }
  }

  return {
    output: output as AsyncIterable<Uint8Array>,
    complaint: () => '',
    async write(text: string): Promise<void> {
      text.trimEnd().split('\n').forEach(receive);
    },
    async end(): Promise<void> {
      running.end();
      output.end();
    },
  };
}

function toTool({ name, description, inputSchema, readsOnly }: ReturnType<ToolList>[number]): JsonValue {
  return { name, description, inputSchema, annotations: { readOnlyHint: readsOnly } };
}

type ToolList = ReturnType<ScriptedToolServer['start']>['tools'];

function toResult({ content, isError }: OutsideResult): JsonObject {
  return { isError, content: content.map((part) => (part.type === 'text' ? { ...part } : toBlock(part))) };
}

function toBlock({ name, declaredAs = 'application/octet-stream', bytes }: OutsideFile): JsonObject {
  const data = Buffer.from(bytes).toString('base64');
  const [kind = ''] = declaredAs.split('/');
  if (kind === 'image' || kind === 'audio') return { type: kind, data, mimeType: declaredAs };
  return { type: 'resource', resource: { uri: name, blob: data, mimeType: declaredAs } };
}
