/** What an issue, a pull request or a comment holds, in characters: GitHub refuses more ("body is too long"). */
export const MAX_BODY_LENGTH = 65_536;
