export type GridInput = {
/**
 * The category; None is the first.
 */
category_id: string | null,
};
