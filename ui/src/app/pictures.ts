import type { Till } from './till.svelte';

const MOST = 600;

/** Pictures by id, each asked for once; the oldest are forgotten when there are too many. */
export class Pictures {
  #till: Till;
  #known = new Map<string, Promise<string | null>>();

  constructor(till: Till) {
    this.#till = till;
  }

  /** The picture as `data:` URL, null when there is none. */
  get(pictureId: string): Promise<string | null> {
    const known = this.#known.get(pictureId);
    if (known) return known;
    const asked = this.#till.ask('picture.get', { picture_id: pictureId }).then(
      (picture) => (picture.data_url.startsWith('data:image/') ? picture.data_url : null),
      () => {
        this.#known.delete(pictureId);
        return null;
      },
    );
    this.#known.set(pictureId, asked);
    const oldest = this.#known.keys().next().value;
    if (this.#known.size > MOST && oldest !== undefined) this.#known.delete(oldest);
    return asked;
  }
}
