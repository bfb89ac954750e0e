export * from './session-credentials';
