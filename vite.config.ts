import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

// The engine runs its queries on libuv's pool; four threads would starve behind four queries (spec engine §5). Test processes inherit this.
process.env['UV_THREADPOOL_SIZE'] ??= '16'

export default defineConfig({
  root: 'web',
  plugins: [react()],
  build: { outDir: '../dist', emptyOutDir: true, chunkSizeWarningLimit: 900 },
  server: { proxy: { '/api': 'http://127.0.0.1:8710', '/ws': { target: 'ws://127.0.0.1:8710', ws: true } } },
  test: {
    root: '.',
    // One for each of the two cores of the reference machine; vitest would leave one of them idle.
    maxWorkers: 2,
    reporters: ['default', './tests/closing-line.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          root: '.',
          include: ['src/**/*.test.ts', 'web/**/*.test.ts', 'tests/**/*.test.ts', 'tools/**/*.test.ts'],
          exclude: ['**/*.engine.test.ts', '**/*.browser.test.ts', 'node_modules/**'],
          pool: 'threads',
          isolate: false,
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        // The engine holds one data directory per process: one process per file.
        test: {
          name: 'engine',
          root: '.',
          include: ['**/*.engine.test.ts'],
          exclude: ['node_modules/**'],
          pool: 'forks',
          isolate: true,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          root: '.',
          include: ['tests/browser/**/*.browser.test.ts'],
          pool: 'forks',
          isolate: true,
          testTimeout: 90_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
