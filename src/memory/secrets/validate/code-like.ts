/** Values that name something else: a variable, a call, a format, a path, a template, an address. */
const references: readonly RegExp[] = [
  /[$%#@]\{|\{\{|\}\}|<%|%>|\$\(|^\$/,
  /%(?:[-+#0]{0,3}\d{0,4}(?:\.\d{0,4})?(?:l{1,2}|h{1,2}|z)?[sdiuxXcpfgq]|\(\w{1,40}\)s|v\b|\w+%)/,
  /^(?:\.{0,2}\/|~\/|[A-Za-z]:\\|file:|https?:\/\/)/,
  /^<[^>]*>?$|^\[[^\]]*\]?$|^\{[^}]*\}?$/,
  // A call, a member, a comparison, a cast, an arrow.
  /\w\(|\)$|\)[.;,]|^\(|=>|->|::|\[\w*\]|&&|\|\||[=!]==?|\+\+|^[!*&]|\+=|^\?|^=/,
  // this.password, e.target.value, os.environ, ENV["X"]
  /^(?:[A-Za-z_$][\w$]*\??\.){1,8}[A-Za-z_$][\w$]*$/,
  /\\[xu0-9"']|^\\|^:|`|[[({]$|^0x[\da-f]+$/i,
  // The next setting begins in this one's value, or a type stands there: password: <string>.
  /passw(?:or)?d[:=]|<\w+>/i,
];

/** Does a value look like a part of a program rather than a secret? */
export function isCodeLike(value: string): boolean {
  return references.some((reference) => reference.test(value));
}
