import { describe, expect, it } from '@jest/globals';
import { workerManagerConfig } from './worker-manager';

const whole = {
  AWS_REGION: 'eu-west-1',
  SWE_TABLE_NAME: 'swe-main',
  SWE_BUCKET_NAME: 'swe-main-artifacts',
  SWE_LAUNCH_TEMPLATE_NAME: 'swe-main-worker',
  SWE_LAUNCH_TEMPLATE_VERSION: '7',
  SWE_INSTANCE_TYPES: 'm8g.large, m7g.large',
  SWE_SUBNET_IDS: 'subnet-1,subnet-2',
};

describe('the worker manager’s configuration', () => {
  it('reads lists in their order, and has defaults', () => {
    expect(workerManagerConfig.parse(whole)).toMatchObject({
      SWE_ENV: 'main',
      SWE_INSTANCE_TYPES: ['m8g.large', 'm7g.large'],
      SWE_SUBNET_IDS: ['subnet-1', 'subnet-2'],
      SWE_SPOT: 'false',
    });
  });

  it.each(Object.keys(whole))('names %s when it is missing', (name) => {
    const { error } = workerManagerConfig.safeParse({ ...whole, [name]: undefined });
    expect(error?.issues.map(({ path }) => path)).toEqual([[name]]);
  });

  it.each([
    ['SWE_LAUNCH_TEMPLATE_VERSION', '$Latest'],
    ['SWE_INSTANCE_TYPES', ' , '],
    ['SWE_SPOT', 'yes please'],
  ])('names %s when it is %j, and does not print that', (name, value) => {
    const { error } = workerManagerConfig.safeParse({ ...whole, [name]: value });
    expect(error?.issues.map(({ path }) => path)).toEqual([[name]]);
    expect(error?.issues.map(({ message }) => message).join()).not.toContain(value);
  });
});
