import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { runContract, secretsContract } from '@swe/testing/contracts';
import { ManualClock } from '@swe/testing/memory';
import { openMoto, useEmulator } from '@swe/testing/servers';
import { SsmSecrets } from './ssm-secrets';

const emulator = useEmulator(openMoto);

runContract('SsmSecrets', secretsContract, () => {
  const client = new SSMClient({
    endpoint: emulator.endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  const clock = new ManualClock();
  const secrets = new SsmSecrets({ client, clock });
  // One moto serves all clauses: each has a folder of its own in it.
  const folder = `/${randomUUID()}`;
  const within = (name: string) => `${folder}${name}`;
  return {
    subject: {
      secrets: { read: (name) => secrets.read(within(name)) },
      store: async (name, Value) => {
        const parameter = { Name: within(name), Value, Type: 'SecureString', Overwrite: true } as const;
        await client.send(new PutParameterCommand(parameter));
      },
      pass: (ms) => clock.advance(ms),
      damageAnswers: () => damageAnswers(client),
    },
    close: async () => client.destroy(),
  };
});

/** Loses the quotation mark before each value: the parser's error then quotes the value. */
function damageAnswers(client: SSMClient): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const response = result.response as { body: AsyncIterable<Uint8Array> };
      const body = Buffer.concat(await Array.fromAsync(response.body)).toString();
      response.body = Readable.from([Buffer.from(body.replace(/"Value": ?"/, '"Value": '))]);
      return result;
    },
    { step: 'deserialize', priority: 'low' },
  );
}
