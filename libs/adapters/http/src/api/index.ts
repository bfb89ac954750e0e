export { apiApp } from './api-app';
export type { ApiAppOptions } from './api-app';
