import type { Engine } from '#warehouse/engine/engine.ts'
import { openEmbeddedEngine } from '#warehouse/engine/embedded-engine.ts'
import { createTables } from '#warehouse/schema.ts'
import { tables } from '#warehouse/tables.ts'
import { join } from 'node:path'

/** Use the embedded engine of a bench's folder, with every table of the warehouse in it. */
export async function withEngine<T>(folder: string, use: (engine: Engine) => Promise<T>): Promise<T> {
  const engine = await openEmbeddedEngine({ directory: join(folder, 'engine'), threadPoolSize: 16 })
  try {
    await createTables(engine, tables)
    return await use(engine)
  } finally {
    await engine.close()
  }
}
