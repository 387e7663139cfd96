import { expect, it } from 'vitest'
import { nextTab } from './tabs'

it('arrow keys go around a row of tabs, and other keys are for others', () => {
  expect([nextTab(0, 3, 'ArrowRight'), nextTab(2, 3, 'ArrowRight'), nextTab(0, 3, 'ArrowLeft')]).toEqual([1, 0, 2])
  expect([nextTab(1, 3, 'Home'), nextTab(1, 3, 'End')]).toEqual([0, 2])
  expect([nextTab(1, 3, 'Enter'), nextTab(1, 3, 'ArrowDown'), nextTab(-1, 3, 'Home')]).toEqual([null, null, null])
})
