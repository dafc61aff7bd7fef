export type OpenDrawerInput = {
/**
 * What is in it.
 */
opening_float: string,
};
