import { expect, it } from '@jest/globals';
import { openHttpServer } from './open-http-server';

const HOST = '127.0.0.1';
const fetchOf = (words: string) => () => new Response(words);

it('a server answers at its address, until it is closed', async () => {
  const server = await openHttpServer({ fetch: fetchOf('here'), host: HOST, port: 0 });
  expect(await (await fetch(server.url)).text()).toBe('here');
  await server.close();
  await expect(fetch(server.url)).rejects.toThrow();
});

it('a port in use is a conflict that names it', async () => {
  const first = await openHttpServer({ fetch: fetchOf('here'), host: HOST, port: 0 });
  const port = Number(new URL(first.url).port);
  const second = openHttpServer({ fetch: fetchOf('there'), host: HOST, port });
  await expect(second).rejects.toMatchObject({
    kind: 'conflict',
    message: expect.stringContaining(String(port)),
  });
  await first.close();
});
