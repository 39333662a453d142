// One way to fail, as the catalogue describes it.

export interface CatalogueEntry {
  /** What happened, without the service's words. */
  readonly title: string;
  /** What the reader does next. */
  readonly next: string;
}
