export { checkAppToken, checkBotToken } from './check-tokens';
