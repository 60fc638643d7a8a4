import { createServer } from "node:http";

/** The limit for tracking: node:http with the same two answers, and nothing behind them. It ends when standard input does. */
const pixel = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");
const guarded = {
  "cache-control": "no-store, private",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

const server = createServer(({ url = "" }, response) => {
  if (url.startsWith("/o/"))
    response
      .writeHead(200, { "content-type": "image/gif", "content-length": pixel.length, ...guarded })
      .end(pixel);
  else
    response
      .writeHead(302, { "content-length": 0, ...guarded, location: "https://shop.example/story/1" })
      .end();
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  console.log(JSON.stringify({ port: typeof address === "object" && address ? address.port : 0 }));
});
process.stdin.on("end", () => process.exit(0)).resume();
