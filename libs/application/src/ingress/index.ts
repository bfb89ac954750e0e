export { receiveMessage } from './receive-message';
export type { IngressPorts } from './receive-message';
