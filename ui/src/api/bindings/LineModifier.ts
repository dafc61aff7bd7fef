export type LineModifier = {
/**
 * The choice.
 */
modifier_id: string,
/**
 * Its name at the time.
 */
name: string,
/**
 * What it added to the price of one unit.
 */
unit_price: string,
};
