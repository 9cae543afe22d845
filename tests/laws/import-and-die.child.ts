/* A process that imports a file and is killed, as by kill -9, before its nth statement with the words given. Arguments: data directory, file, words, n. */
import { openApp, type App } from '#app/app.ts'
import { readConfig } from '#app/config.ts'
import { importFile } from '#app/import-file.ts'
import { createLog } from '#app/log.ts'
import { systemClock } from '#app/system-clock.ts'
import type { Engine } from '#warehouse/engine/engine.ts'

const [directory, file, words, nth] = process.argv.slice(2) as [string, string, string, string]
const opened = await openApp({ config: readConfig({ dataDirectory: directory }), world: 'market', clock: systemClock, log: createLog({ level: 'silent' }) })
if (opened.type === 'held') throw new Error('the folder is held')
const { app } = opened

let statements = 0
const dying = new Proxy(app.engine, {
  get(target, name) {
    const method = target[name as keyof Engine]
    if (typeof method !== 'function') return method
    return (...given: unknown[]) => {
      if (String(given[0]).includes(words) && ++statements >= Number(nth)) process.kill(process.pid, 'SIGKILL')
      return (method as (...args: unknown[]) => unknown).apply(target, given)
    }
  },
})
const mortal: App = Object.create(app, { engine: { value: dying } }) as App
await importFile(mortal, file, {}, () => {}, new AbortController().signal)
process.stdout.write(`survived ${statements} statements\n`)
await app.close()
