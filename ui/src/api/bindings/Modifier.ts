export type Modifier = {
/**
 * The choice.
 */
modifier_id: string,
/**
 * Its name.
 */
name: string,
/**
 * What it adds to the price of one unit (may be below zero).
 */
unit_price: string,
};
