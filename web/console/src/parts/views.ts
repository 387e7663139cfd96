// Views that somebody keeps of a list: its search, order, columns and filters, in this browser.
export interface View {
  name: string
  search: string
  sort: { key: string; down: boolean } | null
  columns: string[]
  filters: Record<string, unknown>
}
const key = (list: string) => 'views.' + list
const most = 20

export function readViews(list: string): View[] {
  try {
    const kept = JSON.parse(localStorage.getItem(key(list)) ?? '[]') as View[]
    return Array.isArray(kept) ? kept.filter(v => v && typeof v.name === 'string' && Array.isArray(v.columns)) : []
  } catch {
    return []
  }
}
function write(list: string, views: View[]): View[] {
  try {
    localStorage.setItem(key(list), JSON.stringify(views))
  } catch {
    // A browser that keeps nothing has the view until the page is left.
  }
  return views
}
/** The same name again replaces it; the twenty latest stay. */
export const keptViews = (list: string, view: View): View[] => write(list, [...readViews(list).filter(v => v.name !== view.name), JSON.parse(JSON.stringify(view)) as View].slice(-most))
export const droppedView = (list: string, name: string): View[] => write(list, readViews(list).filter(v => v.name !== name))
