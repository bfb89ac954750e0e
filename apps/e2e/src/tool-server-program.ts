/** A tool server as a program for Node without packages: who it is, with its environment, and a tool that hangs. */
export const TOOL_SERVER = `
import { createInterface } from 'node:readline';
const tools = ['tell', 'hang'].map((name) => ({ name, description: name, inputSchema: { type: 'object', properties: {} } }));
const text = () => JSON.stringify({ pid: process.pid, uid: process.getuid(), environment: process.env, cwd: process.cwd() });
const answers = {
  initialize: ({ protocolVersion }) => ({ protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'shop', version: '1' } }),
  'tools/list': () => ({ tools }),
  'tools/call': ({ name }) => (name === 'hang' ? undefined : { content: [{ type: 'text', text: text() }] }),
  ping: () => ({}),
};
for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params = {} } = JSON.parse(line);
  const result = id === undefined ? undefined : answers[method]?.(params);
  if (result !== undefined) console.log(JSON.stringify({ jsonrpc: '2.0', id, result }));
}
`;
