export type TaxAmount = {
/**
 * The tax.
 */
tax_id: string,
/**
 * Its name at the time.
 */
name: string,
/**
 * Its rate at the time.
 */
rate_ppm: number,
/**
 * Whether it is inside the prices.
 */
included: boolean,
/**
 * What it is computed on, without the tax.
 */
base: string,
/**
 * The tax.
 */
amount: string,
};
