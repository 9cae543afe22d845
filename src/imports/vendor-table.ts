import { createHash } from 'node:crypto'
import type { Code } from '#core/code.ts'
import { frameOf, toLabels, type Column } from '#core/frame.ts'
import { defineImportKind, type FileContext, type ImportKind, type RawTable } from '#core/import-kind.ts'
import { codes, dates, isUnknown, optionalDates, optionalNumbers, prices, requiredNumbers, texts } from './cells.ts'
import { cellsOf, plainHeader } from './header.ts'
import { isIndex } from './instrument.ts'
import { Sieve } from './sieve.ts'

/** How one column of a table is read from a vendor's file: under which names it may stand there, and as what. */
export interface Field {
  readonly names: readonly string[]
  readonly isRequired: boolean
  read(cells: readonly string[], sieve: Sieve, context: FileContext): Column
}

/** A date that must be there and not lie in the future. */
export function pastDate(...names: string[]): Field {
  return { names, isRequired: true, read: (cells, sieve, { today }) => dates(cells, sieve, today) }
}

/** A date that must be there and may lie in the future. */
export function anyDate(...names: string[]): Field {
  return { names, isRequired: true, read: (cells, sieve) => dates(cells, sieve) }
}

export function optionalDate(...names: string[]): Field {
  return { names, isRequired: false, read: (cells, sieve) => optionalDates(cells, sieve) }
}

/** A code of the instruments that belong into the table. */
export function codeOf(accepts: (code: Code) => boolean, ...names: string[]): Field {
  return { names, isRequired: true, read: (cells, sieve) => codes(cells, sieve, accepts) }
}

/** Any security that is not an index. */
export function securityCode(...names: string[]): Field {
  return codeOf((code) => !isIndex(code), ...names)
}

export function indexCode(...names: string[]): Field {
  return codeOf(isIndex, ...names)
}

/** A price above zero. */
export function priceField(...names: string[]): Field {
  return { names, isRequired: true, read: prices }
}

/** A number that must be known and not negative. */
export function amountField(...names: string[]): Field {
  return { names, isRequired: true, read: (cells, sieve) => requiredNumbers(cells, sieve) }
}

/** A number that must be known, of either sign. */
export function requiredNumber(...names: string[]): Field {
  return { names, isRequired: true, read: (cells, sieve) => requiredNumbers(cells, sieve, { signed: true }) }
}

export function optionalNumber(...names: string[]): Field {
  return { names, isRequired: false, read: (cells, sieve) => optionalNumbers(cells, sieve) }
}

export function optionalText(...names: string[]): Field {
  return { names, isRequired: false, read: (cells) => texts(cells) }
}

/** A text that must be there: without it the row has no key. */
export function requiredText(...names: string[]): Field {
  return {
    names,
    isRequired: true,
    read(cells, sieve) {
      for (let row = 0; row < cells.length; row++) if (isUnknown(cells[row]!)) sieve.reject(row, 'MISSING_KEY', cells[row]!)
      return texts(cells)
    },
  }
}

/** Fields with the vendor's own names, all optional numbers. */
export function optionalNumbersNamed(...names: string[]): Record<string, Field> {
  return Object.fromEntries(names.map((name) => [name, optionalNumber(name)]))
}

export interface VendorTable extends Pick<ImportKind, 'name' | 'label' | 'about'> {
  readonly table: string
  readonly fields: Readonly<Record<string, Field>>
  /** Vendor columns of which at least one of each group tells this file from its neighbours. */
  readonly marks?: readonly (readonly string[])[]
  /** Vendor columns that are known and not kept. */
  readonly ignored?: readonly string[]
  /** The table column that takes what no field reads, as JSON. Without it a header with more than three such columns is another file's. */
  readonly rest?: string
  /** The table column for a fingerprint of the whole vendor row. */
  readonly hash?: string
  readonly fits?: ImportKind['fits']
  /** Mark further rows as unusable once the columns are decoded. */
  check?(columns: Readonly<Record<string, Column>>, sieve: Sieve, table: RawTable): void
  /** Columns that follow from the decoded ones, or from what the header holds. */
  derive?(columns: Readonly<Record<string, Column>>, table: RawTable): Readonly<Record<string, Column>>
}

/** A kind whose file is one table with one header: every column of the file is one column of the table. Chunks of any size. */
export function vendorTable(definition: VendorTable): ImportKind {
  const fields = Object.entries(definition.fields)
  const known = new Set([...fields.flatMap(([, field]) => field.names), ...(definition.ignored ?? [])])
  return defineImportKind({
    name: definition.name,
    label: definition.label,
    about: definition.about,
    needs: [],
    tables: [definition.table],
    columns: fields.map(([, field]) => field.names[0]!),
    whole: false,
    recognises(header) {
      const plain = plainHeader(header)
      const hasRequired = fields.every(([, { isRequired, names }]) => !isRequired || names.some((name) => plain.includes(name)))
      const hasMarks = (definition.marks ?? []).every((group) => group.some((name) => plain.includes(name)))
      return hasRequired && hasMarks && (definition.rest !== undefined || plain.filter((name) => name !== '' && !known.has(name)).length <= 3)
    },
    ...(definition.fits === undefined ? {} : { fits: definition.fits }),
    decode(table, context) {
      const sieve = new Sieve(table)
      const columns: Record<string, Column> = {}
      for (const [name, field] of fields) {
        const cells = cellsOf(table, ...field.names)
        if (cells !== undefined) columns[name] = field.read(cells, sieve, context)
      }
      if (definition.hash !== undefined) columns[definition.hash] = toLabels(fingerprints(table))
      if (definition.rest !== undefined) columns[definition.rest] = toLabels(restOf(table, known))
      Object.assign(columns, definition.derive?.(columns, table))
      definition.check?.(columns, sieve, table)
      const kept = Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, sieve.keep(column)]))
      return { frames: [{ table: definition.table, frame: frameOf(kept) }], rejected: sieve.rejections() }
    },
  })
}

/** The columns no field reads, per row as JSON in header order; unknown cells are left out. */
function restOf(table: RawTable, known: ReadonlySet<string>): string[] {
  const others = plainHeader(table.header).flatMap((name, i) => (name === '' || known.has(name) ? [] : [{ name, cells: table.columns[i]! }]))
  return table.line.map((_, row) =>
    JSON.stringify(Object.fromEntries(others.flatMap(({ name, cells }) => (isUnknown(cells[row]!) ? [] : [[name, plainValue(cells[row]!)]])))),
  )
}

/** 16 hex digits of SHA-256 over the known cells of a row in name order: the same whatever the column order or the spelling of a number. */
function fingerprints(table: RawTable): string[] {
  const header = plainHeader(table.header)
  const sorted = header.map((name, i) => ({ name, cells: table.columns[i]! })).toSorted((a, b) => (a.name < b.name ? -1 : 1))
  return table.line.map((_, row) => {
    const known = sorted.flatMap(({ name, cells }) => (isUnknown(cells[row]!) ? [] : [`${name}=${plainValue(cells[row]!)}`]))
    return createHash('sha256').update(known.join('\n')).digest('hex').slice(0, 16)
  })
}

function plainValue(cell: string): number | string {
  const value = Number(cell)
  return Number.isFinite(value) ? value : cell.trim()
}
