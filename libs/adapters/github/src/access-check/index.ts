export { checkApp } from './check-app';
export type { AppToCheck } from './check-app';
export { checkToken } from './check-token';
export type { TokenToCheck } from './check-token';
