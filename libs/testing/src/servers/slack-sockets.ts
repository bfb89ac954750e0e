import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import type { SlackAttempt } from './slack-deliveries';
import type { SlackTeller } from './slack-people';
import { BOT } from './slack-world';

const acknowledgement = z.object({ envelope_id: z.string(), payload: z.unknown().optional() });
const PING_MS = 10_000;

/** Socket Mode: https://docs.slack.dev/apis/events-api/using-socket-mode */
export class SlackSockets implements SlackTeller {
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #clients = new Set<WebSocket>();
  readonly #tickets = new Set<string>();
  readonly #waiting = new Map<string, (attempt: SlackAttempt) => void>();
  readonly #ping = setInterval(() => this.#clients.forEach((client) => client.ping()), PING_MS).unref();
  /** Envelope ids that the app acknowledged, in order. */
  readonly acknowledged: string[] = [];

  get connections(): number {
    return this.#clients.size;
  }

  /** Each address is good for one connection. */
  ticket(): string {
    const ticket = randomUUID();
    this.#tickets.add(ticket);
    return `/link/?ticket=${ticket}&app_id=${BOT.appId}`;
  }

  upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
    const ticket = new URL(incoming.url ?? '/', 'http://127.0.0.1').searchParams.get('ticket') ?? '';
    if (!this.#tickets.delete(ticket)) {
      socket.end('HTTP/1.1 401 Unauthorized\r\nconnection: close\r\n\r\n');
      return;
    }
    this.#server.handleUpgrade(incoming, socket, head, (client) => this.#connect(client));
  }

  event(payload: object): Promise<readonly SlackAttempt[]> {
    return this.#send('events_api', payload, { retry_attempt: 0, retry_reason: '' });
  }

  command(form: Readonly<Record<string, string>>): Promise<readonly SlackAttempt[]> {
    return this.#send('slash_commands', form);
  }

  click(payload: object): Promise<readonly SlackAttempt[]> {
    return this.#send('interactive', payload);
  }

  /** Tells every client to connect again, as Slack does every few hours, and before that with the reason `warning`. */
  disconnect(reason: 'warning' | 'refresh_requested'): void {
    const host = 'applink-1';
    this.#clients.forEach((client) =>
      client.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host } })),
    );
  }

  close(): void {
    clearInterval(this.#ping);
    this.#clients.forEach((client) => client.terminate());
    this.#server.close();
  }

  #connect(client: WebSocket): void {
    this.#clients.add(client);
    client.on('close', () => this.#clients.delete(client));
    client.on('message', (data: Buffer) => this.#receive(data.toString()));
    client.send(
      JSON.stringify({
        type: 'hello',
        num_connections: this.#clients.size,
        debug_info: { host: 'applink-1', build_number: 10, approximate_connection_time: 18_060 },
        connection_info: { app_id: BOT.appId },
      }),
    );
  }

  /** To one of the connections. Resolves when it is acknowledged, at once when there is none. */
  #send(type: string, payload: object, beside: object = {}): Promise<readonly SlackAttempt[]> {
    const [client] = this.#clients;
    if (client === undefined) return Promise.resolve([]);
    const id = randomUUID();
    const accepts = type !== 'events_api';
    const envelope = {
      envelope_id: id,
      payload,
      type,
      accepts_response_payload: accepts,
      ...beside,
    };
    return new Promise((resolve) => {
      this.#waiting.set(id, (attempt) => resolve([attempt]));
      client.send(JSON.stringify(envelope));
    });
  }

  #receive(text: string): void {
    const { envelope_id: id, payload } = acknowledgement.parse(JSON.parse(text));
    this.acknowledged.push(id);
    this.#waiting.get(id)?.({ headers: {}, body: text, status: 200, answer: JSON.stringify(payload ?? {}) });
    this.#waiting.delete(id);
  }
}
