/** What moves a cursor, reorders a line or hides. A line break is no such thing in a document. */
export const unsafe: RegExp =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this finds
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u200b-\u200f\ufeff]/;
