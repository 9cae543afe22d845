export type ImportErrorKind =
  | 'not-found'
  | 'unreadable'
  | 'empty'
  | 'no-header'
  | 'not-text'
  | 'broken-gzip'
  | 'broken-quotes'
  | 'too-large'
  | 'unknown-kind'
  | 'ambiguous-kind'
  | 'refused'
  | 'missing-context'

/** A file cannot be imported, for a reason the user can do something about: the message ends with what. Nothing of the file was loaded wrongly. */
export class ImportError extends Error {
  override readonly name = 'ImportError'
  readonly kind: ImportErrorKind

  constructor(kind: ImportErrorKind, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.kind = kind
  }
}
