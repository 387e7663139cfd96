import { describe, expect, it } from 'vitest'
import { dataRequest, requestText } from './requests'

describe('a request about their own data', () => {
  it('is known again by what its text begins with, and an ordinary question is none', () => {
    expect(dataRequest(requestText('fix', ' 电话换了 '))).toBe('fix')
    expect(dataRequest(requestText('erase', '请删除我的电话'))).toBe('erase')
    expect(requestText('fix', ' 电话换了 ')).toBe('【请求更正个人信息】电话换了')
    expect(dataRequest('怎么办居住证？')).toBe(null)
    expect(dataRequest('想问【请求更正个人信息】是什么')).toBe(null)
  })
})
