// Photos are made small before they go: 1600 px on the longer side, JPEG. A phone's 5 MB become some 200 kB.
const kLongest = 1600

/// The size that fits; never larger than it was.
export function fitted(width: number, height: number, longest = kLongest): { width: number; height: number } {
  const scale = Math.min(1, longest / Math.max(width, height))
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}
/// @throws when the browser cannot read the picture
export async function shrink(file: Blob): Promise<Blob> {
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' })
  const { width, height } = fitted(picture.width, picture.height)
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  canvas.getContext('2d')!.drawImage(picture, 0, 0, width, height)
  picture.close()
  const small = await new Promise<Blob | null>(done => canvas.toBlob(done, 'image/jpeg', 0.82))
  if (!small) throw new Error('no picture')
  return small.size < file.size || file.type !== 'image/jpeg' ? small : file
}
