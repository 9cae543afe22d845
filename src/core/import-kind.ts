import type { Frame } from './frame.ts'
import type { Code } from './code.ts'
import type { TradeDate } from './trade-date.ts'

/** A text table as it stands in the file: header names and one array of raw cells per column. `line` is the 1-based file line of each row. */
export interface RawTable {
  readonly header: readonly string[]
  readonly columns: readonly (readonly string[])[]
  readonly line: readonly number[]
}

/** Where a file came from and what the user said about it. */
export interface FileContext {
  readonly path: string
  readonly fileName: string
  /** `--code`, else read from the path (`300027.SZ/2018-01-15.csv.gz`), else absent. */
  readonly code?: Code
  /** `--date`, else read from the path, else absent. */
  readonly date?: TradeDate
  /** Today's trade date: rows later than this are rejected as FUTURE_DATE. */
  readonly today: TradeDate
}

/** A row that was not loaded, and why. Never silent. */
export interface Rejection {
  readonly line: number
  readonly reason:
    | 'BAD_DATE'
    | 'FUTURE_DATE'
    | 'BAD_CODE'
    | 'BAD_PRICE'
    | 'BAD_NUMBER'
    | 'BAD_TIME'
    | 'MISSING_KEY'
    | 'ZERO_VOLUME'
    | 'DUPLICATE'
    | 'BAD_ROW'
    | 'BAD_OHLC'
    | 'BAD_VWAP'
  /** The offending cell or row, at most 200 characters. */
  readonly found: string
}

/** What one chunk of a file decodes to: rows for one or more tables, and the rows that could not be used. */
export interface Decoded {
  readonly frames: readonly { readonly table: string; readonly frame: Frame }[]
  readonly rejected: readonly Rejection[]
}

/** 导入类型: recognises a file by its header and turns raw cells into the columns of ODS tables, in the vendor's units. */
export interface ImportKind {
  readonly name: string
  readonly label: { readonly zh: string; readonly en: string }
  /** One line for `fupan list`: what the file is and its units. */
  readonly about: string
  /** What the context must give because the file itself does not say it. */
  readonly needs: readonly ('code' | 'date')[]
  /** The tables it may fill, by name. */
  readonly tables: readonly string[]
  /** The vendor columns it reads, for help texts and for finding the nearest kind of an unknown header. */
  readonly columns: readonly string[]
  /** Whether the header alone could be of this kind. Several kinds may share a header. */
  recognises(header: readonly string[], context: Pick<FileContext, 'path' | 'fileName'>): boolean
  /** Among kinds that share a header: whether the file's name and first rows speak for this one. Absent = always. */
  fits?(sample: RawTable, context: Pick<FileContext, 'path' | 'fileName'>): boolean
  /** Decode one chunk. Stateless kinds get chunks of any size; `whole: true` kinds get the whole file at once (newest-first files). */
  readonly whole: boolean
  decode(table: RawTable, context: FileContext): Decoded
}

export function defineImportKind(kind: ImportKind): ImportKind {
  return kind
}
