import { characterOf } from '../scanner/characters';
import { Wedge } from '../scanner/wedge';
import type { Scopes } from './scopes';
import { actionOf, leavesThePage, type Action } from './shortcuts';

type Field = HTMLInputElement | HTMLTextAreaElement;

function fieldOf(target: EventTarget | null): Field | null {
  if (target instanceof HTMLTextAreaElement) return target;
  if (target instanceof HTMLInputElement && !['checkbox', 'radio', 'range', 'button'].includes(target.type)) {
    return target;
  }
  return null;
}

/** How a text field stood before a burst began. */
interface Before {
  field: Field;
  value: string;
  start: number | null;
  end: number | null;
}

/** In a text field these still act; the others belong to the text. */
const EVEN_IN_FIELDS: ReadonlySet<Action> = new Set<Action>([
  'help',
  'search',
  'quantity',
  'discount',
  'hold',
  'recall',
  'pay',
  'exact',
  'drawer',
  'back',
]);

/**
 * The one listener for keys: shortcuts, the hardware number pad and the scanner.
 *
 * It listens in the capture phase, so that a scan counts wherever the focus is: characters that a scan left in a text
 * field are taken out again, and its Enter presses no button.
 */
export class KeyListener {
  readonly wedge = new Wedge();
  /** Called for a scan that nothing on the screen takes, so that it is not lost in silence. */
  unheard: (code: string) => void = () => {};
  #scopes: Scopes;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #before: Before | null = null;
  #inField = false;

  constructor(scopes: Scopes) {
    this.#scopes = scopes;
  }

  /** Begins to listen; returns what ends it. */
  listen(target: Window): () => void {
    const onKey = (event: KeyboardEvent) => this.#key(event);
    const onMenu = (event: Event) => event.preventDefault();
    target.addEventListener('keydown', onKey, { capture: true });
    target.addEventListener('contextmenu', onMenu);
    return () => {
      target.removeEventListener('keydown', onKey, { capture: true });
      target.removeEventListener('contextmenu', onMenu);
      clearTimeout(this.#timer);
    };
  }

  #key(event: KeyboardEvent): void {
    if (leavesThePage(event)) {
      event.preventDefault();
      return;
    }
    const field = fieldOf(event.target);
    const action = actionOf(event);
    if (action && (!field || EVEN_IN_FIELDS.has(action))) {
      this.#release();
      if (this.#scopes.act(action)) event.preventDefault();
      else if (/^F\d+$/.test(event.key) && event.key !== 'F11') event.preventDefault();
      return;
    }
    if (event.key === 'Enter' || event.key === 'Tab') return this.#end(event);
    if (event.key === 'Backspace' && !field) {
      this.#release();
      if (this.#scopes.erase()) event.preventDefault();
      return;
    }
    const char = characterOf(event);
    if (char !== '') this.#char(char, event, field);
  }

  #char(char: string, event: KeyboardEvent, field: Field | null): void {
    const at = event.timeStamp;
    // A space on a button presses it, unless it is inside of a code.
    if (char === ' ' && !field && !this.wedge.continues(at)) return;
    const fresh = !this.wedge.continues(at);
    if (fresh) {
      this.#release();
      this.#inField = field !== null;
      this.#before = field && {
        field,
        value: field.value,
        start: field.selectionStart,
        end: field.selectionEnd,
      };
    }
    this.wedge.char(char, at, event.repeat);
    if (!field || char === '\u001d') event.preventDefault();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#release(), this.wedge.gapMs + 1);
  }

  #end(event: KeyboardEvent): void {
    clearTimeout(this.#timer);
    const ended = this.wedge.end(event.timeStamp, event.repeat);
    if (ended.kind === 'typed') {
      this.#typed(ended.released);
      if (event.key === 'Enter' && !fieldOf(event.target) && this.#scopes.enter()) event.preventDefault();
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    this.#restore();
    if (ended.kind === 'scan') this.scanned(ended.code);
  }

  /** A code came from a scanner, as keys or by a wire of its own. */
  scanned(code: string): void {
    if (!this.#scopes.scan(code)) this.unheard(code);
  }

  /** Takes the characters of a scan out of the text field again. */
  #restore(): void {
    const before = this.#before;
    this.#before = null;
    if (!before) return;
    before.field.value = before.value;
    if (before.start !== null) before.field.setSelectionRange(before.start, before.end ?? before.start);
    before.field.dispatchEvent(new Event('input', { bubbles: true }));
  }

  #release(): void {
    clearTimeout(this.#timer);
    this.#typed(this.wedge.flush());
  }

  /** Characters that were no scan: in a text field they stand there already, elsewhere they are digits and signs. */
  #typed(text: string): void {
    this.#before = null;
    if (this.#inField) return;
    for (const char of text) {
      if (/[0-9.,]/.test(char)) this.#scopes.digit(char);
      else if (char === '+') this.#scopes.act('plus');
      else if (char === '-') this.#scopes.act('minus');
      else if (char === '*' || char === 'x' || char === '×') this.#scopes.times();
    }
  }
}
