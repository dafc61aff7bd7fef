import { parseRoute, routeHash, type Route } from './routes';

/** The screen that is shown, by the hash of the address. */
export class Router {
  route = $state.raw<Route>({ name: 'register' });

  /** Follows the address; returns what ends it. */
  listen(target: Window): () => void {
    const follow = () => (this.route = parseRoute(target.location.hash));
    follow();
    target.addEventListener('hashchange', follow);
    return () => target.removeEventListener('hashchange', follow);
  }

  /** Goes to a screen; at once, not only when the address has followed. */
  go = (route: Route): void => {
    this.route = route;
    const hash = routeHash(route);
    if (globalThis.location && globalThis.location.hash !== hash) globalThis.location.hash = hash;
  };
}
