import type { EngineType } from './engine-type.ts'

/** A label in both languages: the Chinese field term first. */
export interface Label {
  readonly zh: string
  readonly en: string
}

export type ColumnKind = keyof typeof kinds

/** What a column holds. `unit` is what pages and the dictionary show; the engine type follows from the kind (DECISIONS §2). */
export interface ColumnDef<Kind extends ColumnKind = ColumnKind, Nullable extends boolean = boolean> {
  readonly kind: Kind
  readonly label: Label
  readonly nullable: Nullable
  readonly unit: string
  /** One sentence: formula or meaning, for `fupan explain` and the dictionary. */
  readonly about: string
}

const kinds = {
  date: { engine: 'UInt32', unit: 'YYYYMMDD' },
  code: { engine: 'LowCardinality(String)', unit: '' },
  text: { engine: 'String', unit: '' },
  category: { engine: 'LowCardinality(String)', unit: '' },
  json: { engine: 'String', unit: 'JSON' },
  price: { engine: 'Float64', unit: 'CNY' },
  milli: { engine: 'Int32', unit: '0.001 CNY' },
  cny: { engine: 'Float64', unit: 'CNY' },
  share: { engine: 'Float64', unit: 'shares' },
  ratio: { engine: 'Float64', unit: 'fraction' },
  score: { engine: 'Float64', unit: 'score' },
  number: { engine: 'Float64', unit: '' },
  count: { engine: 'UInt32', unit: 'count' },
  flags: { engine: 'UInt32', unit: 'bit mask' },
  yesno: { engine: 'UInt8', unit: '0/1' },
  instant: { engine: 'Int64', unit: 'epoch ms' },
} as const satisfies Record<string, { engine: EngineType; unit: string }>

type Build<Kind extends ColumnKind> = (zh: string, en: string, options?: { about?: string; unit?: string }) => ColumnDef<Kind, false>

function kindOf<Kind extends ColumnKind>(kind: Kind): Build<Kind> {
  return (zh, en, options) => ({ kind, label: { zh, en }, nullable: false, unit: options?.unit ?? kinds[kind].unit, about: options?.about ?? '' })
}

export const date = kindOf('date')
export const code = kindOf('code')
export const text = kindOf('text')
/** Text with few distinct values: dictionary-encoded in the engine. */
export const category = kindOf('category')
export const json = kindOf('json')
export const price = kindOf('price')
export const milli = kindOf('milli')
export const cny = kindOf('cny')
export const share = kindOf('share')
export const ratio = kindOf('ratio')
export const score = kindOf('score')
export const number = kindOf('number')
export const count = kindOf('count')
export const flags = kindOf('flags')
export const yesno = kindOf('yesno')
export const instant = kindOf('instant')

/** NULL means "not known". Without this a missing value is an error. */
export function nullable<Kind extends ColumnKind>(column: ColumnDef<Kind, false>): ColumnDef<Kind, true> {
  return { ...column, nullable: true }
}

/** The engine type of a column: the one place where kinds become ClickHouse types. */
export function engineTypeOf(column: ColumnDef): string {
  const { engine } = kinds[column.kind]
  if (!column.nullable) return engine
  return engine.startsWith('LowCardinality(') ? `LowCardinality(Nullable(${engine.slice(15, -1)}))` : `Nullable(${engine})`
}
