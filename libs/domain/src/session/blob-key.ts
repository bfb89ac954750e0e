import { Fault } from '../fault';

const KEY = /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/;

/** Throws `invalid` for a key that is no path of plain names: what is safe as a file's path and an object's key. */
export function checkBlobKey(key: string): void {
  if (!KEY.test(key)) throw new Fault('invalid', `${JSON.stringify(key)} is no key for a blob`);
}
