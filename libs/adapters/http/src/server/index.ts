export { openHttpServer } from './http-server';
export type { HttpServer, HttpServerOptions } from './http-server';
