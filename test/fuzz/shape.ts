/** A message without what is of one archive alone, so that like ones are equal. */
export function shape(message: string): string {
  return message.replaceAll(/"[^"]*"|\/\S+|\S*[.\d]\S*/g, "#").slice(0, 80);
}
