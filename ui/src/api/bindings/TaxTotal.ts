export type TaxTotal = {
/**
 * Its name at the time.
 */
name: string,
/**
 * What it is computed on.
 */
base: string,
/**
 * The tax.
 */
amount: string,
};
