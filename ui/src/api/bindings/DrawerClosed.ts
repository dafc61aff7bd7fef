import type { DrawerReport } from "./DrawerReport";

export type DrawerClosed = {
/**
 * Gapless per terminal.
 */
z_number: number,
/**
 * The figures.
 */
report: DrawerReport,
/**
 * By whom.
 */
staff_id: string,
/**
 * Their name.
 */
staff_name: string,
/**
 * When.
 */
closed_at: number,
/**
 * The day of business.
 */
business_date: string,
/**
 * What was counted.
 */
counted_cash: string,
/**
 * `counted − expected`.
 */
difference: string,
/**
 * How the count came about: (value of one piece in minor units, pieces).
 */
denominations: Array<[number, number]>,
/**
 * A word on the difference.
 */
note: string | null,
};
