/** A picture on the screen; each turn is one of its own, so that the new one fades in above the old one. */
export interface Slide {
  turn: number;
  id: string;
  url: string;
}

/** The shop's pictures one after another, each for as long as the manager said. */
export class Slides {
  /** The one that goes, and above it the one that stands. */
  shown = $state.raw<readonly Slide[]>([]);

  #pictureOf: (id: string) => Promise<string | null>;
  #ids: readonly string[] = [];
  #seconds = 0;
  #turn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(pictureOf: (id: string) => Promise<string | null>) {
    this.#pictureOf = pictureOf;
  }

  /** Shows these from now on; the same ones again change nothing. */
  show = (ids: readonly string[], seconds: number): void => {
    if (seconds === this.#seconds && ids.join() === this.#ids.join()) return;
    this.#ids = [...ids];
    this.#seconds = seconds;
    this.shown = this.shown.filter((slide) => ids.includes(slide.id)).slice(-1);
    void this.#next();
  };

  end = (): void => {
    this.#turn += 1;
    clearTimeout(this.#timer);
    this.#ids = [];
  };

  /** Shows the next picture that there is. */
  async #next(): Promise<void> {
    clearTimeout(this.#timer);
    const turn = (this.#turn += 1);
    const ids = this.#ids;
    const standing = this.shown.at(-1)?.id;
    const from = ids.findIndex((id) => id === standing);
    for (let step = 1; step <= ids.length; step += 1) {
      const id = ids[(from + step) % ids.length] ?? '';
      const url = id === standing ? null : await this.#pictureOf(id);
      if (turn !== this.#turn) return;
      if (url === null) continue;
      this.shown = [...this.shown.slice(-1), { turn, id, url }];
      break;
    }
    const done = ids.length === 0 || (ids.length === 1 && this.shown.length > 0);
    if (!done) this.#timer = setTimeout(() => void this.#next(), this.#seconds * 1_000);
  }
}
