export * from './open-http-server';
