import { isLabels, labelAt, labels } from '#core/frame.ts'
import type { RawTable } from '#core/import-kind.ts'
import { EngineError, type Engine } from '#warehouse/engine/engine.ts'
import { ImportError } from '#imports/import-error.ts'

/** The rows of a Parquet file as raw text cells, read by the embedded engine block by block; times as they stand, without a zone. */
export async function* parquetRows(engine: Engine, path: string): AsyncIterable<RawTable> {
  if (engine.flavour === 'server')
    throw new ImportError(
      'refused',
      `Cannot import ${path}: a ClickHouse server does not see this file. Convert it to csv, or import it without FUPAN_CLICKHOUSE_URL`,
    )
  const source = `file('${path.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}', 'Parquet')`
  let line = 2
  try {
    const columns = await engine.describe(`select * from ${source}`)
    const cells = columns.map(
      ({ name, type }) =>
        `ifNull(${type.includes('DateTime') ? `formatDateTime(\`${name}\`, '%Y-%m-%d %H:%i:%S.%f')` : `toString(\`${name}\`)`}, '') as \`${name}\``,
    )
    let isEmpty = true
    for await (const frame of engine.frames(`select ${cells.join(', ')} from ${source} settings input_format_parquet_preserve_order = 1, max_threads = 1`)) {
      isEmpty = false
      const from = line
      line += frame.length
      yield {
        header: columns.map(({ name }) => name),
        columns: columns.map(({ name }) => {
          const column = frame.columns[name]!
          if (!isLabels(column)) throw new TypeError(`Cannot read ${path}: column ${name} did not come as text`)
          const text = labels(frame, name)
          return Array.from({ length: frame.length }, (_, row) => labelAt(text, row) ?? '')
        }),
        line: Array.from({ length: frame.length }, (_, row) => from + row),
      }
    }
    if (isEmpty) yield { header: columns.map(({ name }) => name), columns: columns.map(() => []), line: [] }
  } catch (error) {
    // Expected: a file that is not Parquet, or is damaged.
    if (!(error instanceof EngineError)) throw error
    throw new ImportError('unreadable', `Cannot import ${path}: it is not a readable Parquet file (${error.message.slice(0, 200)}). Fetch or write it again`, {
      cause: error,
    })
  }
}
