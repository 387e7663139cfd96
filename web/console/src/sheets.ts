// Lists as files: the columns that were chosen, headed and filled in the words that the page shows.
import { csvOf, isoDay, namesThere, needPlaces, xlsxOf, type SheetCell } from '@lifang/kit'

export interface Column<R> {
  key: string
  title: string
  /** What is shown and sorted by; the row's member of this key by default. */
  text?: (row: R) => string | number | null | undefined
  /** What is sorted by, where it is not what is shown. */
  by?: (row: R) => string | number
  number?: boolean
  hidden?: boolean
}
const instantText = /^\d{4}-\d\d-\d\dT\d\d:\d\d/

/** What rows are put in order by: a time by itself and not by how it is written, everything else by what is shown. */
export function orderOf<R>(column: Column<R>, row: R): string | number {
  if (column.by) return column.by(row)
  const raw = (row as Record<string, unknown>)[column.key]
  if (typeof raw === 'string' && instantText.test(raw)) return raw
  return ((column.text ? column.text(row) : raw) as string | number | null | undefined) ?? ''
}

/** A time stands as a time, so that a spreadsheet can order it ("2 hours left" could not); everything else as the page says it. */
export function cellOf<R>(column: Column<R>, row: R): SheetCell {
  const raw = (row as Record<string, unknown>)[column.key]
  if (typeof raw === 'string' && instantText.test(raw)) return new Date(raw)
  const said = column.text ? column.text(row) : raw
  return typeof said === 'number' || said === null || said === undefined ? said : typeof said === 'boolean' ? (said ? '✓' : '') : typeof said === 'object' ? JSON.stringify(said) : String(said)
}

/** Gives the rows to the person as a file named after the list and the day. Waits for names that are still asked for. */
export async function saveSheet<R>(suffix: 'xlsx' | 'csv', name: string, columns: Column<R>[], rows: R[]): Promise<void> {
  const said = () => rows.map(row => columns.map(column => cellOf(column, row)))
  await needPlaces([...new Set(rows.flatMap(row => String((row as { path?: string }).path ?? '').split('/').filter(Boolean).slice(-2)))])
  // To say it once asks for the names; a name that is found may lead to others.
  for (let turn = 0; turn < 2; turn++) {
    said()
    await namesThere()
  }
  const sheet = { name, columns: columns.map(c => c.title), rows: said() }
  const file = suffix === 'xlsx' ? new Blob([xlsxOf(sheet)], { type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' }) : new Blob([csvOf(sheet)], { type: 'text/csv;charset=utf-8' })
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = `${name} ${isoDay(Date.now())}.${suffix}`
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
