import { expect, it } from '@jest/globals';
import { credentialShapes } from './credential-shapes';

const SECRET = 'u:se+cr/et?';

it.each([
  ['as it is', SECRET],
  ['in an address', Object.assign(new URL('https://host'), { password: SECRET }).href],
  ['encoded for an address', encodeURIComponent(SECRET)],
  ['in base64', Buffer.from(SECRET).toString('base64')],
  ['in base64, behind one byte', Buffer.from(`x${SECRET}y`).toString('base64')],
  ['in base64, behind two bytes', Buffer.from(`xy${SECRET}zz`).toString('base64')],
  ['in base64, within more', Buffer.from(`Basic ${SECRET}\n`).toString('base64')],
  ['in hexadecimal', Buffer.from(SECRET).toString('hex')],
])('a credential is found %s', (_how, told) => {
  expect(credentialShapes('u', 'se+cr/et?').some((shape) => told.includes(shape))).toBe(true);
});
