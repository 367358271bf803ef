/** The words behind a command's name, read: the command, or what is wrong with them, fit to follow a colon. */
export type ReadWords<Command> =
  | Readonly<{ kind: 'read'; command: Command }>
  | Readonly<{ kind: 'problem'; why: string }>;

/** One command as mail knows it. What it does is decided where it is carried out, by its `kind`. */
export type CommandEntry<Command extends Readonly<{ kind: string }> = Readonly<{ kind: string }>> = Readonly<{
  /** As written, lower case. */
  name: string;
  /** One line of help: what it does, and who may. */
  about: string;
  read: (words: readonly string[]) => ReadWords<Command>;
}>;
