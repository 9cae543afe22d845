import { defineSource, type Source } from '#core/source.ts'
import type { Fault, FaultConfig } from '#market/fault.ts'
import { faultPlan } from '#market/fault-plan.ts'
import { FaultyFeed, hitsFeed } from '#market/faulty-feed.ts'
import { faultyPage } from '#market/faulty-page.ts'

/** What a faulty source is made of: the source that tells the truth, the faults and their seed, and who hears of each fault. */
export interface FaultySettings {
  readonly source: Source
  readonly faults: FaultConfig
  readonly seed: number
  readonly onFault?: (fault: Fault) => void
}

/**
 * 坏数据源: any source as a faulty vendor would answer (spec simulator §13): rows of pages and records of the live feed are lost, doubled, swapped, late or wrong, by the seed.
 * Faults of requests are the business of the vendor's server. Without rates the pages and batches are those of the source, untouched.
 */
export function faultySource({ source, faults, seed, onFault = () => {} }: FaultySettings): Source {
  const plan = faultPlan(faults, seed)
  return defineSource({
    ...source,
    name: `faulty-${source.name}`,
    label: { zh: `${source.label.zh} (注入故障)`, en: `${source.label.en} (with injected faults)` },
    async *fetch(request, signal) {
      for await (const page of source.fetch(request, signal)) {
        const hit = faultyPage(plan, page)
        hit.faults.forEach(onFault)
        yield hit.page
      }
    },
    async *ticks(date, codes, signal) {
      if (!hitsFeed(plan)) {
        yield* source.ticks(date, codes, signal)
        return
      }
      const feed = new FaultyFeed(plan, date)
      let told = 0
      const tell = () => {
        for (; told < feed.faults.length; told++) onFault(feed.faults[told]!)
      }
      for await (const batch of source.ticks(date, codes, signal)) {
        const delivered = feed.push(batch)
        tell()
        if (delivered.length > 0) yield delivered
      }
      const rest = feed.end()
      tell()
      if (rest.length > 0) yield rest
    },
  })
}
