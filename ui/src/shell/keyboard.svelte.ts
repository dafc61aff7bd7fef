/** The on-screen keyboard: which text field it writes to. */
export class Keyboard {
  field = $state.raw<HTMLInputElement | HTMLTextAreaElement | null>(null);

  open = (field: HTMLInputElement | HTMLTextAreaElement): void => {
    this.field = field;
    field.focus();
  };

  close = (): void => {
    this.field = null;
  };

  toggle = (field: HTMLInputElement | HTMLTextAreaElement): void => {
    if (this.field === field) this.close();
    else this.open(field);
  };

  /** Closes when the field that it writes to goes away. */
  leave = (field: HTMLInputElement | HTMLTextAreaElement | null): void => {
    if (this.field === field) this.close();
  };

  write(text: string): void {
    const field = this.field;
    if (!field) return;
    field.focus();
    const start = field.selectionStart ?? field.value.length;
    const end = field.selectionEnd ?? start;
    field.setRangeText(text, start, end, 'end');
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }

  /** Changes the letter before the cursor. */
  change(changed: (letter: string) => string): void {
    const field = this.field;
    if (!field) return;
    field.focus();
    const end = field.selectionEnd ?? field.value.length;
    if (end === 0) return;
    field.setRangeText(changed(field.value.slice(end - 1, end)), end - 1, end, 'end');
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }

  erase(): void {
    const field = this.field;
    if (!field) return;
    field.focus();
    const start = field.selectionStart ?? field.value.length;
    const end = field.selectionEnd ?? start;
    field.setRangeText('', start === end ? Math.max(0, start - 1) : start, end, 'end');
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }

  enter(): void {
    const field = this.field;
    this.close();
    field?.form?.requestSubmit();
  }
}
