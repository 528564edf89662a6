/** A month's result as CSV: a line for each row of each table, and one for all. Times are in ms. */
import type { RunningResult } from '../../domain/running-result'
import { RESULT_GROUPS } from '../../domain/running-result'
import { csvFile } from '../log/csv'

const HEAD = ['month', 'by', 'name', 'closes', 'setOffline', 'left', 'leftAtMostMs', 'leftOpen', 'medianMs']

export function resultCsv(month: string, { total, groups }: RunningResult): string {
  const rows = [
    { by: 'all', name: '', ...total },
    ...RESULT_GROUPS.flatMap((by) => groups[by].map((row) => ({ by, ...row }))),
  ]
  return csvFile(
    HEAD,
    rows.map(({ by, name, closes, setOffline, left, leftMs, open, medianMs }) => {
      return [month, by, name, closes, setOffline, left, leftMs, open, medianMs]
    }),
  )
}
