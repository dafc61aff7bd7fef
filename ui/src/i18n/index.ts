export { Texts } from './texts.svelte';
export type { Key } from './keys';
export * from './format';
