import type { LoopbackAppSyncEvents } from './loopback-appsync-events';

/** A WebSocket to the realtime endpoint, frame by frame. */
export interface Realtime {
  send(frame: object): void;
  /** The next frame that has come, or comes. */
  next(): Promise<unknown>;
  close(): void;
}

/** Opens one that offers `headers` as its authorisation. */
export async function openRealtime(
  { realtimeUrl }: Pick<LoopbackAppSyncEvents, 'realtimeUrl'>,
  headers: Readonly<Record<string, string>>,
): Promise<Realtime> {
  const coded = Buffer.from(JSON.stringify(headers)).toString('base64url');
  const protocols = ['aws-appsync-event-ws', `header-${coded}`];
  const socket = new WebSocket(`${realtimeUrl}/event/realtime`, protocols);
  const frames: unknown[] = [];
  let arrived = Promise.withResolvers<void>();
  socket.addEventListener('message', ({ data }) => {
    frames.push(JSON.parse(String(data)));
    arrived.resolve();
    arrived = Promise.withResolvers();
  });
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('error', () => reject(new Error('no connection')));
  });
  return {
    send: (frame) => socket.send(JSON.stringify(frame)),
    next: async () => {
      while (frames.length === 0) await arrived.promise;
      return frames.shift();
    },
    close: () => socket.close(),
  };
}
