import { defineCommand } from '../command.ts'
import { counted } from '../render.ts'
import { textTable } from '../text-table.ts'

interface FileReport {
  readonly path: string
  readonly kind?: string
  readonly state: string
  readonly read: number
  readonly written: number
  readonly unchanged: number
  readonly duplicates: number
  readonly rejected: number
  readonly reasons: Readonly<Record<string, number>>
  readonly samples: readonly { readonly line: number; readonly reason: string; readonly found: string }[]
  readonly detail?: string
}

export const importFiles = defineCommand({
  name: 'import',
  about: 'Load files you already have (csv, csv.gz, parquet); every row is written, unchanged, or rejected with a reason',
  arguments: [{ name: '<paths...>', about: 'files or folders' }],
  options: [
    { flags: '--kind <kind>', about: 'what the files are, when the header alone cannot tell; see: fupan list imports' },
    { flags: '--code <code>', about: 'the stock, when the file and its path do not say' },
    { flags: '--date <date>', about: 'the trade date, when the file and its path do not say' },
  ],
  examples: ['fupan import ~/downloads/daily.csv.gz', 'fupan import ticks/300027.SZ/2018-01-15.csv.gz', 'fupan import prices.csv --kind tushare_daily_qfq'],
  world: 'market',
  does: 'verb',
  args: ([paths], options) => ({
    paths,
    ...Object.fromEntries(['kind', 'code', 'date'].filter((name) => options[name] !== undefined).map((name) => [name, options[name]])),
  }),
  render(data) {
    const { files, milliseconds } = data as { readonly files: readonly FileReport[]; readonly milliseconds: number }
    const rows = files.map((file) => [
      file.path.split('/').slice(-2).join('/'),
      file.kind ?? null,
      file.state,
      counted(file.read),
      counted(file.written),
      counted(file.unchanged),
      counted(file.rejected),
    ])
    const lines = [textTable(['file', 'kind', 'state', 'read', 'written', 'unchanged', 'rejected'], rows)]
    for (const file of files) {
      if (file.detail !== undefined) lines.push('', `${file.path}: ${file.detail}`)
      if (file.duplicates > 0) lines.push('', `${file.path}: ${counted(file.duplicates)} rows repeat a key; the last of each counts`)
      if (file.rejected > 0) {
        lines.push(
          '',
          `${file.path}: rejected ${Object.entries(file.reasons)
            .map(([reason, count]) => `${counted(count)} ${reason}`)
            .join(', ')}`,
        )
        for (const { line, reason, found } of file.samples.slice(0, 3)) lines.push(`  line ${line} ${reason}: ${found}`)
      }
    }
    const total = files.reduce((sum, file) => sum + file.written, 0)
    lines.push(
      '',
      `${counted(total)} rows written from ${files.length} files in ${(milliseconds / 1000).toFixed(1)} s. Build what follows from them with: fupan run --all`,
    )
    return lines.join('\n')
  },
})
