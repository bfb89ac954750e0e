export * from './otel-tracer';
