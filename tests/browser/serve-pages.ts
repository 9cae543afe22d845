import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { preview } from 'vite'
import type { Cockpit } from './start-cockpit.ts'

const root = join(import.meta.dirname, '../..')

/** The built pages without a server behind them: for tests that answer every request themselves. */
export async function servePages(): Promise<Cockpit> {
  if (!existsSync(join(root, 'dist/index.html'))) throw new Error('Cannot serve the pages: dist/index.html does not exist. Run: npm run build')
  const server = await preview({ configFile: false, root, build: { outDir: 'dist' }, preview: { host: '127.0.0.1', port: 0 }, logLevel: 'error' })
  const [url] = server.resolvedUrls?.local ?? []
  if (url === undefined) throw new Error('Cannot serve the pages: the preview server has no address')
  return { url: url.replace(/\/$/, ''), close: () => server.close() }
}
