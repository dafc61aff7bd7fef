/** A short message that takes no focus and goes away by itself. */
export interface Toast {
  id: number;
  kind: 'info' | 'success' | 'warning' | 'error';
  text: string;
  action?: { label: string; run: () => void };
}

const STAY_MS = { info: 5_000, success: 4_000, warning: 8_000, error: 10_000 } as const;
const MOST = 3;

export class Toasts {
  shown = $state.raw<readonly Toast[]>([]);
  #next = 1;

  show(kind: Toast['kind'], text: string, action?: Toast['action']): void {
    const id = this.#next++;
    const others = this.shown.filter((toast) => toast.text !== text);
    const toast: Toast = action ? { id, kind, text, action } : { id, kind, text };
    this.shown = [...others, toast].slice(-MOST);
    setTimeout(() => this.dismiss(id), STAY_MS[kind]);
  }

  dismiss = (id: number): void => {
    this.shown = this.shown.filter((toast) => toast.id !== id);
  };

  clear = (): void => {
    this.shown = [];
  };
}
