export type LineInput = {
/**
 * The line.
 */
line_id: string,
};
