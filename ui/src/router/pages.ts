import type { Permission } from '../api/bindings/Permission';

/** The pages behind the settings, in the order of their tabs, and what a person must be allowed to do to see them. */
export const PAGES = [
  { name: 'settings', needs: null },
  { name: 'prices', needs: 'edit_items' },
  { name: 'layouts', needs: 'back_office' },
  { name: 'sync', needs: null },
  { name: 'printing', needs: null },
  { name: 'printers', needs: null },
  { name: 'devices', needs: 'back_office' },
  { name: 'customer-screen', needs: 'back_office' },
  { name: 'exceptions', needs: 'back_office' },
] as const satisfies readonly { name: string; needs: Permission | null }[];

export type PageName = (typeof PAGES)[number]['name'];

/** Whether a person who may do these things may see a screen. */
export function maySee(name: string, may: (permission: Permission) => boolean): boolean {
  const needs = name === 'items' ? 'back_office' : (PAGES.find((page) => page.name === name)?.needs ?? null);
  return needs === null || may(needs);
}
