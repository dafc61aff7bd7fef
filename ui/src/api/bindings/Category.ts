export type Category = {
/**
 * The category.
 */
category_id: string,
/**
 * Its name.
 */
name: string,
/**
 * The place in the row of categories.
 */
position: number,
/**
 * The colour of its bar as `#rrggbb`.
 */
color: string,
};
