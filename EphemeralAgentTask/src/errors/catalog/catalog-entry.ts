// An entry of the error catalog.

export interface CatalogEntry {
  /** What happened, without the service's words. */
  readonly title: string;
  /** What the reader does next. */
  readonly next: string;
}
