export type CloseDrawerInput = {
/**
 * What was counted in all.
 */
counted_cash: string,
/**
 * (value of one piece in minor units, pieces), when counted so.
 */
denominations: Array<[number, number]>,
/**
 * A word on the difference.
 */
note: string | null,
};
