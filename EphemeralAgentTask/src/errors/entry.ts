// An entry of the error catalogue.

export interface CatalogueEntry {
  /** What happened, without the service's words. */
  readonly title: string;
  /** What the reader does next. */
  readonly next: string;
}
