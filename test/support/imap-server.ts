import { createServer, type Socket } from "node:net";
import { createServer as createTlsServer, TLSSocket } from "node:tls";
import { z } from "zod";
import { testCertificate } from "./test-certificate.ts";

type Kept = { readonly uid: number; readonly raw: Buffer; isDeleted: boolean };

export type ImapServer = {
  readonly port: number;
  readonly user: { readonly username: string; readonly password: string };
  /** Puts a mail into a folder, and tells whoever idles there. */
  readonly deliver: (raw: string | Buffer, folder?: string) => void;
  /** The mails of a folder; undefined if there is no such folder. */
  readonly mailsIn: (folder: string) => readonly string[] | undefined;
  /** How many are signed in now. */
  readonly signedIn: () => number;
  /** How many are connected now. */
  readonly connections: () => number;
  /** Commands that were given so far, by name. */
  readonly commands: readonly string[];
  readonly close: () => Promise<void>;
};

export type ImapOptions = {
  /** Plain, with STARTTLS offered, or TLS from the start. */
  readonly tls?: "none" | "starttls" | "implicit";
  /** Without it clients have to copy and delete. */
  readonly canMove?: boolean;
  /** It takes connections and says nothing. */
  readonly isSilent?: boolean;
  /** Called before each command; what it answers is done in place of it. */
  readonly before?: (command: string) => "hang-up" | "refuse" | undefined;
};

const Address = z.object({ port: z.number() });

/** A mail server that speaks as much IMAP4rev1 (RFC 3501) over real sockets as a client needs to empty a folder. */
export async function startImapServer(options: ImapOptions = {}): Promise<ImapServer> {
  const { tls = "none", canMove = true } = options;
  const user = { username: "bounces@example.org", password: 'pass "word" \\' };
  const folders = new Map<string, Kept[]>([["INBOX", []]]);
  const sessions = new Set<Session>();
  const commands: string[] = [];
  let nextUid = 1;

  class Session {
    folder: string | undefined;
    isSignedIn = false;
    #socket: Socket;
    #held = Buffer.alloc(0);
    #told = 0;
    #idleTag: string | undefined;

    constructor(socket: Socket) {
      this.#socket = socket;
      this.#listen(socket);
      if (!options.isSilent) this.say("* OK ready");
    }

    #listen(socket: Socket): void {
      this.#socket = socket;
      socket.on("data", (chunk: Buffer) => {
        this.#held = Buffer.concat([this.#held, chunk]);
        this.#work();
      });
      socket.on("error", () => undefined);
      socket.on("close", () => {
        if (this.#socket === socket) sessions.delete(this);
      });
    }

    say(...lines: readonly string[]): void {
      if (this.#socket.writable)
        this.#socket.write(Buffer.from(lines.map((line) => `${line}\r\n`).join(""), "latin1"));
    }

    hangUp(): void {
      this.#socket.destroy();
    }

    get mails(): Kept[] {
      return folders.get(this.folder ?? "") ?? [];
    }

    #news(): string[] {
      if (this.folder === undefined || this.mails.length === this.#told) return [];
      this.#told = this.mails.length;
      return [`* ${this.#told} EXISTS`];
    }

    tellNews(): void {
      if (this.#idleTag !== undefined) this.say(...this.#news());
    }

    #work(): void {
      for (let read = readCommand(this.#held); read; read = readCommand(this.#held)) {
        if ("wantsLiteral" in read) {
          const { isNew, at } = read;
          if (!isNew) return;
          // Asked for once: what is held says from now on that it was.
          this.#held = Buffer.concat([this.#held.subarray(0, at), Buffer.from("+"), this.#held.subarray(at)]);
          this.say("+ go on");
          return;
        }
        this.#held = this.#held.subarray(read.end);
        this.say(...this.#answer(read.words));
      }
    }

    #answer(words: readonly string[]): readonly string[] {
      if (this.#idleTag !== undefined) {
        const done = `${this.#idleTag} OK done`;
        this.#idleTag = undefined;
        return [done];
      }
      const [tag = "*", ...rest] = words;
      const isUid = rest[0]?.toUpperCase() === "UID";
      const [name = "", ...given] = isUid ? rest.slice(1) : rest;
      const command = `${isUid ? "UID " : ""}${name.toUpperCase()}`;
      commands.push(command);
      const instead = options.before?.(command);
      if (instead === "hang-up") this.hangUp();
      if (instead !== undefined) return [`${tag} NO not now`];
      return this.#do(tag, command, given);
    }

    #do(tag: string, command: string, given: readonly string[]): readonly string[] {
      const [first = "", second = ""] = given;
      const ok = (...before: readonly string[]) => [...before, `${tag} OK done`];
      switch (command) {
        case "CAPABILITY": {
          const more = `${canMove ? " MOVE" : ""}${tls === "starttls" ? " STARTTLS" : ""}`;
          return ok(`* CAPABILITY IMAP4rev1 IDLE UIDPLUS${more}`);
        }
        case "STARTTLS":
          this.say(...ok());
          this.#socket.removeAllListeners("data");
          this.#listen(new TLSSocket(this.#socket, { isServer: true, ...testCertificate }));
          return [];
        case "LOGIN":
          this.isSignedIn = first === user.username && second === user.password;
          return this.isSignedIn ? ok() : [`${tag} NO [AUTHENTICATIONFAILED] wrong name or password`];
        case "LIST":
        case "LSUB": {
          const names = [...folders.keys()].map((name) => `* ${command} () "/" "${name}"`);
          return ok(...(second === "" ? ['* LIST (\\Noselect) "/" ""'] : names));
        }
        case "SELECT":
          return this.#select(tag, first);
        case "CREATE":
          folders.set(first, []);
          return ok();
        case "FETCH":
        case "UID FETCH": {
          const withBody = given.join(" ").toUpperCase().includes("BODY");
          return ok(...this.#fetch(this.#chosen(first, command !== "FETCH"), withBody));
        }
        case "UID MOVE":
        case "UID COPY": {
          const target = folders.get(second);
          if (!target) return [`${tag} NO [TRYCREATE] no such folder`];
          const chosen = this.#chosen(first, true);
          for (const { raw } of chosen) target.push({ uid: nextUid++, raw, isDeleted: false });
          return ok(...(command === "UID MOVE" ? this.#expunge(new Set(chosen)) : []));
        }
        case "UID STORE":
          for (const mail of this.#chosen(first, true)) mail.isDeleted = true;
          return ok();
        case "EXPUNGE":
        case "UID EXPUNGE":
          return ok(...this.#expunge(new Set(this.mails.filter(({ isDeleted }) => isDeleted))));
        case "IDLE":
          this.#idleTag = tag;
          return ["+ idling", ...this.#news()];
        case "LOGOUT":
          this.say(...ok("* BYE"));
          this.#socket.end();
          return [];
        default:
          return ok(...this.#news());
      }
    }

    #select(tag: string, folder: string): readonly string[] {
      const mails = folders.get(folder);
      if (!mails) return [`${tag} NO [NONEXISTENT] no such folder`];
      this.folder = folder;
      this.#told = mails.length;
      return [
        "* FLAGS (\\Deleted)",
        `* ${mails.length} EXISTS`,
        "* OK [UIDVALIDITY 1] x",
        `* OK [UIDNEXT ${nextUid}] x`,
        `${tag} OK [READ-WRITE] done`,
      ];
    }

    #chosen(set: string, isUid: boolean): Kept[] {
      const last = Number.MAX_SAFE_INTEGER;
      const ranges = set.split(",").map((part) => {
        const [from = 0, to = from] = part.split(":").map((text) => (text === "*" ? last : Number(text)));
        return { from, to };
      });
      return this.mails.filter(({ uid }, place) => {
        const number = isUid ? uid : place + 1;
        return ranges.some(({ from, to }) => number >= from && number <= to);
      });
    }

    #fetch(mails: readonly Kept[], withBody: boolean): string[] {
      return mails.map(({ uid, raw }) => {
        const body = withBody ? ` BODY[] {${raw.length}}\r\n${raw.toString("latin1")}` : "";
        const place = this.mails.findIndex((mail) => mail.uid === uid) + 1;
        return `* ${place} FETCH (UID ${uid} RFC822.SIZE ${raw.length}${body})`;
      });
    }

    #expunge(gone: ReadonlySet<Kept>): string[] {
      const said: string[] = [];
      const mails = this.mails;
      for (let place = mails.length; place >= 1; place--) {
        const mail = mails[place - 1];
        if (!mail || !gone.has(mail)) continue;
        mails.splice(place - 1, 1);
        said.push(`* ${place} EXPUNGE`);
      }
      this.#told = mails.length;
      return said;
    }
  }

  const open = (socket: Socket) => void sessions.add(new Session(socket));
  const server = tls === "implicit" ? createTlsServer(testCertificate, open) : createServer(open);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: Address.parse(server.address()).port,
    user,
    commands,
    deliver(raw, folder = "INBOX") {
      const mails = folders.get(folder) ?? [];
      mails.push({ uid: nextUid++, raw: Buffer.from(raw), isDeleted: false });
      folders.set(folder, mails);
      for (const session of sessions) if (session.folder === folder) session.tellNews();
    },
    mailsIn: (folder) => folders.get(folder)?.map(({ raw }) => raw.toString("latin1")),
    connections: () => sessions.size,
    signedIn: () => [...sessions].filter(({ isSignedIn }) => isSignedIn).length,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const session of sessions) session.hangUp();
      }),
  };
}

