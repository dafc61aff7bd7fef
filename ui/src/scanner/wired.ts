import { inWindow } from '../api/tauri';
import type { Till } from '../app/till.svelte';
import { Turns } from '../app/turns';
import { stripCode } from './wedge';

/** The till's own window always; a browser only while somebody works in it, since several may be open at one till. */
const isHere = (): boolean => inWindow() || document.hasFocus();

/** Codes of scanners that are no keyboards: fetched when the engine says that there are some, and handed on in order. */
export class WiredScans {
  #till: Pick<Till, 'ask' | 'on'>;
  #scanned: (code: string) => void;
  #isHere: () => boolean;
  #turns = new Turns();

  constructor(till: Pick<Till, 'ask' | 'on'>, scanned: (code: string) => void, here: () => boolean = isHere) {
    this.#till = till;
    this.#scanned = scanned;
    this.#isHere = here;
  }

  /** Begins to listen; returns what ends it. */
  listen = (): (() => void) => this.#till.on('scan', () => void this.#turns.run(this.#take));

  /** One at a time: each code is given once, and two answers could overtake each other. */
  #take = async (): Promise<void> => {
    if (!this.#isHere()) return;
    // When the engine does not answer the screen says so already.
    const taken = await this.#till.ask('scanner.take', {}).catch(() => null);
    for (const code of (taken?.codes ?? []).map(stripCode)) if (code !== '') this.#scanned(code);
  };
}
