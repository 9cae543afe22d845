import { tables as registry } from '#warehouse/tables.ts'
import { z } from 'zod'
import { labelField } from '../fields.ts'
import { defineRoute } from '../route.ts'

/** 数据字典: every table with its columns, units, labels and inputs. Pages take headers and formats from here. */
export const tables = defineRoute({
  path: 'GET /api/tables',
  summary: 'The dictionary: tables, columns, units, labels, lineage',
  query: z.object({}),
  reply: z.object({
    rows: z.array(
      z.object({
        name: z.string(),
        layer: z.string(),
        label: labelField,
        about: z.string(),
        grain: z.array(z.string()),
        inputs: z.array(z.string()),
        columns: z.array(z.object({ name: z.string(), kind: z.string(), unit: z.string(), nullable: z.boolean(), label: labelField, about: z.string() })),
      }),
    ),
  }),
  maxAge: 300,
  handle: () => ({
    rows: registry.map((table) => ({
      name: table.name,
      layer: table.layer,
      label: table.label,
      about: table.about,
      grain: [...table.grain],
      inputs: table.inputs.map((input) => input.table.name),
      columns: Object.entries(table.columns).map(([name, { kind, unit, nullable, label, about }]) => ({ name, kind, unit, nullable, label, about })),
    })),
  }),
})
