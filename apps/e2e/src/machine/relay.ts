/**
 * A program: takes connections in its own network, and hands each on to a Unix socket, which is the same in every network.
 * Arguments: `<address> <port> <socket>`, as often as wanted. Says `ready` once all are open.
 */
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

const words = process.argv.slice(2);
for (let i = 0; i + 2 < words.length; i += 3) {
  const [host = '', port = '', path = ''] = words.slice(i, i + 3);
  const server = createServer((incoming) => {
    const onward = connect(path);
    incoming.pipe(onward).pipe(incoming);
    incoming.on('error', () => onward.destroy());
    onward.on('error', () => incoming.destroy());
  });
  server.listen({ host, port: Number(port) });
  await once(server, 'listening');
}
console.log('ready');
