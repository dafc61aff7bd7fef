/** Items on a page, as the engine gives them. */
export const PAGE = 100;

export interface Page {
  /** The first row's number, from one; none is 0. */
  from: number;
  to: number;
  total: number;
  /** Where the page before begins; null on the first. */
  before: number | null;
  /** Where the next page begins; null on the last. */
  next: number | null;
}

/** Which rows of all are shown. */
export function pageOf(offset: number, shown: number, total: number): Page {
  return {
    from: shown === 0 ? 0 : offset + 1,
    to: offset + shown,
    total,
    before: offset > 0 ? Math.max(0, offset - PAGE) : null,
    next: offset + shown < total ? offset + PAGE : null,
  };
}
