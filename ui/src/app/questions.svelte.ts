/** A question that must be answered before a step that cannot be taken back. */
export interface Question {
  title: string;
  text: string;
  confirm: string;
  danger: boolean;
}

export class Questions {
  open = $state.raw<(Question & { answer: (yes: boolean) => void }) | null>(null);

  /** Resolves to whether the person confirmed. */
  async confirm(question: Question): Promise<boolean> {
    this.open?.answer(false);
    const yes = await new Promise<boolean>((answer) => {
      this.open = { ...question, answer };
    });
    this.open = null;
    return yes;
  }
}
