import { untrack } from 'svelte';
import { parseRoute, routeHash, type Route } from './routes';

const nothing = (): boolean => false;

/** The screen that is shown, by the hash of the address. */
export class Router {
  route = $state.raw<Route>({ name: 'register' });

  #ask: () => Promise<boolean>;
  #asking = false;
  /** Whether leaving the screen would lose something; the screen says so. */
  #unsaved: () => boolean = nothing;

  /** `ask` asks the person whether what was changed may be lost. */
  constructor(ask: () => Promise<boolean>) {
    this.#ask = ask;
  }

  /** Follows the address; returns what ends it. */
  listen(target: Window): () => void {
    const follow = () => {
      const route = parseRoute(target.location.hash);
      if (!this.#holds(route)) this.route = route;
      else {
        // The address stays with the screen until it is left.
        target.location.hash = routeHash(this.route);
        void this.#leaveFor(route);
      }
    };
    follow();
    target.addEventListener('hashchange', follow);
    return () => target.removeEventListener('hashchange', follow);
  }

  /** A screen says whether leaving it would lose something; returns what ends it. */
  guard(unsaved: () => boolean): () => void {
    this.#unsaved = unsaved;
    return () => {
      // The next screen may have said so already.
      if (this.#unsaved === unsaved) this.#unsaved = nothing;
    };
  }

  /** Whether something would be lost by it. An effect that shows a screen must not run again for having asked that. */
  #holds(route: Route): boolean {
    return untrack(() => route.name !== this.route.name && this.#unsaved());
  }

  /** Goes to a screen; at once, not only when the address has followed, unless something would be lost. */
  go = (route: Route): void => {
    if (this.#holds(route)) void this.#leaveFor(route);
    else this.#show(route);
  };

  #show(route: Route): void {
    this.route = route;
    const hash = routeHash(route);
    if (globalThis.location && globalThis.location.hash !== hash) globalThis.location.hash = hash;
  }

  async #leaveFor(route: Route): Promise<void> {
    if (!(await this.leaves())) return;
    this.#unsaved = nothing;
    this.#show(route);
  }

  /** Whether the screen may be left: the person is asked when something would be lost. Nothing is left while they think. */
  leaves = async (): Promise<boolean> => {
    if (!this.#unsaved()) return true;
    if (this.#asking) return false;
    this.#asking = true;
    const leaves = await this.#ask();
    this.#asking = false;
    return leaves;
  };
}
