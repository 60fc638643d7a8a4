export * from "./client.gen.ts";
export { type ClientOptions, PostroadError } from "./request.ts";
