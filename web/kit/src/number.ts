// Figures as pages show them: thin grouping, no more digits than are meant, a dash for what is not there.
export function number(value: number | null | undefined, digits = 1): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '–'
  return value.toLocaleString('en-US', { maximumFractionDigits: digits })
}
/** 0…1 as "86%"; a dash where nothing was counted. */
export function percent(share: number | null | undefined, digits = 0): string {
  return share === null || share === undefined ? '–' : number(share * 100, digits) + '%'
}
export function bytes(n: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  let i = 0
  while (n >= 1024 && i < units.length - 1) {
    n /= 1024
    i++
  }
  return number(n, n < 10 && i > 0 ? 1 : 0) + ' ' + units[i]
}
