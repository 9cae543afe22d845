import { graphOf, type Graph, type TaskNode } from '#dag/graph.ts'
import type { DayState, StateOf } from '#dag/fingerprint.ts'
import { definitionOf } from '#warehouse/definition.ts'
import type { Input, Table } from '#warehouse/table.ts'
import { tables } from '#warehouse/tables.ts'

/** The night's graph, derived from the tables: a node per table, an edge per input. ODS tables are given (fetched or imported), the rest are built. */
export function nightGraph(): Graph {
  const alternatives = new Map(tables.flatMap((table) => table.inputs.filter(({ orElse }) => orElse.length > 0).map((input) => [eitherName(input), input])))
  const either = ([name, { table, orElse }]: readonly [string, Input]): TaskNode => {
    return { name, needs: [], definition: 'either', given: true, sparse: [table, ...orElse].every(isSparse) }
  }
  return graphOf([...[...alternatives].map(either), ...tables.map(nodeOf)])
}

/** The state of a day of "either of these tables": there as soon as one of them is, as new as the newest. */
export function withAlternatives(stateOf: StateOf): StateOf {
  return (task, date) => {
    if (!task.includes(EITHER)) return stateOf(task, date)
    return task.split(EITHER).reduce<DayState | undefined>((newest, name) => {
      const state = stateOf(name, date)
      return state === undefined || (newest !== undefined && newest.version >= state.version) ? newest : state
    }, undefined)
  }
}

/** Whether a table has one state for all days: it has no trade date. */
export function isWhole(table: Table): boolean {
  return !('trade_date' in table.columns)
}

const EITHER = ' or '

function nodeOf(table: Table): TaskNode {
  const needs = table.inputs.map((input) => ({
    name: input.orElse.length > 0 ? eitherName(input) : input.table.name,
    lookback: isWhole(input.table) ? 0 : input.lookback,
    // A dimension that was never filled holds nothing up: its absence shows as unknown values.
    strength: input.strength,
  }))
  return {
    name: table.name,
    needs,
    definition: definitionOf(table),
    given: table.build.by === 'fetch',
    whole: isWhole(table),
    sparse: isSparse(table),
    pool: 'engine',
  }
}

/** Ticks, lists and the like exist for some days only: days without them are normal. */
function isSparse(table: Table): boolean {
  return table.build.by === 'fetch' && table.name !== 'ods_daily' && table.name !== 'ods_daily_qfq'
}

function eitherName({ table, orElse }: Input): string {
  return [table, ...orElse].map(({ name }) => name).join(EITHER)
}
