import { expect, it } from '@jest/globals';
import { sampleKillPoints, sweepSample } from './kill-sample';
import { killPoints, MISHAPS } from './kill-sweep';
import { NO_VIOLATIONS } from './verdict';

it('takes every method of every port, each that writes to the store with each mishap', async () => {
  const sample = await sampleKillPoints(1);
  const methods = (points: readonly { call: { port: string; method: string } }[]) =>
    new Set(points.map(({ call }) => `${call.port} ${call.method}`));
  expect(methods(sample)).toEqual(methods(await killPoints(MISHAPS)));
  const mishapsOf = (of: string) =>
    sample.filter(({ call }) => `${call.port} ${call.method}` === of).map(({ mishap }) => mishap);
  expect(mishapsOf('journal append')).toEqual(MISHAPS);
  expect(mishapsOf('outbox settle')).toEqual(MISHAPS);
  expect(mishapsOf('session-store beginStop')).toEqual(MISHAPS.filter((mishap) => mishap !== 'lost'));
  expect(mishapsOf('session-store readInbox')).toHaveLength(1);
});

it('is the same for the same seed', async () => {
  const sample = await sampleKillPoints(1);
  expect(await sampleKillPoints(1)).toEqual(sample);
  expect(await sampleKillPoints(2)).not.toEqual(sample);
});

it('names calls that the job makes: in memory, too, it ends well', async () => {
  const lethal = (await sampleKillPoints(1)).filter(({ mishap }) => mishap !== 'freeze');
  const { failures, violations } = await sweepSample(lethal, {});
  expect(failures).toEqual([]);
  expect(violations).toEqual(NO_VIOLATIONS);
});

it('fails at a call that the job does not make', async () => {
  const [point] = await sampleKillPoints(1);
  if (point === undefined) throw new Error('there are points');
  await expect(sweepSample([{ ...point, nth: 1_000 }], {})).rejects.toThrow(point.call.method);
});
