import type { TenderKind } from "./TenderKind";

export type OutletView = {
/**
 * The outlet.
 */
outlet_id: string,
/**
 * Its name.
 */
name: string,
/**
 * The business.
 */
tenant_name: string,
/**
 * Its code.
 */
code: string,
/**
 * Its currency.
 */
currency: string,
/**
 * Decimals of the minor unit in use.
 */
digits: number,
/**
 * Its language.
 */
locale: string,
/**
 * Its time zone.
 */
zone: string,
/**
 * Notes that customers commonly hand over, ascending.
 */
notes: Array<string>,
/**
 * The means of payment taken, cash first.
 */
tenders: Array<TenderKind>,
};
