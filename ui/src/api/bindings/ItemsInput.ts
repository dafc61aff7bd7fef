export type ItemsInput = {
/**
 * Part of a name, code or barcode; empty is all.
 */
query: string,
/**
 * Rows to skip.
 */
offset: number,
};
