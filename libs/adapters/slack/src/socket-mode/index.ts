export { listenOverSocketMode } from './listen-over-socket-mode';
export type { SocketModeOptions } from './listen-over-socket-mode';
