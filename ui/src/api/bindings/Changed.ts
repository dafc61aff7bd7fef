export type Changed = {
/**
 * `app`, `sync`, `printing`, `catalogue`, `cart`, `loading`.
 */
what: Array<string>,
};
