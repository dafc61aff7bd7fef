export type ScanInput = {
/**
 * The code.
 */
code: string,
/**
 * How many; one unless given.
 */
quantity: string | null,
};
