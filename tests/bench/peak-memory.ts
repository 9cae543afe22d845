/** Do some work and say how long it took and how much memory was resident at most, sampled every 25 ms. */
export async function measured<T>(work: () => Promise<T>): Promise<{ readonly seconds: number; readonly peak: number; readonly value: T }> {
  let peak = process.memoryUsage.rss()
  const sample = () => (peak = Math.max(peak, process.memoryUsage.rss()))
  const timer = setInterval(sample, 25)
  const started = performance.now()
  try {
    const value = await work()
    return { seconds: (performance.now() - started) / 1000, peak: Math.max(peak, process.memoryUsage.rss()), value }
  } finally {
    clearInterval(timer)
  }
}
