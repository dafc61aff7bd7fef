export type TerminalView = {
/**
 * The terminal.
 */
terminal_id: string,
/**
 * Its name in the outlet, `T3`.
 */
name: string,
/**
 * The server's address.
 */
server_url: string,
};
