export function isLineEnd(c: number): boolean {
  return c === 10 || c === 13 || c === 0x2028 || c === 0x2029;
}

export function isDigit(c: number): boolean {
  return c >= 48 && c <= 57;
}

/** Letters, `$`, `_`, `#` of private names, `\` of an escape, and whatever is not ASCII. */
export function isWordStart(c: number): boolean {
  return (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === 95 || c === 36 || c === 35 || c === 92 || c > 127;
}

export function isWordPart(c: number): boolean {
  if (c > 127) return c !== 0xa0 && c !== 0xfeff && c !== 0x2028 && c !== 0x2029;
  return (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || isDigit(c) || c === 95 || c === 36 || c === 92;
}

export function endOfLine(text: string, at: number): number {
  let end = at;
  while (end < text.length && !isLineEnd(text.charCodeAt(end))) end++;
  return end;
}

export function endOfNumber(text: string, at: number): number {
  const isHex = text.charCodeAt(at) === 48 && (text.charCodeAt(at + 1) | 32) === 120;
  let end = at + 1;
  for (; end < text.length; end++) {
    const c = text.charCodeAt(end);
    const isSign = (c === 43 || c === 45) && !isHex && (text.charCodeAt(end - 1) | 32) === 101;
    if (!isWordPart(c) && c !== 46 && !isSign) break;
  }
  return end;
}

export function endOfString(text: string, at: number, quote: number): number {
  for (let end = at + 1; end < text.length; end++) {
    const c = text.charCodeAt(end);
    if (c === 92) end++;
    else if (c === quote) return end + 1;
    else if (c === 10) return end;
  }
  return text.length;
}

/** Where the regular expression that begins here ends with its flags; 0 if it is none. */
export function endOfRegex(text: string, at: number): number {
  let inClass = false;
  for (let end = at + 1; end < text.length; end++) {
    const c = text.charCodeAt(end);
    if (isLineEnd(c)) return 0;
    if (c === 92) end++;
    else if (c === 91) inClass = true;
    else if (c === 93) inClass = false;
    else if (c === 47 && !inClass) {
      end++;
      while (end < text.length && isWordPart(text.charCodeAt(end))) end++;
      return end;
    }
  }
  return 0;
}
