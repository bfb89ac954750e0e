export * from './loopback-bus';
