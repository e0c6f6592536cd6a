/** RFC 6266: a plain name for old clients, the real one in UTF-8. */
export function disposition(fileName: string): string {
  const plain = fileName.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const percent = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  const exact = encodeURIComponent(fileName).replace(/['()*]/g, percent);
  return `attachment; filename="${plain}"; filename*=UTF-8''${exact}`;
}
