import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readFrames } from './read-frames';

const streamOf = (bytes: Uint8Array, cuts: readonly number[]): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start(controller) {
      const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
      places.forEach((place, i) => controller.enqueue(bytes.slice(place, places[i + 1] ?? bytes.length)));
      controller.close();
    },
  });

it('gives the data of each event, wherever the network cuts', async () => {
  const texts = fc.array(fc.string({ unit: 'grapheme' }));
  await fc.assert(
    fc.asyncProperty(texts, fc.array(fc.nat()), async (values, cuts) => {
      const data = values.map((value) => JSON.stringify(value));
      const frames = data.map((each, i) => `id: ${i}\nevent: x\ndata: ${each}\n\n`);
      const sent = new TextEncoder().encode(`retry: 1000\n\n: nothing new\n\n${frames.join('')}`);
      expect(await Array.fromAsync(readFrames(streamOf(sent, cuts)))).toEqual(data);
    }),
  );
});
