import { join } from 'node:path'
import { openApp } from '#app/app.ts'
import { readConfig } from '#app/config.ts'
import { createLog } from '#app/log.ts'
import { runVerb } from '#app/run-verb.ts'
import { systemClock } from '#app/system-clock.ts'
import type { Bench } from './bench.ts'

const DAILY = 'data/daily_qfq/tushare_qfq_2012_202303.csv.gz'
const LEVEL2 = ['trade', 'entrust', 'snapshot'].map((name) => `data/l2/600519.SH_20230201/${name}.csv.gz`)

/** Real files through the real verb into a fresh data directory: read, decode, stage, audit, publish, record. */
export const importFiles: Bench = {
  name: 'import-files',
  about: 'import of 554,693 adjusted daily bars, and of one Level-2 day',
  async *run({ folder, shared, say }) {
    if (shared === undefined) {
      say('skipped: FUPAN_SHARED is absent')
      return
    }
    const opened = await openApp({
      config: readConfig({ dataDirectory: folder }, { UV_THREADPOOL_SIZE: '16' }),
      world: 'market',
      clock: systemClock,
      log: createLog({ level: 'silent' }),
    })
    if (opened.type === 'held') throw new Error('Cannot measure: the temporary folder is held')
    const load = async (paths: readonly string[]) => {
      const started = performance.now()
      const { data, exitCode } = await runVerb(
        opened.app,
        'import',
        { paths: paths.map((path) => join(shared, path)) },
        { emit() {}, signal: new AbortController().signal, folder },
      )
      if (exitCode !== 0) throw new Error(`Cannot measure: ${JSON.stringify(data)}`)
      return (performance.now() - started) / 1000
    }
    try {
      yield { name: 'daily_qfq, 554,693 rows', unit: 's', readings: [await load([DAILY])], budget: 8 }
      yield { name: 'daily_qfq again, all unchanged', unit: 's', readings: [await load([DAILY])] }
      yield { name: 'Level-2 day: 27 k trades, 55 k orders, 5 k snapshots', unit: 's', readings: [await load(LEVEL2)], budget: 2 }
    } finally {
      await opened.app.close()
    }
  },
}
