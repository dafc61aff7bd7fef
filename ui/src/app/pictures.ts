import type { PictureView } from '../api/bindings/PictureView';

const MOST = 600;
/** Pictures asked for at a time: the browser has few connections, and a tap must never wait behind pictures. */
const AT_A_TIME = 2;

/** Pictures by id, each asked for once; the oldest are forgotten when there are too many. */
export class Pictures {
  #ask: (pictureId: string) => Promise<PictureView>;
  #known = new Map<string, Promise<string | null>>();
  #waiting: (() => void)[] = [];
  #running = 0;

  constructor(ask: (pictureId: string) => Promise<PictureView>) {
    this.#ask = ask;
  }

  /** The picture as `data:` URL, null when there is none. */
  get = (pictureId: string): Promise<string | null> => {
    const known = this.#known.get(pictureId);
    if (known) return known;
    const asked = this.#inTurn(pictureId).catch(() => {
      this.#known.delete(pictureId);
      return null;
    });
    this.#known.set(pictureId, asked);
    const oldest = this.#known.keys().next().value;
    if (this.#known.size > MOST && oldest !== undefined) this.#known.delete(oldest);
    return asked;
  };

  async #inTurn(pictureId: string): Promise<string | null> {
    if (this.#running >= AT_A_TIME) await new Promise<void>((go) => this.#waiting.push(go));
    this.#running += 1;
    try {
      const { data_url } = await this.#ask(pictureId);
      return data_url.startsWith('data:image/') ? data_url : null;
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
    }
  }
}
