import { untrack } from 'svelte';
import type { Till } from '../app/till.svelte';

/** Often enough to see a device come back while its plug is still in the hand. */
const LOOK_MS = 3_000;

/** Loads now, whenever something changed, and every few seconds, for as long as the page is open. */
export function keepAsking(till: Pick<Till, 'changes'>, load: () => Promise<void>): void {
  $effect(() => {
    void till.changes;
    untrack(() => void load());
  });
  $effect(() => {
    const timer = setInterval(() => void load(), LOOK_MS);
    return () => clearInterval(timer);
  });
}
