import type { Action } from './shortcuts';

/** What a screen, panel or dialog does with keys and scans while it is open. */
export interface Scope {
  /** Keys and scans that it does not take go no further. */
  modal?: boolean;
  actions?: Partial<Record<Action, () => void>>;
  /** A digit, `,` or `.` that was typed without a text field having the focus; true when it was used. */
  digit?: (char: string) => boolean;
  /** Enter without a scan; true when it was used, so that no button is pressed by it. */
  enter?: () => boolean;
  /** Backspace outside of text fields; true when it was used. */
  erase?: () => boolean;
  /** `*`, `×` or `x`: what was typed is a quantity. */
  times?: () => boolean;
  scan?: (code: string) => void;
}

/** The open scopes, the topmost last. */
export class Scopes {
  #stack: Scope[] = [];

  /** Opens a scope; returns what closes it. */
  open(scope: Scope): () => void {
    this.#stack.push(scope);
    return () => {
      this.#stack = this.#stack.filter((other) => other !== scope);
    };
  }

  /** The scopes that hear a key now, topmost first. */
  *heard(): Generator<Scope> {
    for (let index = this.#stack.length - 1; index >= 0; index -= 1) {
      const scope = this.#stack[index];
      if (!scope) return;
      yield scope;
      if (scope.modal) return;
    }
  }

  act(action: Action): boolean {
    for (const scope of this.heard()) {
      const act = scope.actions?.[action];
      if (act) {
        act();
        return true;
      }
    }
    return false;
  }

  digit(char: string): boolean {
    for (const scope of this.heard()) if (scope.digit?.(char)) return true;
    return false;
  }

  enter(): boolean {
    for (const scope of this.heard()) if (scope.enter?.()) return true;
    return false;
  }

  erase(): boolean {
    for (const scope of this.heard()) if (scope.erase?.()) return true;
    return false;
  }

  times(): boolean {
    for (const scope of this.heard()) if (scope.times?.()) return true;
    return false;
  }

  scan(code: string): boolean {
    for (const scope of this.heard()) {
      if (scope.scan) {
        scope.scan(code);
        return true;
      }
    }
    return false;
  }
}
