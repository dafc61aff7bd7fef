import { parseRoute, routeHash, type Route } from './routes';

/** The screen that is shown, by the hash of the address. */
export class Router {
  route = $state.raw<Route>({ name: 'register' });
  /** Asked before a screen is left on which something would be lost; whether it may be. */
  mayLeave: (() => Promise<boolean>) | null = null;

  /** Follows the address; returns what ends it. */
  listen(target: Window): () => void {
    const follow = () => {
      const route = parseRoute(target.location.hash);
      if (this.mayLeave === null || route.name === this.route.name) this.route = route;
      else {
        // The address stays with the screen until it is left.
        target.location.hash = routeHash(this.route);
        this.go(route);
      }
    };
    follow();
    target.addEventListener('hashchange', follow);
    return () => target.removeEventListener('hashchange', follow);
  }

  /** Goes to a screen; at once, not only when the address has followed. */
  go = (route: Route): void => {
    if (this.mayLeave !== null && route.name !== this.route.name) {
      void this.#leaveFor(route);
      return;
    }
    this.route = route;
    const hash = routeHash(route);
    if (globalThis.location && globalThis.location.hash !== hash) globalThis.location.hash = hash;
  };

  async #leaveFor(route: Route): Promise<void> {
    const leaves = await this.mayLeave?.();
    if (leaves === false) return;
    this.mayLeave = null;
    this.go(route);
  }
}
