import type { BuildResult } from '#warehouse/build.ts'
import type { Published } from '#warehouse/publish.ts'

/** What a build published. Throws when an audit held it back: then there is nothing to measure. */
export async function built(building: Promise<BuildResult>): Promise<Published> {
  const result = await building
  if (result.type === 'published') return result.published
  const failed = result.audits
    .filter(({ offending }) => offending > 0)
    .map(({ rule, offending, sample }) => `${offending} rows break "${rule}", the first ${JSON.stringify(sample[0])}`)
  throw new Error(`Cannot measure: ${failed.join('; ')}`)
}
