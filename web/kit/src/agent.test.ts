import { describe, expect, it } from 'vitest'
import { agentWords } from './agent'

describe('a browser in words', () => {
  it('is its name and its system', () => {
    expect(agentWords('Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36')).toBe('Chrome · Android')
    expect(agentWords('Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1')).toBe('Safari · iPhone')
    expect(agentWords('Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36 Edg/126.0')).toBe('Edge · Windows')
    expect(agentWords('Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Version/4.0 Chrome/116.0 Mobile Safari/537.36 MicroMessenger/8.0.49')).toBe('WeChat · Android')
  })
  it('is nothing where nobody knows it', () => {
    expect(agentWords('curl/8.5.0')).toBe('')
    expect(agentWords('')).toBe('')
  })
})
