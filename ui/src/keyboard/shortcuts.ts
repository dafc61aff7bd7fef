/** What a key does, and how it is shown on the buttons. None is needed: everything can be tapped. */

export type Action =
  | 'help'
  | 'search'
  | 'customer'
  | 'quantity'
  | 'discount'
  | 'hold'
  | 'recall'
  | 'pay'
  | 'exact'
  | 'drawer'
  | 'back'
  | 'undo'
  | 'plus'
  | 'minus'
  | 'remove'
  | 'up'
  | 'down'
  | 'left'
  | 'right';

/** Each action's key by its `KeyboardEvent.key`. */
export const KEYS: Record<Action, string> = {
  help: 'F1',
  search: 'F2',
  customer: 'F3',
  quantity: 'F4',
  discount: 'F6',
  hold: 'F7',
  recall: 'F8',
  pay: 'F9',
  exact: 'F10',
  drawer: 'F12',
  back: 'Escape',
  undo: 'Ctrl+Z',
  plus: '+',
  minus: '-',
  remove: 'Delete',
  up: 'ArrowUp',
  down: 'ArrowDown',
  left: 'ArrowLeft',
  right: 'ArrowRight',
};

const CAPS: Partial<Record<Action, string>> = {
  back: 'Esc',
  remove: 'Del',
};

/** How a key is written on a button. */
export function keyCap(action: Action): string {
  return CAPS[action] ?? KEYS[action];
}

const BY_KEY = new Map<string, Action>(Object.entries(KEYS).map(([action, key]) => [key, action as Action] as const));

/** What of a key event matters here. */
export interface ChordLike {
  key: string;
  ctrlKey: boolean;
  altKey: boolean;
  metaKey: boolean;
}

/** The action of a key that is no character, or null. */
export function actionOf(event: ChordLike): Action | null {
  if (event.altKey) return null;
  if (event.ctrlKey || event.metaKey) return event.key.toLowerCase() === 'z' ? 'undo' : null;
  return event.key.length > 1 ? (BY_KEY.get(event.key) ?? null) : null;
}

/** Whether the key would leave, reload or print the page, which a till never wants. */
export function leavesThePage(event: ChordLike): boolean {
  if (event.key === 'F5' || event.key === 'BrowserBack' || event.key === 'BrowserRefresh') return true;
  if (event.altKey && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) return true;
  return (event.ctrlKey || event.metaKey) && ['r', 'p', 's', 'o'].includes(event.key.toLowerCase());
}
