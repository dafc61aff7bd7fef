export type SearchInput = {
/**
 * What was typed.
 */
query: string,
};
