import { describe, expect, it } from '@jest/globals';
import { mayGiveLeave, ownsSession, standingOf } from './who-may-policy';

const ADA = 'slack:T1/U1';

describe('a requester', () => {
  it.each([
    ['is let in where nobody is an admin', undefined, false, { isAdmin: false, isAllowed: true }],
    ['is not let in unless approved', ['U9'], false, { isAdmin: false, isAllowed: false }],
    ['is let in once approved, and no admin', ['U9'], true, { isAdmin: false, isAllowed: true }],
    ['is an admin by the user id', ['U1'], false, { isAdmin: true, isAllowed: true }],
    ['is an admin by team and user', [ADA], false, { isAdmin: true, isAllowed: true }],
    [
      'is no admin by the same user id of another team',
      ['slack:T2/U1'],
      false,
      { isAdmin: false, isAllowed: false },
    ],
    ['is let in by no empty list', [], false, { isAdmin: false, isAllowed: false }],
  ])('%s', (_name, admins, isApproved, standing) => {
    expect(standingOf({ admins }, ADA, isApproved)).toEqual(standing);
  });

  it('is let in, and no admin, where the place decides', () => {
    const standing = { isAdmin: false, isAllowed: true };
    expect(standingOf({ admins: ['U1'], isByPlace: true }, ADA, false)).toEqual(standing);
    expect(standingOf({ admins: ['U9'], isByPlace: true }, ADA, false)).toEqual(standing);
  });

  it('owns the sessions they asked for, and an admin all', () => {
    const user = { isAdmin: false, isAllowed: true };
    expect(ownsSession({ requester: ADA }, ADA, user)).toBe(true);
    expect(ownsSession({ requester: ADA }, 'slack:T1/U2', user)).toBe(false);
    expect(ownsSession({ requester: ADA }, 'slack:T1/U2', { ...user, isAdmin: true })).toBe(true);
  });
});

describe('leave to change workflow files', () => {
  const user = { isAdmin: false, isAllowed: true };
  it.each<[string, string, boolean, boolean, true | undefined, boolean]>([
    ['an admin', 'slack:T1/U2', true, false, undefined, true],
    ['who asked for the session and was heard', ADA, false, true, undefined, true],
    ['who asked for it and was not heard', ADA, false, false, undefined, false],
    ['another who was heard', 'slack:T1/U2', false, true, undefined, false],
    ['another who was heard, where the place decides', 'github:bob', false, true, true, true],
    ['who asked and was not heard, where the place decides', ADA, false, false, true, false],
  ])('of %s', (_name, who, isAdmin, hasHadWork, isByPlace, may) => {
    const how = { hasHadWork, ...(isByPlace && { isByPlace }) };
    expect(mayGiveLeave({ requester: ADA }, who, { ...user, isAdmin }, how)).toBe(may);
  });
});
