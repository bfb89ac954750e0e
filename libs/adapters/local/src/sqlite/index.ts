export * from './sqlite-access';
export * from './sqlite-api-keys';
export * from './sqlite-journal';
export * from './sqlite-ledger';
export * from './sqlite-outbox';
export * from './sqlite-session-store';
export { openSqliteStore } from './sqlite-store';
