import { UsageError } from '#core/errors.ts'
import { z } from 'zod'
import { filesBelow, importFile, type FileReport } from '../import-file.ts'
import { nameUnknownStocks } from '../name-unknown-stocks.ts'
import { defineVerb } from '../verb.ts'

/** 导入: files the user has into the raw tables, each file as one unit: all of it or nothing, every row accounted for. */
export const importVerb = defineVerb({
  name: 'import',
  args: z.strictObject({ paths: z.array(z.string().min(1)).min(1), kind: z.string().optional(), code: z.string().optional(), date: z.string().optional() }),
  async run(app, { paths, ...said }, { emit, signal, folder }) {
    if (app.world !== 'market')
      throw new UsageError('Cannot import into the simulated market: real and invented numbers never share a world. Leave --world out')
    const started = app.clock.now()
    const files = filesBelow(paths, folder)
    if (files.length === 0) throw new UsageError(`Cannot import ${paths.join(', ')}: there is no .csv, .csv.gz or .parquet file`)
    const reports: FileReport[] = []
    for (const [i, path] of files.entries()) {
      if (signal.aborted) break
      if (files.length > 1) emit({ type: 'progress', what: 'files', done: i, total: files.length, unit: 'files' })
      const report = await importFile(app, path, said, emit, signal)
      reports.push(report)
      if (report.detail !== undefined) emit({ type: 'message', level: report.state === 'done' ? 'note' : 'warning', text: report.detail })
    }
    await nameUnknownStocks(app)
    const failed = reports.filter(({ state }) => state === 'failed')
    const isWorthwhile = reports.some(({ state }) => state === 'done')
    return {
      exitCode: signal.aborted ? 130 : failed.length === 0 || (isWorthwhile && files.length > 1) ? 0 : 65,
      data: { files: reports, milliseconds: app.clock.now() - started },
    }
  },
})
