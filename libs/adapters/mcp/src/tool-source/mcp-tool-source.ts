import { text } from '@swe/domain';
import type { Clock, OutsideCall, OutsideResult, ToolListing, ToolServer, ToolSource } from '@swe/domain';
import { createForgetting } from './forget-secrets';
import type { ServerAccess } from './open-connection';
import { ToolServerLink } from './tool-server-link';

export interface McpToolSourceOptions extends ServerAccess {
  /** By their names. */
  readonly servers: ReadonlyMap<string, ToolServer>;
  readonly clock: Clock;
}

/**
 * Tool servers that speak the Model Context Protocol (https://modelcontextprotocol.io). None is started before it is
 * first asked for something. Secrets are read at each start, and taken out of what servers say.
 */
export class McpToolSource implements ToolSource {
  readonly #links: ReadonlyMap<string, ToolServerLink>;

  constructor({ servers, readSecret, ...options }: McpToolSourceOptions) {
    const secrets = new Map<string, string>();
    const access = {
      ...options,
      forget: createForgetting(secrets),
      async readSecret(name: string): Promise<string> {
        const value = await readSecret(name);
        secrets.set(name, value);
        return value;
      },
    };
    const names = [...servers].toSorted(([a], [b]) => (a < b ? -1 : 1));
    this.#links = new Map(names.map(([name, server]) => [name, new ToolServerLink(name, server, access)]));
  }

  async list(signal: AbortSignal): Promise<ToolListing> {
    const links = [...this.#links.values()];
    await Promise.all(links.map((link) => link.refresh(signal)));
    return {
      tools: links.flatMap(({ tools }) => tools),
      troubles: links.flatMap(({ name, trouble }) =>
        trouble === undefined ? [] : [{ server: name, reason: trouble }],
      ),
    };
  }

  async call({ server, tool, input }: OutsideCall, signal: AbortSignal): Promise<OutsideResult> {
    const link = this.#links.get(server);
    if (link !== undefined) return link.call(tool, input, signal);
    return { content: [text(`There is no tool server ${JSON.stringify(server)}`)], isError: true };
  }

  /** Ends every server. */
  async close(): Promise<void> {
    await Promise.all([...this.#links.values()].map((link) => link.close()));
  }
}