type Read =
  | { readonly words: readonly string[]; readonly end: number }
  | { readonly wantsLiteral: true; readonly isNew: boolean; readonly at: number };

/** Reads one command from what was received: words, quoted text and literals. Undefined: it is not all there. */
function readCommand(held: Buffer): Read | undefined {
  const words: string[] = [];
  let at = 0;
  for (;;) {
    const rest = held.subarray(at).toString("latin1");
    const [blank = ""] = /^[ ()]*/.exec(rest) ?? [];
    if (rest.startsWith("\r\n", blank.length)) return { words, end: at + blank.length + 2 };
    const here = rest.slice(blank.length);
    const quoted = /^"((?:[^"\\]|\\.)*)"/.exec(here);
    const literal = /^\{(\d+)(\+?)\}\r\n/.exec(here);
    const atom = /^[^ ()\r\n"{]+(?=[ ()\r])/.exec(here);
    if (quoted) {
      words.push((quoted[1] ?? "").replace(/\\(.)/g, "$1"));
      at += blank.length + quoted[0].length;
    } else if (literal) {
      const length = Number(literal[1]);
      const start = at + blank.length + literal[0].length;
      if (held.length < start + length)
        return { wantsLiteral: true, isNew: literal[2] === "", at: start - 3 };
      words.push(held.subarray(start, start + length).toString("utf8"));
      at = start + length;
    } else if (atom) {
      words.push(atom[0]);
      at += blank.length + atom[0].length;
    } else return undefined;
  }
}
