import { readConfig } from '#app/config.ts'
import { openApp } from '#app/app.ts'
import { playDemo } from '#app/play-demo.ts'
import { systemClock } from '#app/system-clock.ts'
import { createLog } from '#app/log.ts'
import { ClientEngine } from '#warehouse/engine/client-engine.ts'
const [folder, size] = [process.argv[2]!, Number(process.argv[3] ?? 300)]
const stats = new Map<string, { n: number; ms: number; max: number }>()
const note = (kind: string, sql: string, ms: number) => {
  const key = kind + ' ' + sql.replace(/--.*\n/g, '').replace(/\s+/g, ' ').replace(/staging_(\w+?)_\d+/g, 'staging_$1').replace(/\d{3,}/g, 'N').trim().slice(0, 110)
  const s = stats.get(key) ?? { n: 0, ms: 0, max: 0 }
  s.n++; s.ms += ms; s.max = Math.max(s.max, ms); stats.set(key, s)
}
const p = ClientEngine.prototype as any
for (const name of ['exec', 'rows', 'insert', 'describe']) {
  const original = p[name]
  p[name] = async function (sql: string, ...rest: any[]) { const t = performance.now(); try { return await original.call(this, sql, ...rest) } finally { note(name, sql, performance.now() - t) } }
}
for (const name of ['frame']) {
  const original = p[name]
  p[name] = async function (sql: string, ...rest: any[]) { const t = performance.now(); try { return await original.call(this, sql, ...rest) } finally { note(name, sql, performance.now() - t) } }
}
const of = p.frames
p.frames = async function* (sql: string, ...rest: any[]) { const it = of.call(this, sql, ...rest)[Symbol.asyncIterator](); let ms = 0; let first = 0; try { for (;;) { const t = performance.now(); const s = await it.next(); ms += performance.now() - t; if (first === 0) first = ms; if (s.done) return; yield s.value } } finally { await it.return?.(); note('frames(first ' + Math.round(first / 100) * 100 + ')', sql, ms) } }
const opened = await openApp({ config: readConfig({ dataDirectory: folder }), world: 'sim', clock: systemClock, log: createLog({ level: 'warn' }), simulated: { size } })
if (opened.type !== 'opened') throw new Error('held')
const tasks: any[] = []
const started = new Map<string, number>()
const t0 = Date.now()
const begin = performance.now()
await playDemo(opened.app, { emit: (e: any) => { if (e.type === 'task-started') started.set(e.task, e.at); if (e.type === 'task-ended') tasks.push([((started.get(e.task)! - t0) / 1000).toFixed(1), ((e.at - t0) / 1000).toFixed(1), e.task, e.outcome.rows]) }, signal: new AbortController().signal, folder } as any, () => {}, { once: true, speed: 0 })
const cpu = process.cpuUsage()
console.log('demo wall', ((performance.now() - begin) / 1000).toFixed(1), 'cpu', ((cpu.user + cpu.system) / 1e6).toFixed(1), 'rss', (process.resourceUsage().maxRSS / 1e6).toFixed(2))
for (const t of tasks) console.log(...t)
const all = [...stats].toSorted((a, b) => b[1].ms - a[1].ms)
for (const [key, s] of all.slice(0, 45)) console.log((s.ms / 1000).toFixed(2).padStart(7), String(s.n).padStart(5), (s.max / 1000).toFixed(2).padStart(6), key)
await opened.app.close()
