export interface Measured<T> {
  readonly seconds: number
  /** Seconds of processor time of this process, all threads: what stays the same when other programs want the machine. */
  readonly processor: number
  /** Most bytes resident, sampled every 25 ms. */
  readonly peak: number
  readonly value: T
}

/** Do some work and say how long it took, what of the processor, and how much memory was resident at most. */
export async function measured<T>(work: () => Promise<T>): Promise<Measured<T>> {
  let peak = process.memoryUsage.rss()
  const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 25)
  const [started, before] = [performance.now(), process.cpuUsage()]
  try {
    const value = await work()
    const { user, system } = process.cpuUsage(before)
    return { seconds: (performance.now() - started) / 1000, processor: (user + system) / 1e6, peak: Math.max(peak, process.memoryUsage.rss()), value }
  } finally {
    clearInterval(timer)
  }
}
