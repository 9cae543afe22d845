/* A process that imports a file and is killed, as by kill -9, before its nth statement of the phase named. Arguments: data directory, file, phase, n. */
import { openApp, type App } from '#app/app.ts'
import { readConfig } from '#app/config.ts'
import { importFile } from '#app/import-file.ts'
import { createLog } from '#app/log.ts'
import { systemClock } from '#app/system-clock.ts'
import type { Engine } from '#warehouse/engine/engine.ts'

const [directory, file, phase, nth] = process.argv.slice(2) as [string, string, 'staging' | 'publishing', string]
const opened = await openApp({ config: readConfig({ dataDirectory: directory }), world: 'market', clock: systemClock, log: createLog({ level: 'silent' }) })
if (opened.type === 'held') throw new Error('the folder is held')
const { app } = opened

let statements = 0
const dying = new Proxy(app.engine, {
  get(target, name) {
    const method = target[name as keyof Engine]
    if (typeof method !== 'function') return method
    return (...given: unknown[]) => {
      if (app.ledger.imports.unfinished()[0]?.state === phase && ++statements >= Number(nth)) process.kill(process.pid, 'SIGKILL')
      return (method as (...args: unknown[]) => unknown).apply(target, given)
    }
  },
})
const mortal: App = Object.create(app, { engine: { value: dying } }) as App
const report = await importFile(mortal, file, {}, () => {}, new AbortController().signal)
process.stdout.write(`${JSON.stringify({ ...report, statements })}\n`)
await app.close()
