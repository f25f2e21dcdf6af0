/** What stands for a secret that was not asked for. Its length says nothing of the secret's. */
export const masked = "••••••••";

const secretName =
  /(?:pass(?:wd|word|phrase)?|pwd|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|credential|auth)s?$/i;
const keyOfName = /(?:^|[-_.])(?:key|pat|pin|salt|dsn|cookie|jwt)$/i;

/** Does a name announce that its value is secret? */
export function isSecretName(name: string): boolean {
  const bare = name.replace(/^-+/, "");
  return secretName.test(bare) || keyOfName.test(bare) || /(?:passw|secret)/i.test(bare);
}

/** Hides the password of a URL: `postgres://app:•@host/db`. */
function maskUrls(value: string): string {
  return value.replace(/\b([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:)([^\s@/]+)@/gi, `$1${masked}@`);
}

const assignment = /^(-{0,2}[A-Za-z_][\w.-]*)=([\s\S]+)$/;

/** Hides secrets in one `NAME=value` text, or in a URL. */
export function maskAssignment(value: string): string {
  const match = assignment.exec(value);
  if (match !== null && isSecretName(match[1] as string)) return `${match[1]}=${masked}`;
  return maskUrls(value);
}

/** Hides secrets in a command line: `--password=x`, `--password x`, `PASSWORD=x`, URLs. */
export function maskCommand(command: readonly string[]): string[] {
  let flagBefore = false;
  return command.map((argument) => {
    const isFlag = /^-{1,2}[A-Za-z]/.test(argument);
    const hide = flagBefore && !isFlag;
    flagBefore = isFlag && !argument.includes("=") && isSecretName(argument);
    return hide ? masked : maskAssignment(argument);
  });
}

/** Hides secrets in a value that has a name of its own: an annotation, a variable. */
export function maskNamed(name: string, value: string): string {
  return isSecretName(name) ? masked : maskText(value);
}

const quotedPair = /(["'])([A-Za-z_][\w.-]*)\1(\s*[:=]\s*)(["'])((?:\\.|(?!\4)[^\\])*)\4/g;
const nameValuePair = /("name"\s*:\s*")([^"]+)("\s*,\s*"value"\s*:\s*")((?:\\.|[^"\\])*)(")/g;

/** Hides secrets inside free text: JSON documents in annotations, `KEY=value` words, URLs. */
export function maskText(value: string): string {
  const json = value
    .replace(nameValuePair, (whole, a: string, name: string, b: string, _v: string, c: string) =>
      isSecretName(name) ? `${a}${name}${b}${masked}${c}` : whole,
    )
    .replace(quotedPair, (whole, q: string, name: string, sep: string, q2: string) =>
      isSecretName(name) ? `${q}${name}${q}${sep}${q2}${masked}${q2}` : whole,
    );
  const words = json.replace(
    /(^|[\s"',;])([A-Za-z_][\w.-]*)=([^\s"',;]+)/g,
    (whole, before: string, name: string) =>
      isSecretName(name) ? `${before}${name}=${masked}` : whole,
  );
  return maskUrls(words);
}
