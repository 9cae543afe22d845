import { nearest } from '#core/errors.ts'
import type { FileContext, ImportKind, RawTable } from '#core/import-kind.ts'
import { adjustmentNamed } from './daily-shape.ts'
import { plainHeader } from './header.ts'
import { ImportError } from './import-error.ts'
import { importKinds } from './kinds/index.ts'

/** Rows looked at when several kinds share a header: spread over the sample, because the first stock of an adjusted file may never have paid. */
const SAMPLE_ROWS = 5000

/** Files that are known but hold nothing to import. */
const documents: readonly { readonly columns: readonly string[]; readonly why: string }[] = [
  { columns: ['当前列名', '字段名', '中文含义'], why: 'it describes the columns of other files and holds no market data. Import those files' },
]

/**
 * The kind of a file: the one named by `--kind` if its columns are there, else the only one whose header it has, else the one its name and first rows
 * speak for. Throws ImportError when there is none ('unknown-kind', naming the nearest), several ('ambiguous-kind', asking for --kind),
 * or when the file is documentation ('refused').
 */
export function kindFor(
  header: readonly string[],
  context: Pick<FileContext, 'path' | 'fileName'>,
  options: { readonly kind?: string; readonly sample?: RawTable } = {},
): ImportKind {
  const plain = plainHeader(header)
  const document = documents.find(({ columns }) => columns.every((column) => plain.includes(column)))
  if (document !== undefined) throw new ImportError('refused', `Cannot import ${context.fileName}: ${document.why}`)
  if (options.kind !== undefined) return named(options.kind, header, context)
  const candidates = importKinds.filter((kind) => kind.recognises(header, context))
  if (candidates.length === 1) return candidates[0]!
  if (candidates.length === 0) throw unknown(header, context)
  const sample = options.sample === undefined ? undefined : spread(options.sample, SAMPLE_ROWS)
  const fitting = sample === undefined ? [] : candidates.filter((kind) => kind.fits?.(sample, context) ?? true)
  if (fitting.length === 1) return fitting[0]!
  throw ambiguous(fitting.length === 0 ? candidates : fitting, context)
}

/** What the kind needs and neither the file nor its path nor the user says. A column that carries the code, or full time stamps in `ts`, is enough. */
export function missingContext(kind: ImportKind, header: readonly string[], context: FileContext): readonly ('code' | 'date')[] {
  const plain = plainHeader(header)
  const isSaid = {
    code: context.code !== undefined || ['ts_code', 'code', 'symbol', 'securityid', '代码', '股票代码'].some((name) => plain.includes(name)),
    date: context.date !== undefined || plain.includes('ts'),
  }
  return kind.needs.filter((need) => !isSaid[need])
}

function named(name: string, header: readonly string[], context: Pick<FileContext, 'path' | 'fileName'>): ImportKind {
  const wanted = name.trim().toLowerCase().replaceAll('-', '_')
  const kind = importKinds.find((each) => each.name === wanted)
  if (kind === undefined) {
    const close = nearest(
      wanted,
      importKinds.map((each) => each.name),
    )
    throw new ImportError('unknown-kind', `Cannot use --kind ${name}: it is one of ${names()}.${close === undefined ? '' : ` Did you mean ${close}?`}`)
  }
  if (!kind.recognises(header, context))
    throw new ImportError(
      'unknown-kind',
      `Cannot read ${context.fileName} as ${kind.name}: ${difference(kind, header)}. Leave --kind out to let the header decide`,
    )
  return kind
}

function unknown(header: readonly string[], context: Pick<FileContext, 'fileName'>): ImportError {
  const plain = new Set(plainHeader(header))
  const likeness = (kind: ImportKind) =>
    kind.columns.filter((column) => plain.has(column.toLowerCase())).length / new Set([...plain, ...kind.columns.map((column) => column.toLowerCase())]).size
  const [closest] = importKinds.toSorted((a, b) => likeness(b) - likeness(a))
  const hint = closest !== undefined && likeness(closest) > 0 ? ` The nearest kind is ${closest.name}: ${difference(closest, header)}.` : ''
  return new ImportError(
    'unknown-kind',
    `Cannot import ${context.fileName}: its header is that of no known kind, found "${header.join(',').slice(0, 160)}".${hint} Known kinds: ${names()}`,
  )
}

function ambiguous(candidates: readonly ImportKind[], context: Pick<FileContext, 'path' | 'fileName'>): ImportError {
  const isDaily = candidates.some((kind) => kind.name === 'tushare_daily')
  const why = isDaily
    ? adjustmentNamed(context) === undefined
      ? 'unadjusted, forward- and back-adjusted bars share this header, prices are not all on the 0.01 grid or the codes are of several sorts, and the file name says neither qfq nor hfq'
      : 'its codes are not all of one sort (stocks, funds or indices)'
    : 'its header fits several kinds'
  return new ImportError(
    'ambiguous-kind',
    `Cannot tell what ${context.fileName} is: ${why}. Say --kind ${candidates.map((kind) => kind.name).join(' or --kind ')}`,
  )
}

function difference(kind: ImportKind, header: readonly string[]): string {
  const plain = plainHeader(header)
  const lacking = kind.columns.filter((column) => !plain.includes(column.toLowerCase()))
  return lacking.length === 0 ? `it reads ${kind.columns.join(',')}` : `it also reads ${lacking.slice(0, 8).join(', ')}${lacking.length > 8 ? ', …' : ''}`
}

function names(): string {
  return importKinds.map((kind) => kind.name).join(', ')
}

/** At most `rows` rows of a table, evenly spread. */
function spread(table: RawTable, rows: number): RawTable {
  if (table.line.length <= rows) return table
  const step = table.line.length / rows
  const places = Array.from({ length: rows }, (_, i) => Math.floor(i * step))
  return { header: table.header, columns: table.columns.map((cells) => places.map((place) => cells[place]!)), line: places.map((place) => table.line[place]!) }
}
