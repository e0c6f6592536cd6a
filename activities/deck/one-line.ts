/** XML 1.0 has no other control characters, no lone surrogates and no noncharacters. */
const NOT_XML =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Text that every format takes, on one line. */
export const oneLine = (text: string): string => text.replace(NOT_XML, '').replace(/[\r\n\t]+/g, ' ');
