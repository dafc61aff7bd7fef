/** A short message that takes no focus and goes away by itself. */
export interface Toast {
  id: number;
  /** When it was shown, in milliseconds. */
  since: number;
  kind: 'info' | 'success' | 'warning' | 'error';
  text: string;
  action?: { label: string; run: () => void };
}

const STAY_MS = { info: 5_000, success: 4_000, warning: 8_000, error: 10_000 } as const;
const MOST = 3;
/** What is said on the way to another screen is meant for that one. */
const ON_THE_WAY_MS = 500;

export class Toasts {
  shown = $state.raw<readonly Toast[]>([]);
  #next = 1;

  show(kind: Toast['kind'], text: string, action?: Toast['action'], since: number = Date.now()): void {
    const id = this.#next++;
    const others = this.shown.filter((toast) => toast.text !== text);
    const toast: Toast = action ? { id, since, kind, text, action } : { id, since, kind, text };
    this.shown = [...others, toast].slice(-MOST);
    setTimeout(() => this.dismiss(id), STAY_MS[kind]);
  }

  dismiss = (id: number): void => {
    this.shown = this.shown.filter((toast) => toast.id !== id);
  };

  /** Another screen is shown: good news of the one before must not cover it. */
  changeScreen = (now: number = Date.now()): void => {
    const stays = (toast: Toast) =>
      toast.kind === 'warning' || toast.kind === 'error' || now - toast.since < ON_THE_WAY_MS;
    this.shown = this.shown.filter(stays);
  };

  clear = (): void => {
    this.shown = [];
  };
}
