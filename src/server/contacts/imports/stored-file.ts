import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { TextDecoder } from "node:util";
import { refuse } from "#contract/errors.ts";
import type { Encoding } from "#core/contacts/import/guess-format.ts";

/** The largest file that is taken. */
export const maxFileBytes = 1024 ** 3;

const directoryOf = (dataDirectory: string) => join(dataDirectory, "imports");

/** Where a stored file lies. Names are made by us and checked by shape, so that none leads out of the directory. */
export function pathOf(dataDirectory: string, storedFile: string): string {
  if (!/^[0-9a-f-]{36}\.(?:csv|utf8)$/.test(storedFile)) throw new Error("Not the name of a stored file");
  return join(directoryOf(dataDirectory), storedFile);
}

/**
 * Stores what a request sends, to the disk and not only to its cache, and says how large it was and whether all of it was
 * valid UTF-8. A file that is too large or breaks off leaves nothing behind.
 */
export async function storeFile(
  dataDirectory: string,
  storedFile: string,
  source: Readable,
): Promise<{ sizeBytes: number; isUtf8: boolean }> {
  await mkdir(directoryOf(dataDirectory), { recursive: true, mode: 0o700 });
  const path = pathOf(dataDirectory, storedFile);
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let sizeBytes = 0;
  let isUtf8 = true;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sizeBytes += chunk.length;
      if (sizeBytes > maxFileBytes) return done(new TooLarge());
      isUtf8 &&= decodes(decoder, chunk);
      done(null, chunk);
    },
  });
  try {
    await pipeline(source, measure, createWriteStream(path, { mode: 0o600, flush: true }));
  } catch (error) {
    await rm(path, { force: true });
    if (error instanceof TooLarge) return refuse("request.too-large", { maxBytes: maxFileBytes });
    throw error;
  }
  return { sizeBytes, isUtf8: isUtf8 && decodes(decoder, undefined) };
}

class TooLarge extends Error {}

/** Feeds a decoder; undefined ends the text. False once it found something that is not its encoding. */
function decodes(decoder: TextDecoder, chunk: Buffer | undefined): boolean {
  try {
    decoder.decode(chunk, { stream: chunk !== undefined });
    return true;
  } catch {
    return false;
  }
}

/** The beginning of a stored file as text, cut at a whole sign; `isWhole` if it is all of the file. */
export async function readHead(
  path: string,
  encoding: Encoding,
): Promise<{ text: string; isWhole: boolean }> {
  const head = await readBytes(path, headBytes);
  return { text: new TextDecoder(encoding).decode(head, { stream: true }), isWhole: head.length < headBytes };
}

const headBytes = 256 * 1024;

/** The first bytes of a stored file. */
export async function readBytes(path: string, bytes: number): Promise<Buffer> {
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(bytes), 0, bytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/**
 * Writes a UTF-8 copy of a file in another encoding, by stream. It appears under its name only when it is complete, so it
 * can be made again after a crash. Returns its size.
 */
export async function convertToUtf8(from: string, to: string, encoding: Encoding): Promise<number> {
  const decoder = new TextDecoder(encoding);
  async function* converted(): AsyncGenerator<Buffer> {
    for await (const chunk of createReadStream(from, { highWaterMark: 1024 * 1024 }))
      yield Buffer.from(decoder.decode(chunk, { stream: true }));
    yield Buffer.from(decoder.decode());
  }
  await pipeline(Readable.from(converted()), createWriteStream(`${to}.part`, { mode: 0o600, flush: true }));
  await rename(`${to}.part`, to);
  return (await stat(to)).size;
}

/** Removes a stored file and its converted copy; they hold personal data and are needed no longer. */
export async function removeFiles(dataDirectory: string, storedFile: string): Promise<void> {
  const base = pathOf(dataDirectory, storedFile).replace(/\.(?:csv|utf8)$/, "");
  for (const ending of [".csv", ".utf8", ".utf8.part"]) await rm(`${base}${ending}`, { force: true });
}
