/** Associated data of a body's home packet (K4). */
export function homeContext(bodyId: string): string {
  return `home ${bodyId}`;
}
